"""``pcap-report check`` and ``expect``, as a person or a CI system types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]


@pytest.fixture
def good(desk: Desk, sample: Sample) -> Path:
    return desk.file("good.yaml", desk.run("expect", sample("mcp-tls13")).out.encode())


def test_a_good_capture_passes(desk: Desk, sample: Sample, good: Path) -> None:
    done = desk.run("check", sample("mcp-tls13"), "--expect", good)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1] == "7 passed, 0 failed, 0 could not be told"


def test_a_saved_report_can_be_checked(desk: Desk, sample: Sample, good: Path) -> None:
    desk.run("analyze", sample("mcp-tls13"), "-o", "report.json")
    assert desk.run("check", "report.json", "--expect", good).status == 0
    asks_tshark = desk.file("filters.yaml", b"filters: [{filter: tcp, frames: '> 3'}]")
    assert desk.run("check", "report.json", "--expect", asks_tshark).status == 5


def test_what_failed_is_written_in_every_form(desk: Desk, sample: Sample) -> None:
    wanted = desk.file("wanted.yaml", b"filters:\n  - {filter: tcp.flags.syn == 1, frames: 7}\n")
    options = ("--junit", "j.xml", "--sarif", "s.json", "--github")
    done = desk.run("check", sample("mcp-tls13"), "--expect", wanted, *options)
    assert done.status == 1
    assert "found:    2 frames" in done.out
    assert "-Y 'tcp.flags.syn == 1'" in done.out
    assert f"::error file={str(wanted).replace(':', '%3A')},line=2,title=" in done.out
    assert 'failures="1"' in (desk.folder / "j.xml").read_text()
    assert json.loads((desk.folder / "s.json").read_text())["version"] == "2.1.0"


def test_patterns_name_many_captures_and_json_tells_all(desk: Desk, sample: Sample) -> None:
    desk.file("one.pcapng", sample("mcp-tls13").read_bytes())
    desk.file("two.pcapng", sample("http-dns").read_bytes())
    desk.file("three.pcapng", b"no capture")
    wanted = desk.file("wanted.yaml", b"connections: [{expect: {teardown: orderly}}]")
    done = desk.run("check", "*.pcapng", "--expect", wanted, "-f", "json")
    told = json.loads(done.out)
    assert done.status == 5
    assert (told["outcome"], told["passed"], told["could_not_tell"]) == ("could_not_tell", 4, 1)


@pytest.mark.parametrize("captures", [["*.nothing"], ["missing.pcap"]])
def test_no_capture_is_no_pass(desk: Desk, good: Path, captures: list[str]) -> None:
    assert desk.run("check", *captures, "--expect", good).status == 2


def test_no_tshark_is_no_pass(desk: Desk, sample: Sample, good: Path) -> None:
    desk.environment["PATH"] = ""
    assert desk.run("check", sample("mcp-tls13"), "--expect", good).status == 4


def test_half_a_capture_is_no_pass(desk: Desk, sample: Sample, good: Path) -> None:
    whole = sample("mcp-tls13").read_bytes()
    desk.file("half.pcapng", whole[: len(whole) // 2])
    assert desk.run("check", "half.pcapng", "--expect", good).status in {1, 5}
    weak = desk.file("weak.yaml", b"connections: [{expect: {handshake: complete}}]")
    done = desk.run("check", "half.pcapng", "--expect", weak)
    assert done.status == 5
    assert "the capture is cut off" in done.out
    assert desk.run("expect", "half.pcapng").status == 2


def test_a_mistake_in_the_file_comes_with_its_line(desk: Desk, sample: Sample) -> None:
    wrong = desk.file("wrong.yaml", b"connections:\n  - expect:\n      tls.verzion: TLS 1.3\n")
    done = desk.run("check", sample("mcp-tls13"), "--expect", wrong)
    assert done.status == 2
    assert done.errors[0].startswith(f"pcap-report: {wrong}:3:7: a report has no tls.verzion")


@pytest.mark.parametrize("spoiled", ["tcp.flgs == 1", "tcp &&", "tcp.port == often"])
def test_a_display_filter_that_is_none_comes_with_its_line(desk: Desk, sample: Sample, spoiled: str) -> None:
    text = f"filters:\n  - {{filter: tcp, frames: 1}}\n  - frames: 0\n    filter: {spoiled}\n"
    wrong = desk.file("wrong.yaml", text.encode())
    done = desk.run("check", sample("mcp-tls13"), "--expect", wrong)
    assert (done.status, done.out) == (2, "")
    assert done.errors[0] == (
        f"pcap-report: {wrong}:4:5: tshark does not understand the display filter {spoiled}"
    )
