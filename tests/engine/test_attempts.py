"""An analyzer that fails becomes a row of the report, and the others go on."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import Options
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report
    from tests.dialogue.recording import Recording

_OF_CONNECTIONS = """
    from pcap_report.analyzers.base import ConnectionAnalyzer

    class Own(ConnectionAnalyzer[int]):
        id = "own.segments"
        fields = ("tcp.urgent_pointer",)

        def __init__(self, flow):
            super().__init__(flow)
            self.count = 0
            {in_init}

        def on_packet(self, packet):
            self.count += 1
            {in_on_packet}

        def result(self):
            {in_result}
            return self.count

        def claims(self, result):
            {in_claims}
            return ()
"""
_OF_THE_CAPTURE = """
    from pcap_report.analyzers.base import CaptureAnalyzer

    class Own(CaptureAnalyzer[int]):
        id = "own.frames"
        protocols = frozenset(("tcp",))

        def __init__(self):
            {in_init}
            self.count = 0

        def on_packet(self, packet):
            self.count += 1
            {in_on_packet}

        def result(self):
            {in_result}
            return self.count

        def claims(self, result):
            {in_claims}
            return ()
"""
_PLACES = ("in_init", "in_on_packet", "in_result", "in_claims")


def plugin(folder: Path, source: str, failing: str | None) -> Path:
    """A plugin that raises at one place, or nowhere."""
    path = folder / "own.py"
    filled = {place: "raise RuntimeError('own fault')" if place == failing else "pass" for place in _PLACES}
    path.write_text(dedent(source).format(**filled))
    return path


def row(report: Report, name: str) -> tuple[str, str | None]:
    (found,) = (one for one in report.attempts if one.analyzer == name)
    return (found.status, found.message)


def report_with(recording: Recording, path: Path) -> Report:
    recording.talk(client_port=50001).established().closed()
    recording.talk(client_port=50002).established().closed()
    return recording.report(Options(plugins=(path,)))


def test_a_plugin_that_works(recording: Recording, tmp_path: Path) -> None:
    report = report_with(recording, plugin(tmp_path, _OF_CONNECTIONS, None))
    assert row(report, "own.segments")[0] == "completed"
    assert [one.extensions for one in report.connections] == [{"own.segments": 6}] * 2


@pytest.mark.parametrize("place", _PLACES)
def test_a_plugin_of_connections_that_raises(recording: Recording, tmp_path: Path, place: str) -> None:
    report = report_with(recording, plugin(tmp_path, _OF_CONNECTIONS, place))
    assert row(report, "own.segments") == ("failed", "RuntimeError: own fault")
    assert [one.status for one in report.attempts if one.analyzer != "own.segments"] == ["completed"] * (
        len(report.attempts) - 1
    )
    if place != "in_claims":
        assert [one.extensions for one in report.connections] == [{}, {}]
    assert [one.teardown.outcome for one in report.connections if one.teardown] == ["orderly"] * 2


@pytest.mark.parametrize("place", _PLACES)
def test_a_plugin_of_the_capture_that_raises(recording: Recording, tmp_path: Path, place: str) -> None:
    report = report_with(recording, plugin(tmp_path, _OF_THE_CAPTURE, place))
    assert row(report, "own.frames") == ("failed", "RuntimeError: own fault")
    assert [one.teardown.outcome for one in report.connections if one.teardown] == ["orderly"] * 2


def test_what_was_not_asked_for_is_skipped(recording: Recording) -> None:
    recording.talk().established()
    report = recording.report(Options(analyzers=("teardown", "tcp_handshake")))
    assert {one.analyzer for one in report.attempts if one.status == "completed"} == {
        "tcp_handshake",
        "teardown",
    }
    assert row(report, "dns") == ("skipped", "not asked for")
    (one,) = report.connections
    assert one.app_data is None
    assert one.tcp_phenomena is None


def test_an_analyzer_that_there_is_not(recording: Recording) -> None:
    recording.talk().established()
    with pytest.raises(UsageError, match="There is no analyzer tcp_handshakes") as caught:
        recording.report(Options(analyzers=("tcp_handshakes",)))
    assert caught.value.hint is not None
    assert "tcp_handshake" in caught.value.hint


@pytest.mark.parametrize(
    ("place", "wrong", "reason"),
    [
        ("in_result", "return object()", "TypeError: Encoding objects of type object is unsupported"),
        ("in_claims", "return None", "TypeError: 'NoneType' object is not iterable"),
        ("in_claims", "return ['it is urgent']", "TypeError: a claim was expected, not 'it is urgent'"),
        ("in_claims", "return [of_another]", "ValueError: the claim other.id does not begin with own."),
        ("in_claims", "return [without_its_value]", "KeyError: 'name'"),
    ],
)
@pytest.mark.parametrize("source", [_OF_CONNECTIONS, _OF_THE_CAPTURE], ids=["connections", "capture"])
def test_a_plugin_that_returns_what_no_report_can_hold(
    recording: Recording, tmp_path: Path, source: str, place: str, wrong: str, reason: str
) -> None:
    filled = dict.fromkeys(_PLACES, "pass") | {place: wrong}
    made = """
from pcap_report.plugin import claim, msg

of_another = claim("other.id", msg("It speaks."), [1], "frame.number == 1")
without_its_value = claim(f"{Own.id}.claim", msg("It names %(name)s."), [1], "frame.number == 1")
"""
    path = tmp_path / "own.py"
    path.write_text(dedent(source).format(**filled) + made)
    report = report_with(recording, path)
    [attempt] = [one for one in report.attempts if one.analyzer.startswith("own.")]
    assert attempt.status == "failed"
    assert str(attempt.message).startswith(reason)
    assert [one.teardown.outcome for one in report.connections if one.teardown] == ["orderly"] * 2


@pytest.mark.parametrize("steps", ["None", "['an arrow']", "[no_frames]", "[no_value]"])
def test_a_plugin_whose_steps_cannot_be_drawn(recording: Recording, tmp_path: Path, steps: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(
        dedent(_OF_CONNECTIONS).format(**dict.fromkeys(_PLACES, "pass"))
        + f"""
    def steps(self, result):
        no_frames = Step("note", "app_data", (), 0.0, (msg("It ends."),))
        no_value = Step("note", "app_data", (1,), 0.0, (msg("It names %(name)s."),))
        return {steps}

from pcap_report.plugin import Step, msg
"""
    )
    report = report_with(recording, path)
    assert row(report, "own.segments")[0] == "failed"
    assert all(one.steps for one in report.connections)
