"""JA3, JA3S and JA4, held against published values and against tshark's own."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.analyzers.fingerprints import highest_version, ja3, ja3s, ja4
from pcap_report.capture.process import TsharkRun
from pcap_report.capture.tshark import find_tshark
from pcap_report.errors import NotACaptureError
from tests.analyzed import analyzed
from tests.truth.collection import samples, shared

if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_TLS: Final = ("dns", "http", "large", "linktypes", "tunnels", "weird", "tcp-phenomena")
_CAPTURES: Final = [
    path
    for path in (*samples(), *shared("replicas"), *shared("captures"))
    if path.parent.name not in _WITHOUT_TLS
]
_FIELDS: Final = (
    "frame.number",
    "tls.handshake.type",
    "tls.handshake.ja3",
    "tls.handshake.ja3s",
)


def test_ja3_as_its_authors_print_it() -> None:
    """The example of github.com/salesforce/ja3."""
    suites = (47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4)
    assert ja3(769, suites, (0, 10, 11), (23, 24, 25), (0,)) == "ada70206e40642a3e4461f35503241d5"


def test_ja3_without_extensions() -> None:
    assert ja3(769, (4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99), (), (), ()) == (
        "de350869b8c85de67a350c8d186f11e6"
    )


def test_ja3_leaves_grease_out() -> None:
    plain = ja3(771, (4865,), (0, 43), (29,), (0,))
    assert ja3(771, (0x0A0A, 4865), (0x1A1A, 0, 43), (0xFAFA, 29), (0,)) == plain


def test_ja3s_keeps_grease() -> None:
    """A server repeats none, so there is nothing to leave out (github.com/salesforce/ja3)."""
    assert ja3s(771, 4865, (0x0A0A, 43)) != ja3s(771, 4865, (43,))


def test_ja4_as_its_authors_print_it() -> None:
    """The example of github.com/FoxIO-LLC/ja4, technical_details/JA4.md."""
    suites = "1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035"
    extensions = "001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015"
    algorithms = "0403 0804 0401 0503 0805 0501 0806 0601"
    assert ja4(0x0304, _hex(suites), _hex(extensions), _hex(algorithms), ["h2"]) == (
        "t13d1516h2_8daaf6152771_e5627efa2ab1"
    )


@pytest.mark.parametrize(
    ("alpn", "letters"),
    [([], "00"), ([""], "00"), (["h2"], "h2"), (["http/1.1"], "h1"), (["x"], "xx"), (["\u00e9z"], "ca")],
)
def test_ja4_alpn(alpn: list[str], letters: str) -> None:
    assert ja4(0x0303, (1,), (0,), (), alpn).split("_")[0].endswith(letters)


def test_ja4_counts_to_ninety_nine() -> None:
    assert ja4(0x0303, range(1, 200), range(100, 230), (), []).startswith("t12i999900_")


def test_ja4_of_nothing() -> None:
    assert ja4(0x0301, (), (), (), []) == "t10i000000_000000000000_000000000000"


def test_highest_version() -> None:
    assert highest_version([0x0A0A, 0x0303, 0x0304], 0x0303) == 0x0304
    assert highest_version([], 0x0302) == 0x0302


@pytest.mark.parametrize("capture", _CAPTURES, ids=[path.name for path in _CAPTURES])
def test_equal_to_tsharks(capture: Path) -> None:
    try:
        report = analyzed(capture)
    except NotACaptureError:
        pytest.skip("there is no packet in it")
    client, server = _tsharks(capture)
    for one in report.connections:
        if one.protocol != "tcp" or one.tls_handshake is None:
            continue
        if one.tls_handshake.second_look is not None:  # with its default settings tshark does not see it
            continue
        hello, answer = one.tls_handshake.client_hello, one.tls_handshake.server_hello
        if hello is not None and hello.frame in client:
            assert hello.ja3 == client[hello.frame]
        if answer is not None:
            assert answer.ja3s == server[answer.frame]


def _tsharks(capture: Path) -> tuple[dict[int, str], dict[int, str]]:
    """Tshark's JA3 and JA3S by frame, the first of each."""
    arguments = ["-n", "-r", str(capture), "-Y", "tls.handshake.ja3 || tls.handshake.ja3s", "-T", "fields"]
    arguments += ["-E", "separator=/t", "-E", "occurrence=f"]
    for field in _FIELDS:
        arguments += ["-e", field]
    with TsharkRun(find_tshark().path, arguments) as run:
        rows = list(csv.DictReader(run, _FIELDS, delimiter="\t", quoting=csv.QUOTE_NONE))
    client = {int(row["frame.number"]): row["tls.handshake.ja3"] for row in rows if row["tls.handshake.ja3"]}
    server = {
        int(row["frame.number"]): row["tls.handshake.ja3s"] for row in rows if row["tls.handshake.ja3s"]
    }
    return client, server


def _hex(numbers: str) -> list[int]:
    return [int(number, 16) for number in numbers.split()]
