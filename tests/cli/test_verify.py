"""``pcap-report verify`` and ``analyze --verify``, as a person types them."""

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
def report(desk: Desk, sample: Sample) -> Path:
    assert desk.run("analyze", sample("http-dns"), "-o", "report.json").status == 0
    return desk.folder / "report.json"


def test_a_true_report(desk: Desk, sample: Sample, report: Path) -> None:
    done = desk.run("verify", report, sample("http-dns"))
    assert (done.status, done.err) == (0, "")
    *rows, last = done.out.splitlines()
    assert {row.split()[0] for row in rows} == {"proved"}
    assert f"{len(rows)} statements proved, 0 refuted, 0 not provable" in last


def test_quiet_leaves_only_the_sum_of_a_true_report(desk: Desk, sample: Sample, report: Path) -> None:
    assert len(desk.run("verify", report, sample("http-dns"), "-q").out.splitlines()) == 1


def test_a_report_that_was_altered(desk: Desk, sample: Sample, report: Path) -> None:
    whole = json.loads(report.read_text())
    whole["connections"][0]["packets"] += 1
    whole["connections"][0]["claims"][0]["frames"] = [4]
    report.write_text(json.dumps(whole))
    done = desk.run("verify", report, sample("http-dns"), "-q")
    assert done.status == 1
    assert "connections[0].packets: the report says" in done.out
    assert "2 refuted" in done.out

    told = json.loads(desk.run("verify", report, sample("http-dns"), "-f", "json").out)
    assert (told["verdict"], told["refuted"]) == ("refuted", 2)
    assert [one["path"] for one in told["differences"]] == ["connections[0].packets"]


def test_what_stands_in_a_report_cannot_move_the_cursor(desk: Desk, sample: Sample, report: Path) -> None:
    whole = json.loads(report.read_text())
    whole["connections"][0]["claims"][0]["text"] = "\x1b[2Jnothing\nproved  all"
    report.write_text(json.dumps(whole))
    done = desk.run("verify", report, sample("http-dns"), "-q")
    assert done.status == 1
    assert "\x1b" not in done.out
    assert "\nproved" not in done.out


@pytest.mark.parametrize("path", ["claims", "capture", "connections"])
def test_a_report_that_is_none(desk: Desk, sample: Sample, report: Path, path: str) -> None:
    whole = json.loads(report.read_text())
    whole[path] = 3
    report.write_text(json.dumps(whole))
    assert desk.run("verify", report, sample("http-dns")).status == 3


def test_the_two_files_in_the_wrong_order(desk: Desk, sample: Sample, report: Path) -> None:
    done = desk.run("verify", sample("http-dns"), report)
    assert done.status == 3
    assert "no report saved as JSON" in done.errors[0]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_file_that_is_not_there(desk: Desk, sample: Sample, report: Path, missing: int) -> None:
    files: list[object] = [report, sample("http-dns")]
    files[missing] = "nowhere"
    done = desk.run("verify", *files)
    assert done.status == 2
    assert "nowhere" in done.errors[0]


def test_a_report_with_pseudonyms_could_not_be_told(desk: Desk, sample: Sample) -> None:
    desk.run("analyze", sample("http-dns"), "--anonymize", "-o", "report.json")
    assert desk.run("verify", "report.json", sample("http-dns")).status == 5


def test_analyze_proves_what_it_writes(desk: Desk, sample: Sample) -> None:
    done = desk.run("analyze", sample("mcp-tls13"), "--verify", "-o", "report.md")
    assert done.status == 0
    assert "statements proved, 0 refuted, 0 not provable" in done.err
    assert (desk.folder / "report.md").is_file()


def test_analyze_proves_what_comes_out_of_a_pipe(desk: Desk, sample: Sample) -> None:
    done = desk.run("analyze", "-", "--verify", stdin=sample("mcp-tls13").read_bytes())
    assert done.status == 0
    assert "statements proved, 0 refuted" in done.err


def test_a_saved_report_alone_cannot_be_proved(desk: Desk, report: Path) -> None:
    done = desk.run("analyze", report, "--verify")
    assert done.status == 2
    assert "pcap-report verify" in done.errors[1]
