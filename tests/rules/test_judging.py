"""What users change about rules: thresholds, severities, acceptances, rules of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import Options, analyze
from pcap_report.errors import UsageError
from pcap_report.render.json_report import read_json, render_json
from pcap_report.rules.registry import RULES
from pcap_report.verify import verify
from pcap_report.written.rule_files import read_rules
from tests.truth.collection import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report

CAPTURE = ROOT / "samples" / "http-dns.pcapng"
KNOWN = {rule.id: tuple(one.name for one in rule.thresholds) for rule in RULES}


def report(folder: Path, text: str) -> Report:
    path = folder / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    return analyze(CAPTURE, Options(judging=read_rules(path, KNOWN)))


def found(one: Report) -> dict[str, str]:
    return {finding.id: finding.severity for finding in one.findings}


def test_without_a_word_of_the_users() -> None:
    assert found(analyze(CAPTURE)) == {"http.client_error": "low", "plaintext.http": "info"}
    assert analyze(CAPTURE).judging is None


def test_thresholds_severities_and_rules_switched_off_are_counted(tmp_path: Path) -> None:
    text = """
settings:
  tcp.slow_handshake: {rtt_ms: 5}
  plaintext.http: {severity: high}
  http.client_error: {enabled: false}
"""
    one = report(tmp_path, text)
    assert found(one) == {"plaintext.http": "high", "tcp.slow_handshake": "low"}
    assert one.judging
    assert [change.findings for change in one.judging.changes] == [0, 1, 1]


@pytest.mark.parametrize(
    ("accept", "left"),
    [
        ("{rule: plaintext.http, reason: known}", {"http.client_error"}),
        ("{rule: '*', reason: known}", set()),
        ("{rule: '*', server: '*.example.org', connection: 0, reason: known}", set()),
        ("{rule: '*', server: other.example.org, reason: known}", {"http.client_error", "plaintext.http"}),
        ("{rule: '*', connection: 7, reason: known}", {"http.client_error", "plaintext.http"}),
    ],
)
def test_what_is_accepted_is_counted_with_its_reason(tmp_path: Path, accept: str, left: set[str]) -> None:
    one = report(tmp_path, f"accept:\n  - {accept}")
    assert set(found(one)) == left
    assert one.judging
    (accepted,) = one.judging.accepted
    assert (accepted.findings, accepted.reason) == (2 - len(left), "known")


OWN = """
rules:
  - id: team.https
    severity: high
    when: server.port != 443
    summary: speaks to another port
    frames: "[first_frame, last_frame]"
  - {id: team.get, severity: low, each: http, when: method == "GET" && status == 404, summary: gone}
  - {id: team.names, severity: low, each: dns, when: 'rcode == "NOERROR"', summary: a name}
  - {id: team.whole, severity: info, each: report, when: size(connections) == 1, summary: only one}
  - {id: team.unknown, severity: low, when: tls_handshake.version == "TLS 1.2", summary: old}
  - {id: team.number, severity: low, when: packets, summary: no answer}
  - {id: team.frames, severity: low, when: packets > 0, summary: x, frames: server.ip}
"""


def test_rules_of_the_users(tmp_path: Path) -> None:
    one = report(tmp_path, OWN)
    own = [(finding.id, finding.connection) for finding in one.findings if finding.id.startswith("team.")]
    assert own[:2] == [("team.https", 0), ("team.get", 0)]
    assert {name for name, _ in own} == {"team.https", "team.get", "team.names", "team.whole"}
    assert one.findings[0].frames == (7, 25)
    assert one.findings[0].summary == "Connection 0: speaks to another port"


def test_a_rule_without_an_answer_says_so(tmp_path: Path) -> None:
    one = report(tmp_path, OWN)
    assert one.judging
    unknown = {row.rule: row.message for row in one.judging.not_evaluated}
    assert set(unknown) == {"team.unknown", "team.number", "team.frames"}
    assert "not known" in unknown["team.unknown"]
    assert "not true or false" in unknown["team.number"]


def test_a_report_with_changed_rules_is_proved_with_them(tmp_path: Path) -> None:
    one = read_json(render_json(report(tmp_path, OWN)).encode())
    assert verify(one, CAPTURE).verdict == "proved"
    whole = json.loads(render_json(one))
    whole["findings"][0]["severity"] = "low"
    assert verify(read_json(json.dumps(whole).encode()), CAPTURE).verdict == "refuted"


MISTAKES = [
    ("rulez: []", "1:1: there is no key rulez", "rules, settings, accept"),
    ("rules:\n  - {id: a.b, severity: low, summary: x}", "2:5: it lacks the key when", None),
    ("rules:\n  - {id: A, severity: low, when: 'true', summary: x}", "2:6: A is no id", "team.old_tls"),
    ("rules:\n  - {id: tcp.reset, severity: low, when: 'true', summary: x}", "2:6: there is a rule", None),
    ("rules:\n  - id: a.b\n    severity: bad\n    when: 'true'\n    summary: x", "3:5: invalid enum", None),
    ("rules:\n  - id: a.b\n    severity: low\n    when: 1 +\n    summary: x", "4:5: this is no CEL", None),
    (
        "rules:\n  - id: a.b\n    severity: low\n    when: prot == 1\n    summary: x",
        "4:5: there is no prot",
        "protocol",
    ),
    ("settings:\n  tcp.rest: {enabled: false}", "2:3: there is no rule tcp.rest", "Did you mean tcp.reset?"),
    ("settings:\n  tcp.loss:\n    rate: 3", "3:5: there is no key rate", "rate_percent"),
    ("settings:\n  tcp.loss:\n    rate_percent: many", "3:5: rate_percent is a number", None),
    ("settings:\n  tcp.loss:\n    severity: bad", "3:5: bad is no severity", "medium"),
    ("settings:\n  tcp.loss:\n    enabled: 3", "3:5: enabled is true or false", None),
    ("accept:\n  - {rule: tcp.reset}", "2:5: it lacks the key reason", None),
    ("accept:\n  - {rule: tcp.reset, reason: ' '}", "2:23: what is accepted needs a reason", None),
    ("accept:\n  - {rule: tcp.rest, reason: x}", "2:6: there is no rule tcp.rest", "Did you mean"),
]


@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES, ids=[one[1] for one in MISTAKES])
def test_each_mistake_is_said_with_line_and_column(
    tmp_path: Path, text: str, message: str, hint: str | None
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_rules(path, KNOWN)
    assert error.value.message.lower().startswith(f"{path}:{message}".lower())
    if hint:
        assert hint in (error.value.hint or "")
