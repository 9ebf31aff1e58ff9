"""An expectations file: what makes sense is held against a capture, what does not is said with its line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from pcap_report.capture.tshark import find_tshark
from pcap_report.checks.checking import Checker
from pcap_report.checks.comparisons import CannotTellError, holds
from pcap_report.checks.examination import read_expectations, require_rules
from pcap_report.checks.expectations import SHORT_NAMES, expectations_schema
from pcap_report.checks.github import workflow_commands
from pcap_report.checks.junit import junit_xml
from pcap_report.checks.paths import require_path
from pcap_report.checks.results import Checked, Outcome, Result, summed
from pcap_report.checks.sarif import sarif
from pcap_report.checks.writing import expectations_from
from pcap_report.engine import analyze
from pcap_report.errors import UsageError
from pcap_report.model.connection import Connection
from tests.analyzed import analyzed
from tests.truth.collection import ROOT, samples

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report

CAPTURE = ROOT / "samples" / "mcp-tls13.pcapng"


@pytest.fixture(scope="module")
def report() -> Report:
    return analyzed(CAPTURE)


def check(report: Report, folder: Path, text: str, counts: dict[str, int] | None = None) -> list[Result]:
    path = folder / "expectations.yaml"
    path.write_text(text, encoding="utf-8")
    wanted, written = read_expectations(path)
    return list(Checker(report, str(CAPTURE), wanted, written).results(lambda _: counts or {}))


def outcomes(results: list[Result]) -> list[Outcome]:
    return [one.outcome for one in results]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("connections: [{match: {sni: mcp.example.net, port: 443}}]", ["passed"]),
        ("connections: [{match: {sni: '*.EXAMPLE.net', alpn: http*, protocol: tcp}}]", ["passed"]),
        ("connections: [{match: {server: nobody.example.org}}]", ["could_not_tell"]),
        ("connections: [{match: {server: nobody.example.org}, count: 0}]", ["passed"]),
        ("connections: [{count: 0}]", ["failed"]),
        ("connections: [{count: 2}]", ["failed"]),
        ("connections: [{expect: {tls.version: TLS 1.3}}]", ["passed", "passed"]),
        ("connections: [{expect: {tls.version: TLS 1.2}}]", ["passed", "failed"]),
        ("connections: [{expect: {tls.version: [TLS 1.2, TLS 1.3]}}]", ["passed", "passed"]),
        ("connections: [{expect: {teardown: orderly, handshake_rtt_ms: < 200}}]", ["passed"] * 3),
        ("connections: [{expect: {handshake_rtt_ms: < 2}}]", ["passed", "failed"]),
        ("connections: [{expect: {server.port: 443, 'server.names[0]': '!= x'}}]", ["passed"] * 3),
        ("connections: [{expect: {quic.version: QUIC v1}}]", ["passed", "could_not_tell"]),
        ("connections: [{expect: {quic: null}}]", ["passed", "passed"]),
        (
            "connections: [{cel: 'server.port == 443 && tls_handshake.version != null'}]",
            ["passed"] * 2,
        ),
        ("connections: [{cel: [packets < 3]}]", ["passed", "failed"]),
        ("connections: [{cel: quic.version == 'QUIC v1'}]", ["passed", "could_not_tell"]),
        ("connections: [{cel: packets}]", ["passed", "could_not_tell"]),
        ("capture: {packets: 51, duration_s: '> 0'}", ["passed", "passed"]),
        ("cel: connections.all(one, one.server.port == 443)", ["passed"]),
        ("no_findings: [{severity: low}]", ["passed"]),
        ("filters: [{filter: tcp, frames: 3}]", ["passed"]),
        ("filters: [{filter: tcp, frames: < 3}]", ["failed"]),
        ("filters: [{filter: udp, frames: 0}]", ["could_not_tell"]),
    ],
)
def test_what_is_asked_is_answered(
    report: Report, tmp_path: Path, text: str, expected: list[Outcome]
) -> None:
    assert outcomes(check(report, tmp_path, text, {"tcp": 3})) == expected


def test_a_failure_says_what_where_and_how_to_see_it(report: Report, tmp_path: Path) -> None:
    text = "connections:\n  - name: it\n    expect:\n      tls.version: TLS 1.2\n"
    (_, failed) = check(report, tmp_path, text)
    assert (failed.line, failed.connection, failed.expected, failed.found) == (4, 0, "TLS 1.2", "TLS 1.3")
    assert failed.frames == (10, 12, 14)
    assert failed.display_filter == "tcp.stream == 0 && frame.number in {10, 12, 14}"
    assert failed.command
    assert failed.command.startswith("tshark -n -r ")


def test_an_unwanted_finding_is_named_with_its_frames(tmp_path: Path) -> None:
    troubled = analyzed(ROOT / "samples" / "refused-and-unanswered.pcapng")
    results = check(troubled, tmp_path, "no_findings: [{id: '*.refused'}]")
    assert outcomes(results) == ["failed"]
    assert results[0].frames == (4,)
    only = "no_findings: [{id: 'tcp.re*', match: {port: 1}}, {severity: high}]"
    assert outcomes(check(troubled, tmp_path, only)) == ["passed", "passed"]


def test_nothing_passes_in_a_capture_that_is_cut_anywhere(tmp_path: Path) -> None:
    whole = CAPTURE.read_bytes()
    good = expectations_from(analyzed(CAPTURE))
    assert set(outcomes(check(analyzed(CAPTURE), tmp_path, good))) == {"passed"}
    for share in (0.3, 0.5, 0.8, 0.99):
        path = tmp_path / "cut.pcapng"
        path.write_bytes(whole[: int(len(whole) * share)])
        found = check(analyze(path), tmp_path, good)
        assert "passed" not in outcomes(found)
        assert summed("", found).outcome != "passed"


def test_a_capture_without_its_second_half_does_not_pass(tmp_path: Path) -> None:
    """Cut between two packets: the file is whole, and still it is not what it was."""
    import subprocess

    for capture in samples():
        good = expectations_from(analyzed(capture))
        if "unanswered" in capture.name:
            continue  # nobody answered in either half
        half = tmp_path / "half.pcapng"
        middle = f"frame.number <= {analyzed(capture).capture.packets // 2}"
        command = [find_tshark().path, "-r", str(capture), "-Y", middle, "-w", str(half)]
        subprocess.run(command, check=True, capture_output=True)
        assert summed("", check(analyze(half), tmp_path, good)).outcome != "passed", capture.name


@pytest.mark.parametrize("capture", samples(), ids=lambda path: path.stem)
def test_what_expect_writes_holds_of_the_same_capture(capture: Path, tmp_path: Path) -> None:
    good = analyzed(capture)
    text = expectations_from(good)
    jsonschema.validate(yaml.safe_load(text), expectations_schema())
    assert set(outcomes(check(good, tmp_path, text))) == {"passed"}


MISTAKES = [
    ("conections: []", "1:1: there is no key conections", "Did you mean connections?"),
    ("version: 1\nconnections:\n  - mach: {}", "3:5: there is no key mach", "match"),
    ("connections:\n  - match:\n      prot: tcp", "3:7: there is no key prot", "protocol"),
    ("connections:\n  - match:\n      port: https", "3:7: expected a whole number", None),
    ("connections:\n  - match:\n      protocol: sctp", "3:7: invalid enum value", None),
    ("connections:\n  - expect:\n      tls.verzion: x", "3:7: a report has no tls.verzion", "tls_handshake"),
    ("connections:\n  - expect:\n      tls_handshake.verzion: x", "3:7: a report has no", "version"),
    ("connections:\n  - expect:\n      '.': x", "3:7: . is no path", None),
    ("connections:\n  - expect:\n      handshake_rtt_ms: < soon", "3:7: < compares with a number", None),
    ("connections:\n  - expect:\n      handshake_rtt_ms: []", "3:7: an empty list", None),
    ("connections:\n  - expect:\n      teardown: {a: 1}", "3:7: expected", None),
    ("connections:\n  - count: many", "2:5: many is no number", None),
    ("connections:\n  - count: -1", "2:5: there are never fewer than none", None),
    ("connections:\n  - cel: 1 +", "2:5: this is no CEL", None),
    (
        "connections:\n  - cel:\n    - packets > 0\n    - pakets > 0",
        "4:7: there is no pakets here",
        "packets",
    ),
    ("no_findings:\n  - severity: bad", "2:5: invalid enum value", None),
    ("filters:\n  - frames: 3", "2:5: it lacks the key filter", None),
    ("filters:\n  - filter: ''\n    frames: 3", "2:5: a display filter is one line", None),
    ("version: 2", "1:1: invalid enum value", None),
    ("connections: 3", "1:1: expected a list", None),
    ("- 1", "1:1: expected a mapping", None),
    ("", "1:1: the file is empty", None),
    ("version: 1", "1:1: nothing is expected", None),
    ("connections: []\nconnections: []", "2:1: connections stands here twice", None),
    ("connections: [", "1:", None),
    ("a: &x 1\nb: *x", "1:4: aliases and anchors", None),
    ("connections:\n\t- count: 1", "2:1: this is no YAML", None),
    ("connections: [{count: 1}]\n---\nversion: 1", "2:1: this is no YAML", None),
    ("connections:\n  - name: a\x07b", "2:12: U+0007 must not stand in YAML", None),
    ("connections:\n  - {name: a, name: b}", "2:15: name stands here twice", None),
    ("connections:\n  - expect: {teardown: a, teardown: b}", "2:27: teardown stands here twice", None),
    ("connections: &all\n  - count: 1", "1:14: aliases and anchors", None),
    ("connections:\n  - <<: {count: 1}", "2:5: there is no key <<", "count"),
    ("connections:\n  - ? [a, b]\n    : 1", "2:7: a key is one word", None),
    ("connections:\n  count: 1", "1:1: expected a list, got a mapping", None),
    ("connections:\n  - yes", "2:5: expected a mapping", None),
    ("connections:\n  - name: 3", "2:5: expected text", None),
    ("connections:\n  - count: 1.5", "2:5: expected", None),
    ("connections:\n  - count: true", "2:5: expected", None),
    ("connections:\n  - match: https", "2:5: expected a mapping", None),
    ("connections:\n  - match: {port: '443'}", "2:13: expected a whole number", None),
    ("connections:\n  - match: {server: 10.0.0.1, ports: 443}", "2:31: there is no key ports", "port"),
    ("connections:\n  - match:\n      server: '[2001:db8::1]'", "3:7: [2001:db8::1] has a bracket", "IPv6"),
    ("connections:\n  - match:\n      sni: '*.example.[on'", "3:7: *.example.[on has a bracket", None),
    ("connections:\n  - match:\n      alpn: ''", "3:7: an empty pattern matches nothing", None),
    ("connections:\n  - expect: [teardown]", "2:5: expected a mapping", None),
    ("connections:\n  - expect:\n      handshake_rtt_ms: [1, [2]]", "3:7: expected", None),
    ("connections:\n  - cel: ['1 + ']", "2:11: this is no CEL", None),
    ("connections:\n  - cel: 3", "2:5: expected", None),
    ("connections:\n  - cel: nothing_such(packets)", "2:5: there is no function nothing_such", None),
    ("cel: pakets > 0", "1:1: there is no pakets here", "capture"),
    ("capture: {pakets: 3}", "1:11: a report has no pakets", "packets"),
    ("capture: {packets: '> many'}", "1:11: > compares with a number", None),
    ("no_findings: [{severity: 3}]", "1:16: expected", None),
    ("no_findings: [{rule: tcp.reset}]", "1:16: there is no key rule", "id"),
    ("no_findings: [{id: 'tcp.[re'}]", "1:16: tcp.[re has a bracket", None),
    ("no_findings: [{match: {host: x}}]", "1:24: there is no key host", "server"),
    ("no_findings: {id: tcp.reset}", "1:1: expected a list", None),
    ("filters: [{filter: tcp}]", "1:11: it lacks the key frames", None),
    ("filters: [{filter: tcp, frames: none}]", "1:25: none is no number", None),
    ("filters: [{filter: [tcp], frames: 3}]", "1:12: expected text", None),
    ("filters: [{filter: tcp, count: 3}]", "1:25: there is no key count", "frames"),
    ("version: '1'", "1:1: expected a whole number", None),
    ("[" * 2000, "1:32: this is nested too deeply", None),
    ("- " * 2000, "1:63: this is nested too deeply", None),
    ("connections: !!python/object:os.system {}", "1:1: expected a list, got a mapping", None),
]


def test_a_file_that_is_not_text_is_said_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes("connections:\n  - name: añ".encode() + b"\xff\n")
    with pytest.raises(UsageError) as error:
        read_expectations(path)
    assert error.value.message == f"{path}:2:13: this is not written in UTF-8"


@pytest.mark.parametrize("rule", ["tcp.rst", "tcp*reset", "team.*"])
def test_a_rule_that_there_is_not_is_said_with_its_line(tmp_path: Path, rule: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(f"no_findings:\n  - severity: low\n    id: {rule}\n", encoding="utf-8")
    wanted, written = read_expectations(path)
    require_rules(wanted, ["tcp.reset", "team.x"], written) if rule != "tcp.rst" else None
    with pytest.raises(UsageError) as error:
        require_rules(wanted, ["tcp.refused"], written)
    assert error.value.message == f"{path}:3:5: there is no rule {rule}"


@pytest.mark.parametrize(("text", "message", "hint"), MISTAKES, ids=[one[1][:40] for one in MISTAKES])
def test_each_mistake_is_said_with_its_line(
    tmp_path: Path, text: str, message: str, hint: str | None
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as error:
        read_expectations(path)
    assert error.value.message.lower().startswith(f"{path}:{message}".lower())
    if hint:
        assert hint in (error.value.hint or "")


@pytest.mark.parametrize(
    ("found", "expected", "true"),
    [
        (3, 3, True),
        (3, "3", False),
        (3, "== 3", True),
        (3.0, 3, True),
        (True, 1, False),
        (True, True, True),
        (5, "<= 5", True),
        (5, "> 5", False),
        ("a", "!= b", True),
        ("a", "== a", True),
        (None, None, True),
        (3, None, False),
    ],
)
def test_comparisons(found: object, expected: object, *, true: bool) -> None:
    assert holds(found, expected) is true


@pytest.mark.parametrize(("found", "expected"), [(None, "x"), (None, "< 3"), ("x", "< 3"), (True, "< 3")])
def test_what_cannot_be_compared(found: object, expected: object) -> None:
    with pytest.raises(CannotTellError):
        holds(found, expected)


def test_short_names_stand_for_paths_of_the_report() -> None:
    for path in SHORT_NAMES.values():
        require_path(Connection, path)


def hostile() -> Checked:
    text = "a\x1b[2J\x00]]>\n::error::<b>%0A,:"
    kinds: tuple[Outcome, ...] = ("failed", "could_not_tell", "passed")
    results = [
        Result(kind, text, text, 3, text, text, 1, (1,), text, text, "what, ever:.yaml") for kind in kinds
    ]
    return summed("what, ever:.yaml", results)


def test_junit_is_xml_whatever_stands_in_it() -> None:
    root = ET.fromstring(junit_xml(hostile()))  # noqa: S314 - our own
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    assert [[child.tag for child in case] for case in suite] == [["failure"], ["error"], []]


def test_an_annotation_is_one_line_whatever_stands_in_it() -> None:
    lines = list(workflow_commands(hostile()))
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning"]
    assert not any("\n" in line or "\r" in line for line in lines)
    assert lines[0].startswith("::error file=what%2C ever%3A.yaml,line=3,title=a")


def test_sarif_names_the_line_of_the_expectation() -> None:
    told: dict[str, Any] = json.loads(json.dumps(sarif(hostile(), "1")))
    results = told["runs"][0]["results"]
    assert [one["level"] for one in results] == ["error", "warning"]
    region = results[0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3}


def test_the_committed_schema_is_that_of_the_code() -> None:
    from pcap_report.render.json_report import pretty_json

    path = ROOT / "docs" / "expectations.schema.json"
    assert path.read_text(encoding="utf-8") == pretty_json(expectations_schema()), (
        "pcap-report schema --expectations > docs/expectations.schema.json"
    )
