"""Rules on the command line: settings beside the capture, files of rules, and explanations."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcap_report.cli.rule_page import rule_page
from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]


@pytest.fixture
def capture(desk: Desk, sample: Sample) -> Path:
    return desk.file("http-dns.pcapng", sample("http-dns").read_bytes())


def findings(desk: Desk, *arguments: object) -> list[str]:
    done = desk.run("analyze", *arguments, "-f", "json")
    assert done.status == 0, done.err
    return [one["id"] for one in json.loads(done.out)["findings"]]


def test_the_file_beside_the_capture_changes_rules(desk: Desk, capture: Path) -> None:
    toml = '[settings."plaintext.http"]\nenabled = false\n'
    desk.file("pcap-report.toml", toml.encode())
    assert findings(desk, capture) == ["http.client_error"]
    accept = '[[accept]]\nrule = "http.*"\nreason = "a lesson"\n'
    desk.file("pcap-report.toml", (toml + accept).encode())
    assert findings(desk, capture) == []
    done = desk.run("analyze", capture, "-f", "md")
    assert "`http.*`" in done.out
    assert "a lesson" in done.out


def test_a_rules_file_adds_rules_also_to_a_saved_report(desk: Desk, capture: Path) -> None:
    rules = b"rules: [{id: team.x, severity: high, when: server.port == 80, summary: plain}]"
    desk.file("rules.yaml", rules)
    desk.run("analyze", capture, "-o", "report.json")
    for source in (capture, "report.json"):
        assert findings(desk, source, "--rules", "rules.yaml")[0] == "team.x"
    wanted = desk.file("wanted.yaml", b"no_findings: [{id: team.*}]")
    done = desk.run("check", capture, "--expect", wanted, "--rules", "rules.yaml")
    assert done.status == 1
    assert "team.x" in done.out


def test_a_rule_without_an_answer_lets_no_check_pass(desk: Desk, capture: Path) -> None:
    rules = b"rules: [{id: team.x, severity: high, when: tls_handshake.version == 'x', summary: old}]"
    desk.file("rules.yaml", rules)
    wanted = desk.file("wanted.yaml", b"no_findings: [{id: team.*}]")
    assert desk.run("check", capture, "--expect", wanted, "--rules", "rules.yaml").status == 5
    assert "the rule team.x had no answer" in desk.run("analyze", capture, "--rules", "rules.yaml").err


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("rule = 3", "title, author"),
        ('[settings."tcp.loss"]\nrate = 3', "rate_percent"),
        ('[settings."tcp.los"]\nenabled = false', "Did you mean tcp.loss?"),
        ('[[accept]]\nrule = "tcp.loss"', "reason"),
        ('[[accept]]\nrule = "tcp.loss"\nreason = "x"\nsever = "y"', "server"),
    ],
)
def test_a_wrong_key_ends_with_2_and_names_the_valid_ones(
    desk: Desk, capture: Path, toml: str, named: str
) -> None:
    desk.file("pcap-report.toml", toml.encode())
    done = desk.run("analyze", capture)
    assert done.status == 2
    assert "pcap-report.toml" in done.errors[0]
    assert named in done.err


def test_a_rule_is_explained(desk: Desk, capture: Path) -> None:
    done = desk.run("explain", "http.client_error", capture)
    assert done.status == 0
    for word in ("why it matters", "look next", "-Y 'tcp.stream == 0 && frame.number == 22'"):
        assert word in done.out
    assert "in this capture:  nothing" in desk.run("explain", "tcp.reset", capture).out
    assert "rtt_ms = 300" in desk.run("explain", "tcp.slow_handshake").out


def test_a_frame_is_explained(desk: Desk, capture: Path) -> None:
    done = desk.run("explain", 22, capture)
    assert done.status == 0
    assert "http.client_error" in done.out
    assert "--dissect 22" in done.out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(("tcp.rest",), "Did you mean tcp.reset?"), ((3,), "CAPTURE"), ((99, "http-dns.pcapng"), "1 to 25")],
)
def test_what_cannot_be_explained(
    desk: Desk, capture: Path, arguments: tuple[object, ...], named: str
) -> None:
    done = desk.run("explain", *arguments)
    assert capture.exists()
    assert done.status == 2
    assert named in done.err


def test_the_page_of_the_rules_is_what_the_program_prints() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == rule_page(), "make reference"
