"""What the tools do: from arguments to an answer that fits its budget."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import anyio.to_thread
import msgspec

from pcap_report.errors import UsageError
from pcap_report.mcp import answers, views
from pcap_report.mcp.budget import Item, fitted
from pcap_report.mcp.claims import judged
from pcap_report.mcp.comparing import differences
from pcap_report.mcp.diagnosis import (
    by_severity,
    connection_items,
    diagnosis_items,
    problem_items,
    problems_of,
    totals,
    verdict,
)
from pcap_report.model.filters import frame_filter

if TYPE_CHECKING:
    from pcap_report.mcp import arguments as a
    from pcap_report.mcp.analyses import Analysis
    from pcap_report.mcp.bench import Bench, Tell
    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim
    from pcap_report.model.report import Report

Answer = dict[str, Any]
"""An answer as JSON's own types, which is what Any stands for here."""


async def analyze_capture(bench: Bench, asked: a.OfCapture, tell: Tell) -> Answer:
    """Tell what is in a capture and what is wrong with it."""
    analysis = await bench.analyses.get(asked.capture, tell)
    return diagnosed(analysis, asked.capture, asked.language, asked.budget, asked.cursor)


def diagnosed(analysis: Analysis, name: str, language: str, budget: int, cursor: str | None) -> Answer:
    """Return the diagnosis of an analysis."""
    report = analysis.report
    head = answers.Diagnosis(
        capture=name,
        sha256=report.capture.sha256,
        verdict=verdict(report, language),
        totals=totals(analysis),
    )
    items = diagnosis_items(analysis, language)
    return fitted(head, items, budget, cursor, f"diagnosis {analysis.key} {language}")


async def list_connections(bench: Bench, asked: a.OfConnections, tell: Tell) -> Answer:
    """List connections."""
    analysis = await bench.analyses.get(asked.capture, tell)
    items: list[Item] = analysis.once(
        f"connections {asked.server}", lambda: connection_items(analysis, asked.server)
    )
    if not items:
        what = f"to {asked.server}" if asked.server else "at all"
        raise UsageError(f"There is no connection {what} in {asked.capture}", "Leave server out to see all.")
    head = answers.Connections(capture=asked.capture, total=len(items))
    return fitted(head, items, asked.budget, asked.cursor, f"connections {analysis.key} {asked.server}")


async def get_connection(bench: Bench, asked: a.OfConnection, tell: Tell) -> Answer:
    """Tell one connection."""
    analysis, one = await _told(bench, asked.capture, asked.connection, tell)
    report = analysis.spoken(asked.language)
    spoken = next(other for other in report.connections if other.id == one.id)
    data, tls = one.app_data, one.tls_handshake
    head = answers.ConnectionStory(
        capture=asked.capture,
        connection=views.connection_line(one, problems_of(analysis).get(one.id, ())),
        cipher_suite=tls.cipher_suite if tls else None,
        alpn=tls.alpn if tls else None,
        client_bytes=data.client_bytes if data else None,
        server_bytes=data.server_bytes if data else None,
    )
    items = _story(report, spoken, asked.language)
    key = f"connection {analysis.key} {one.id} {asked.language}"
    return fitted(head, items, asked.budget, asked.cursor, key)


def _story(report: Report, one: Connection, language: str) -> list[Item]:
    problems = [found for found in report.findings if found.connection == one.id]
    requests = [found for found in report.http if found.connection == one.id]
    calls = one.rpc.messages if one.rpc else ()
    return [
        *(Item("problems", partial(views.problem, found, language)) for found in problems),
        *(Item("statements", partial(views.statement, claim)) for claim in one.claims),
        *(Item("http_requests", partial(views.http_request, found)) for found in requests),
        *(Item("calls", partial(views.call, found)) for found in calls),
        *(Item("steps", partial(views.step_line, step, language)) for step in one.steps),
    ]


async def get_findings(bench: Bench, asked: a.OfFindings, tell: Tell) -> Answer:
    """List what the rules found."""
    analysis = await bench.analyses.get(asked.capture, tell)
    items = problem_items(analysis, asked.language, asked.severity)
    head = answers.Findings(capture=asked.capture, total=len(items), by_severity=by_severity(analysis.report))
    key = f"findings {analysis.key} {asked.language} {asked.severity}"
    return fitted(head, items, asked.budget, asked.cursor, key)


async def explain_frame(bench: Bench, asked: a.OfFrame, tell: Tell) -> Answer:
    """Tell what the report says of a frame, and take it apart."""
    analysis = await bench.analyses.get(asked.capture, tell)
    report = analysis.spoken(asked.language)
    anatomy = await _anatomy(analysis, asked.frame)
    head = answers.FrameStory(
        capture=asked.capture,
        frame=asked.frame,
        display_filter=frame_filter((asked.frame,)),
        connection=anatomy.connection,
    )
    said: list[tuple[Claim, int | None]] = [
        (claim, None) for claim in report.claims if asked.frame in claim.frames
    ]
    for one in report.connections:
        if one.first_frame <= asked.frame <= one.last_frame:
            said += [(claim, one.id) for claim in one.claims if asked.frame in claim.frames]
    items = [Item("statements", partial(views.statement, claim, number)) for claim, number in said]
    for layer in reversed(anatomy.layers):  # what is innermost is what the frame is for
        items += [Item("fields", partial(views.field_line, layer.protocol, one)) for one in layer.fields]
    key = f"frame {analysis.key} {asked.frame} {asked.language}"
    return fitted(head, items, asked.budget, asked.cursor, key)


def _said_of(report: Report, frame: int) -> list[Item]:
    """Return the statements that speak of a frame."""
    said: list[tuple[Claim, int | None]] = [(claim, None) for claim in report.claims]
    for one in report.connections:
        if one.first_frame <= frame <= one.last_frame:
            said += [(claim, one.id) for claim in one.claims]
    return [
        Item("statements", partial(views.statement, claim, number))
        for claim, number in said
        if frame in claim.frames
    ]


async def _anatomy(analysis: Analysis, frame: int) -> FrameAnatomy:
    """Return the layers of a frame: those of the report, or tshark's, which takes a moment once."""
    for one in analysis.report.anatomy:
        if one.frame == frame:
            return one
    if analysis.saved:
        raise UsageError(
            f"The saved report does not hold frame {frame}, and its capture is not at hand",
            "Name the capture instead.",
        )
    name = f"anatomy {frame}"
    if name not in analysis.made:
        analysis.made[name] = await anyio.to_thread.run_sync(
            _dissected, analysis, frame, abandon_on_cancel=True
        )
    found: FrameAnatomy = analysis.made[name]
    return found


def _dissected(analysis: Analysis, frame: int) -> FrameAnatomy:
    from pcap_report.engine.dissected import with_dissected

    return with_dissected(analysis.report, analysis.path, [frame]).anatomy[-1]


async def get_diagram(bench: Bench, asked: a.OfDiagram, tell: Tell) -> Answer:
    """Draw a connection, or a line per connection."""
    from pcap_report.mcp.drawing import connection_diagram, overview

    if asked.connection is None:
        analysis = await bench.analyses.get(asked.capture, tell)
        return overview(analysis, asked)
    analysis, one = await _told(bench, asked.capture, asked.connection, tell)
    return connection_diagram(analysis, one, asked)


async def verify_claim(bench: Bench, asked: a.OfClaim, tell: Tell) -> Answer:
    """Ask tshark whether a statement is true."""
    analysis = await bench.analyses.get(asked.capture, tell)
    found = await anyio.to_thread.run_sync(judged, analysis, asked, asked.capture, abandon_on_cancel=True)
    return _plain(found)


async def compare_captures(bench: Bench, asked: a.OfTwo, tell: Tell) -> Answer:
    """Tell what is otherwise in a second capture."""
    before = await bench.analyses.get(asked.before, tell)
    after = await bench.analyses.get(asked.after, tell)
    found = before.once(f"compared {after.key}", lambda: differences(before, after))
    head = answers.Comparison(
        before=asked.before,
        after=asked.after,
        before_totals=totals(before),
        after_totals=totals(after),
        total=len(found),
    )
    items = [Item("differences", partial(_itself, one)) for one in found]
    return fitted(head, items, asked.budget, asked.cursor, f"compared {before.key} {after.key}")


async def list_network_interfaces(bench: Bench, _: a.Nothing, __: Tell) -> Answer:
    """List where packets can be captured."""
    return _plain(bench.recordings.interfaces())


async def start_packet_capture(bench: Bench, asked: a.OfRecording, _: Tell) -> Answer:
    """Begin a capture."""
    return _plain(await bench.recordings.start(asked))


async def get_capture_status(bench: Bench, _: a.Nothing, __: Tell) -> Answer:
    """Tell how the capture goes on."""
    return _plain(await bench.recordings.status())


async def stop_packet_capture(bench: Bench, asked: a.OfStopping, tell: Tell) -> Answer:
    """End the capture, and tell what is in it."""
    status = await bench.recordings.stop()
    answer = _plain(answers.EndedCapture(status=status))
    if status.file:
        analysis = await bench.analyses.get(status.file, tell)
        answer["diagnosis"] = diagnosed(analysis, status.file, asked.language, asked.budget, None)
    return answer


async def _told(bench: Bench, name: str, number: int, tell: Tell) -> tuple[Analysis, Connection]:
    """Return a connection with its story: of very many, the analysis of all tells only the most telling."""
    analysis = await bench.analyses.get(name, tell)
    one = _connection(analysis, number, name)
    if (
        one.claims
        or one.steps
        or analysis.saved
        or (
            not analysis.report.connections_omitted
            and (len(analysis.report.told) >= len(analysis.report.connections))
        )
    ):
        return analysis, one
    alone = await bench.analyses.get(name, tell, number)
    return alone, _connection(alone, number, name)


def _connection(analysis: Analysis, number: int, name: str) -> Connection:
    for one in analysis.report.connections:
        if one.id == number:
            return one
    raise UsageError(f"There is no connection {number} in {name}", "list_connections lists those there are.")


def _itself(record: msgspec.Struct) -> msgspec.Struct:
    return record


def _plain(record: msgspec.Struct) -> Answer:
    found: Answer = msgspec.to_builtins(record)
    return found
