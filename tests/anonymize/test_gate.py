"""The last check finds an original in every spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.anonymize import Key, OriginalLeftError, anonymize, require_clean
from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.originals import Originals
from pcap_report.cli.formats import FORMATS, Format, Presentation
from pcap_report.engine import analyze
from pcap_report.errors import ExitCode
from tests.bench.generate import generate

if TYPE_CHECKING:
    from pathlib import Path

ORIGINALS = Originals.of(
    {
        (Kind.ADDRESS, "198.51.100.7"): "198.51.100.99",
        (Kind.ADDRESS, "2001:db8::a:1"): "2001:db8:1::2",
        (Kind.MAC, "0a:5c:1d:4e:20:17"): "02:00:00:11:22:33",
        (Kind.NAME, "mail.müller-werke.de"): "a.b.de",
        (Kind.USER, "server"): "kotivaru",
        (Kind.TEXT, "The quick brown fox"): "[19 characters]",
        (Kind.HEX, "deadbeefcafe0123"): "0123456789abcdef",
    }
)
SPELLINGS = [
    *(
        "198.51.100.7",
        "(198.51.100.7:443)",
        "198\\.51\\.100\\.7",
        "198%2E51%2E100%2E7",
        "198&#46;51&#46;100&#46;7",
    ),
    *("198#46;51#46;100#46;7", "7.100.51.198.in-addr.arpa", "c6336407", "0xC6336407", "c6:33:64:07"),
    *(
        "ip-198-51-100-7",
        "198.51.100.7.",
        "::ffff:198.51.100.7",
        "198\\x2e51\\u002e100.7",
        "198.<b>51</b>.100.7",
    ),
    *("2001:db8::a:1", "2001:DB8::A:1", "2001:0db8:0000:0000:0000:0000:000a:0001", "[2001:db8:0::a:1]:443"),
    "1.0.0.0.a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
    *("0a:5c:1d:4e:20:17", "0A-5C-1D-4E-20-17", "0a5c.1d4e.2017", "0a5c1d4e2017"),
    *("mail.müller-werke.de", "MAIL.MÜLLER-WERKE.DE", "mail.xn--mller-werke-thb.de", "x.müller-werke.de/a"),
    *(
        "mail.m%C3%BCller-werke.de",
        "mail\\.müller\\-werke\\.de",
        "mail.m\\xfcller-werke.de",
        "müller&#45;werke",
    ),
    *("the QUICK brown\nfox", "deadbeefcafe0123", "de:ad:be:ef:ca:fe:01:23", "DEADBEEF CAFE0123"),
    *("mail.mül\u200bler-werke.de", "User: server"),
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_an_original_is_found(text: str) -> None:
    with pytest.raises(OriginalLeftError) as caught:
        require_clean(f"before {text} after", lambda: "before after", ORIGINALS)
    assert caught.value.exit_code is ExitCode.BUG
    assert text not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        "198.51.100.70",
        "1198.51.100.7",
        "198.51.100.99",
        "2001:db8::a:11",
        "brown fox",
        "deadbeefcafe01234",
        "servers",
    ],
)
def test_something_else_is_not(text: str) -> None:
    require_clean(f"before {text} after", lambda: "", ORIGINALS)


def test_our_own_word_is_no_original() -> None:
    require_clean("The server answers.", lambda: "The server answers.", ORIGINALS)


def test_an_address_is_never_our_own_word() -> None:
    with pytest.raises(OriginalLeftError, match="address"):
        require_clean("198.51.100.7", lambda: "198.51.100.7", ORIGINALS)


def test_bytes_are_read_too() -> None:
    with pytest.raises(OriginalLeftError):
        require_clean(b"198.51.100.7", lambda: b"", ORIGINALS)


def test_a_name_is_found_beside_others_that_begin_alike() -> None:
    names = ("www.one.example", "www.one.two.example", "www")
    originals = Originals.of({(Kind.NAME, name): "a.b.c" for name in names})
    for name in names[:2]:
        with pytest.raises(OriginalLeftError):
            require_clean(f"see {name} there", lambda: "", originals)
    require_clean("see one.three there", lambda: "", originals)


@pytest.mark.parametrize("form", [one for one in FORMATS if one.name != "pdf"], ids=lambda one: one.name)
def test_many_connections_are_no_reason_to_refuse(form: Format, tmp_path: Path) -> None:
    """The blank report tells the same connections in full, so that our own words stand in it, too."""
    report = analyze(generate(tmp_path / "many.pcap", 600))
    assert len(report.connections) > 10
    done = anonymize(report, Key.random())
    require_clean(
        form.searchable(done.report, Presentation()),
        lambda: form.searchable(done.blank, Presentation()),
        done.originals,
    )
