"""A report is proved by its capture; a report that was altered anywhere is not."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from pcap_report.capture.process import TsharkRun
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import Options
from pcap_report.engine.texts import with_texts
from pcap_report.model.judging import Acceptance, Judging
from pcap_report.render.json_report import read_json, render_json
from pcap_report.verify import verify, verify_fresh
from pcap_report.verify.again import analyzed_again
from pcap_report.verify.verifying import judged
from tests.analyzed import analyzed
from tests.truth.collection import ROOT, samples

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report

_SAMPLES: Final = samples()
_NO_STATEMENTS: Final = ("generator", "capture.file", "schema_version")
"""They say who made the report, and of what; not what is in the capture."""

Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> list[Place]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return [leaf for key, one in value.items() for leaf in leaves(one, (*place, key))]
    if isinstance(value, list):
        return [leaf for at, one in enumerate(value) for leaf in leaves(one, (*place, at))]
    return [place]


def is_statement(place: Place) -> bool:
    return not ".".join(map(str, place)).startswith(_NO_STATEMENTS)


def altered(value: object) -> object:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return value + "1"
        case _:
            return 1


def with_altered(content: str, place: Place) -> Report | None:
    """Return the report with one leaf changed; None where the change makes it no report at all."""
    whole = json.loads(content)
    inner = whole
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = altered(inner[place[-1]])
    try:
        return read_json(json.dumps(whole).encode())
    except msgspec.ValidationError:
        return None


def saved(capture: Path, options: Options | None = None) -> str:
    return render_json(analyzed(capture, options or Options()))


@pytest.mark.parametrize("capture", _SAMPLES, ids=lambda path: path.stem)
def test_a_saved_report_is_proved_by_its_capture(capture: Path) -> None:
    report = read_json(saved(capture).encode())
    found = verify(report, capture)
    assert [one for one in found.statements if one.verdict != "proved"] == []
    assert (found.verdict, found.differences, found.notes) == ("proved", (), ())
    stated = len(report.claims) + len(report.findings) + sum(len(one.claims) for one in report.connections)
    assert found.proved == stated
    assert verify_fresh(report, capture).verdict == "proved"


@pytest.mark.parametrize(
    "options",
    [
        Options(language="es"),
        Options(connections=(1,)),
        Options(display_filter="tcp.stream != 0 && tcp.len > 0"),
        Options(analyzers=("tcp_handshake", "teardown")),
    ],
    ids=["language", "connection", "display filter", "analyzers"],
)
def test_the_options_of_a_report_are_those_of_its_proof(options: Options) -> None:
    capture = ROOT / "samples" / "lossy-three-connections.pcapng"
    found = verify(read_json(saved(capture, options).encode()), capture)
    assert (found.verdict, found.differences) == ("proved", ())


@pytest.mark.parametrize("capture", _SAMPLES, ids=lambda path: path.stem)
def test_a_report_with_any_leaf_altered_is_refuted(capture: Path) -> None:
    """Held against one new analysis, because its leaves are many; tshark is asked in the tests below."""
    content = saved(capture)
    fresh = analyzed_again(read_json(content.encode()), capture)
    places = [place for place in leaves(json.loads(content)) if is_statement(place)]
    assert len(places) > 100
    chosen = random.Random(capture.name).sample(places, 100)  # noqa: S311 - nothing is secret
    missed = [
        place
        for place in chosen
        if (report := with_altered(content, place)) and judged(report, fresh).verdict != "refuted"
    ]
    assert missed == []


@pytest.mark.parametrize("seed", range(8))
def test_a_report_with_a_random_leaf_altered_is_refuted_by_its_capture(seed: int) -> None:
    capture = ROOT / "samples" / "tls12-chain.pcapng"
    content = saved(capture)
    places = [place for place in leaves(json.loads(content)) if is_statement(place)]
    place = random.Random(seed).choice(places)  # noqa: S311 - nothing is secret
    report = with_altered(content, place)
    assert report is None or verify(report, capture).verdict == "refuted", place


def _first_claim(content: str, **changes: object) -> Report:
    whole = json.loads(content)
    whole["connections"][0]["claims"][0] |= changes
    return read_json(json.dumps(whole).encode())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"frames": [2]}, "of the 1 that are stated"),
        ({"frames": [1, 999_999]}, "of the 2 that are stated"),
        ({"frames": []}, "0 of the 0 that are stated"),
        ({"display_filter": "tcp"}, "the filter selects"),
        ({"display_filter": ""}, "no display filter"),
        ({"display_filter": "tcp\nFilter: tcp"}, "no display filter"),
        ({"display_filter": "tcp.flags.sin == 1"}, "does not understand"),
        ({"values": [{"frame": 1, "field": "tcp.len", "value": "77"}]}, "tcp.len is not 77 in frame 1 but"),
        ({"values": [{"frame": 1, "field": "no.field", "value": "77"}]}, "no field no.field"),
        ({"text": "It never happened."}, "a new analysis of the capture says"),
    ],
)
def test_why_a_statement_is_not_proved(changes: dict[str, object], reason: str) -> None:
    capture = ROOT / "samples" / "mcp-tls13.pcapng"
    found = verify(_first_claim(saved(capture), **changes), capture)
    (wrong,) = (one for one in found.statements if one.verdict != "proved")
    assert wrong.verdict == "refuted"
    assert reason in " ".join(wrong.reasons)


def test_a_statement_that_the_capture_does_not_make_and_one_that_is_left_out() -> None:
    capture = ROOT / "samples" / "mcp-tls13.pcapng"
    found = verify(_first_claim(saved(capture), id="invented"), capture)
    (wrong,) = (one for one in found.statements if one.verdict != "proved")
    assert wrong.reasons == ("a new analysis of the capture does not say so",)
    assert [one.stated for one in found.differences if one.path.endswith("]")] == ["absent"]


def test_what_the_author_of_a_report_wanted_of_the_rules_is_taken_as_it_is_and_said() -> None:
    capture = ROOT / "samples" / "refused-and-unanswered.pcapng"
    known = Acceptance("tcp.refused", "the port is closed on purpose")
    report = read_json(saved(capture, Options(judging=Judging(accepted=(known,)))).encode())
    found = verify(report, capture)
    assert found.verdict == "proved"
    assert any("no capture can tell what its author wanted" in note for note in found.notes)
    assert report.judging is not None
    miscounted = replace(report.judging, accepted=(replace(report.judging.accepted[0], findings=2),))
    assert judged(replace(report, judging=miscounted), report).verdict == "refuted"
    assert verify(replace(report, judging=miscounted), capture).verdict == "refuted"
    unsaid = verify(replace(report, judging=None), capture)
    assert "findings[tcp.refused/0]" in {one.path for one in unsaid.differences}


def test_another_capture_is_named_and_refutes(tmp_path: Path) -> None:
    capture = ROOT / "samples" / "mcp-tls13.pcapng"
    report = read_json(saved(capture).encode())
    longer = tmp_path / capture.name
    longer.write_bytes(capture.read_bytes() + b"\0" * 3)
    found = verify(report, longer)
    assert found.verdict == "refuted"
    assert "capture.sha256" in {one.path for one in found.differences}
    assert "this is not the file" in found.notes[0]


def test_a_report_of_another_tshark_is_not_called_wrong_where_it_only_differs() -> None:
    capture = ROOT / "samples" / "mcp-tls13.pcapng"
    whole = json.loads(saved(capture))
    whole["generator"]["tshark_version"] = "3.6.1"
    whole["connections"][0]["history"] = "x"
    found = verify(read_json(json.dumps(whole).encode()), capture)
    assert found.verdict == "not_provable"
    assert "3.6.1" in found.notes[0]
    whole["connections"][0]["claims"][0]["frames"] = [2]
    assert verify(read_json(json.dumps(whole).encode()), capture).verdict == "refuted"


def test_a_report_with_pseudonyms_cannot_be_proved() -> None:
    from pcap_report.anonymize import Key, anonymize

    capture = ROOT / "samples" / "mcp-tls13.pcapng"
    hidden = anonymize(analyzed(capture), Key.random(), "en").report
    found = verify(hidden, capture)
    assert (found.verdict, found.proved, found.refuted) == ("not_provable", 0, 0)


def test_most_reports_take_one_run_of_tshark(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []

    def counted(program: str, arguments: list[str]) -> TsharkRun:
        runs.append(arguments)
        return TsharkRun(program, arguments)

    monkeypatch.setattr("pcap_report.capture.counting.TsharkRun", counted)
    for capture in _SAMPLES:
        runs.clear()
        verify_fresh(analyzed(capture), capture)
        assert len(runs) == 1, capture.name


def test_a_language_that_was_chosen_later_is_found() -> None:
    capture = ROOT / "samples" / "http-dns.pcapng"
    report = with_texts(analyzed(capture), "es")
    assert verify(report, capture).verdict == "proved"
    assert find_tshark().version_text == report.generator.tshark_version
