"""``analyze --baseline`` and ``--fail-on``: only what is new is told, and it fails a build."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]
TROUBLE = "refused-and-unanswered"


@pytest.fixture
def known(desk: Desk, sample: Sample) -> str:
    desk.run("analyze", sample(TROUBLE), "-o", "known.json")
    return "known.json"


def report_of(out: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(out)
    return report


def test_what_is_known_is_left_out_counted_and_named(desk: Desk, sample: Sample, known: str) -> None:
    done = desk.run("analyze", sample(TROUBLE), "--baseline", known, "-f", "json")
    report = report_of(done.out)
    assert (done.status, report["findings"]) == (0, [])
    assert report["judging"]["baseline"] == "known.json"
    left_out = {one["rule"]: (one["before"], one["findings"]) for one in report["judging"]["known"]}
    assert left_out == {
        "tcp.refused": (1, 1),
        "tcp.unanswered": (1, 1),
        "tcp.retransmission": (1, 1),
    }
    assert done.err.strip().endswith(
        "0 new findings of severity info or above; 3 known from known.json left out"
    )


def test_a_capture_is_a_baseline_as_good_as_its_report(desk: Desk, sample: Sample) -> None:
    assert desk.run("analyze", sample(TROUBLE), "--baseline", sample(TROUBLE)).status == 0
    assert desk.run("analyze", sample(TROUBLE), "--baseline", sample("mcp-tls13")).status == 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--baseline", "other.json"), 1),
        (("--baseline", "other.json", "--fail-on", "high"), 0),
        (("--fail-on", "medium"), 1),
    ],
)
def test_what_is_new_fails_from_a_severity_on(
    desk: Desk, sample: Sample, options: tuple[str, ...], status: int
) -> None:
    desk.run("analyze", sample("http-dns"), "-o", "other.json")
    done = desk.run("analyze", sample(TROUBLE), *options, "-o", "new.md")
    assert done.status == status, done.err
    assert "tcp.stream == 0" in (desk.folder / "new.md").read_text()


def test_more_than_was_known_is_new(desk: Desk, sample: Sample, known: str) -> None:
    whole = json.loads((desk.folder / known).read_text())
    whole["findings"] = [one for one in whole["findings"] if one["id"] != "tcp.refused"]
    desk.file("fewer.json", json.dumps(whole).encode())
    done = desk.run("analyze", sample(TROUBLE), "--baseline", "fewer.json", "-f", "json")
    assert done.status == 1
    assert [one["id"] for one in report_of(done.out)["findings"]] == ["tcp.refused"]


def test_a_report_made_with_a_baseline_is_proved_and_is_itself_one(
    desk: Desk, sample: Sample, known: str
) -> None:
    desk.run("analyze", sample(TROUBLE), "--baseline", known, "-o", "second.json")
    assert desk.run("verify", "second.json", sample(TROUBLE), "-q").status == 0
    assert desk.run("analyze", sample(TROUBLE), "--baseline", "second.json").status == 0
    whole = json.loads((desk.folder / "second.json").read_text())
    whole["judging"]["known"][0]["findings"] += 1
    desk.file("altered.json", json.dumps(whole).encode())
    assert desk.run("verify", "altered.json", sample(TROUBLE), "-q").status == 1


def test_a_saved_report_keeps_what_was_accepted_in_it(desk: Desk, sample: Sample, known: str) -> None:
    desk.file("capture.pcapng", sample(TROUBLE).read_bytes())
    desk.file("pcap-report.toml", b'[[accept]]\nrule = "tcp.refused"\nreason = "a lesson"\n')
    desk.run("analyze", "capture.pcapng", "-o", "accepted.json")
    (desk.folder / "pcap-report.toml").unlink()
    done = desk.run("analyze", "accepted.json", "--baseline", known, "-f", "json")
    judging = report_of(done.out)["judging"]
    assert [one["findings"] for one in judging["accepted"]] == [1]
    assert sum(one["findings"] for one in judging["known"]) == 2


def test_half_a_capture_without_anything_new_is_no_pass(desk: Desk, sample: Sample, known: str) -> None:
    whole = sample(TROUBLE).read_bytes()
    desk.file("half.pcapng", whole[: len(whole) * 3 // 4])
    assert desk.run("analyze", "half.pcapng").status == 0
    done = desk.run("analyze", "half.pcapng", "--baseline", known)
    assert done.status == 5
    assert "cannot be told" in done.err


@pytest.mark.parametrize("baseline", ["missing.json", "."])
def test_no_baseline_is_no_pass(desk: Desk, sample: Sample, baseline: str) -> None:
    done = desk.run("analyze", sample(TROUBLE), "--baseline", baseline)
    assert done.status in {2, 3}
    assert len(done.errors) <= 2
