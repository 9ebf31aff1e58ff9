"""What tshark tells about itself, and the cache that keeps it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture import tshark as module
from pcap_report.capture.columns import CORE, columns_for
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import Tshark, find_tshark
from pcap_report.engine import analyze
from pcap_report.errors import TsharkError
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from pathlib import Path

_FIELDS = ("tcp.seq", "tls.handshake.type", "no.such_field")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(place))
    return place


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What is asked of tshark itself from now on."""
    found: list[tuple[str, ...]] = []
    ask = module._ask

    def noting(path: str, *arguments: str) -> str:
        found.append(arguments)
        return ask(path, *arguments)

    monkeypatch.setattr(module, "_ask", noting)
    return found


def program(folder: Path, says: str) -> Path:
    path = folder / "tshark"
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_what_was_learned_is_not_asked_again(cache: Path, asked: list[tuple[str, ...]]) -> None:
    assert find_tshark().unknown_fields(_FIELDS) == {"no.such_field"}
    assert asked == [("--version",), ("-G", "fields")]

    assert find_tshark().unknown_fields(_FIELDS) == {"no.such_field"}
    assert len(asked) == 2
    assert find_tshark().unknown_fields(["tcp.ack"]) == frozenset()
    assert len(asked) == 3


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "{",
        "[]",
        "null",
        '{"stamp": 1}',
        '{"stamp": [0, 0], "version": [1, 2], "fields": {}}',
        "\xff",
    ],
)
def test_a_broken_cache_is_no_error(cache: Path, asked: list[tuple[str, ...]], broken: str) -> None:
    version = find_tshark().version
    (kept,) = (cache / "pcap-report").iterdir()
    kept.write_text(broken, "latin-1")
    assert find_tshark().version == version
    assert asked == [("--version",), ("--version",)]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", [1]),
        ("version", "4.0"),
        ("version", None),
        ("fields", None),
        ("fields", [1, 2]),
        ("fields", 7),
    ],
)
def test_a_cache_with_the_right_stamp_and_the_wrong_content(
    cache: Path, asked: list[tuple[str, ...]], key: str, value: object
) -> None:
    version = find_tshark().version
    (kept,) = (cache / "pcap-report").iterdir()
    content = json.loads(kept.read_text())
    kept.write_text(json.dumps({**content, key: value}))
    assert find_tshark().version == version
    assert find_tshark().unknown_fields(_FIELDS) == {"no.such_field"}


def test_another_binary_at_the_same_path_is_asked(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(tmp_path, "TShark (Wireshark) 4.2.0")
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(path))
    assert find_tshark().version == (4, 2, 0)
    program(tmp_path, "TShark (Wireshark) 4.4.11")
    assert find_tshark().version == (4, 4, 11)


def test_a_cache_that_cannot_be_written_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[tuple[str, ...]]
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert find_tshark().unknown_fields(_FIELDS) == {"no.such_field"}
    assert len(asked) == 2


def test_a_tshark_that_is_too_old(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(program(tmp_path, "TShark (Wireshark) 3.4.10")))
    with pytest.raises(TsharkError, match=r"3\.4\.10 is too old: 3\.6 or newer"):
        find_tshark()


def test_the_oldest_that_is_good_enough(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(program(tmp_path, "TShark (Wireshark) 3.6.2 (Git)")))
    assert find_tshark().version == (3, 6, 2)


def test_a_program_that_is_no_tshark(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCAP_REPORT_TSHARK", str(program(tmp_path, "hello")))
    with pytest.raises(TsharkError, match="no tshark that we know"):
        find_tshark()


def test_none_at_all(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PCAP_REPORT_TSHARK", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "_USUAL_PLACES", ())
    with pytest.raises(TsharkError, match="tshark was not found"):
        find_tshark()


def test_one_that_is_named_and_not_there(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PCAP_REPORT_TSHARK", "/nowhere/tshark")
    with pytest.raises(TsharkError, match="no such program"):
        find_tshark()


def test_columns_begin_with_the_core_ones_and_end_with_strangers_text() -> None:
    real = find_tshark()
    columns = columns_for(real, ("http.host", "no.such_field", "tls.record.length", "tcp.seq", "http.host"))
    assert columns.names == (*CORE, "tls.record.length", "http.host")
    assert columns.missing == ("no.such_field",)


def test_a_field_that_this_tshark_lacks_reads_as_unknown(tmp_path: Path) -> None:
    path = tmp_path / "some.pcap"
    path.write_bytes(pcap(frames(1)))
    reader = CaptureReader(find_tshark(), path, ("no.such_field", "ip.ttl"))
    (packet,) = reader
    assert (packet.text("no.such_field"), packet.has("no.such_field")) == (None, False)
    assert packet.number("ip.ttl") == 64
    assert reader.missing_fields == ("no.such_field",)


def test_the_report_says_which_fields_were_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = find_tshark()
    lacking = Tshark(real.path, real.version, {**real.known, "tcp.options.mss_val": False})
    monkeypatch.setattr("pcap_report.engine.analysis.find_tshark", lambda: lacking)
    path = tmp_path / "some.pcap"
    path.write_bytes(pcap(frames(1)))
    report = analyze(path)
    assert report.capture.missing_fields == ("tcp.options.mss_val",)
    assert any("tcp.options.mss_val" in one.why for one in report.not_visible)
