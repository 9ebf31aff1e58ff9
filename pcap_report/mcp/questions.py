"""What the tools do: from arguments to an answer that fits its budget."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import msgspec

from pcap_report.errors import UsageError
from pcap_report.mcp import answers, views
from pcap_report.mcp.budget import LEAST, Item, cost, fitted
from pcap_report.mcp.claims import judged
from pcap_report.mcp.comparing import changes, summed
from pcap_report.mcp.diagnosis import (
    by_severity,
    connection_items,
    diagnosis_items,
    matched,
    opened,
    problem_items,
    problems_of,
    totals,
    verdict,
)
from pcap_report.mcp.frames import explained
from pcap_report.mcp.source import Named

if TYPE_CHECKING:
    from pcap_report.checks.difference import Change
    from pcap_report.mcp import arguments as a
    from pcap_report.mcp.analyses import Tell
    from pcap_report.mcp.analysis import Analysis
    from pcap_report.mcp.bench import Bench
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_DIAGNOSIS: Final = 10
"""Tokens around a diagnosis inside another answer."""

Answer = dict[str, Any]
"""An answer as JSON's own types, which is what Any stands for here."""


async def analyze_capture(bench: Bench, asked: a.OfCapture, tell: Tell) -> Answer:
    """Tell what is in a capture and what is wrong with it."""
    analysis = await bench.analyses.get(asked.named, tell)
    return diagnosed(analysis, asked.capture, asked.language, asked.budget, asked.cursor)


def diagnosed(analysis: Analysis, name: str, language: str, budget: int, cursor: str | None) -> Answer:
    """Return the diagnosis of an analysis."""
    report = analysis.report
    head = answers.Diagnosis(
        capture=name,
        sha256=report.capture.sha256,
        verdict=verdict(report, language),
        totals=totals(analysis),
        keys=opened(report),
        rpc_log=matched(report),
    )
    items = diagnosis_items(analysis, language)
    key = f"diagnosis {analysis.key} {language}"
    return fitted(head, items, budget, cursor, key, ("sha256", "keys", "rpc_log", "totals", "verdict"))


async def list_connections(bench: Bench, asked: a.OfConnections, tell: Tell) -> Answer:
    """List connections."""
    analysis = await bench.analyses.get(asked.named, tell)
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
    analysis, one = await _told(bench, asked.named, asked.connection, tell)
    data, tls = one.app_data, one.tls_handshake
    head = answers.ConnectionStory(
        capture=asked.capture,
        connection=views.connection_line(one, problems_of(analysis).get(one.id, ())),
        cipher_suite=tls.cipher_suite if tls else None,
        alpn=tls.alpn if tls else None,
        client_bytes=data.client_bytes if data else None,
        server_bytes=data.server_bytes if data else None,
    )
    items: list[Item] = analysis.once(
        f"story {one.id} {asked.language}", lambda: _story(analysis.report, one, asked.language)
    )
    key = f"connection {analysis.key} {one.id} {asked.language}"
    spare = ("cipher_suite", "alpn", "client_bytes", "server_bytes", "connection")
    return fitted(head, items, asked.budget, asked.cursor, key, spare)


def _story(report: Report, one: Connection, language: str) -> list[Item]:
    problems = [found for found in report.findings if found.connection == one.id]
    requests = [found for found in report.http if found.connection == one.id]
    calls = one.rpc.messages if one.rpc else ()
    return [
        *(Item("problems", partial(views.problem, found, language)) for found in problems),
        *(Item("statements", partial(views.statement, claim, language)) for claim in one.claims),
        *(Item("http_requests", partial(views.http_request, found)) for found in requests),
        *(Item("calls", partial(views.call, found)) for found in calls),
        *(Item("steps", partial(views.step_line, step, language)) for step in one.steps),
    ]


async def get_findings(bench: Bench, asked: a.OfFindings, tell: Tell) -> Answer:
    """List what the rules found."""
    analysis = await bench.analyses.get(asked.named, tell)
    items = problem_items(analysis, asked.language, asked.severity)
    head = answers.Findings(
        capture=asked.capture,
        total=len(items),
        verdict=verdict(analysis.report, asked.language),
        by_severity=by_severity(analysis.report),
    )
    key = f"findings {analysis.key} {asked.language} {asked.severity}"
    return fitted(head, items, asked.budget, asked.cursor, key)


async def explain_frame(bench: Bench, asked: a.OfFrame, tell: Tell) -> Answer:
    """Tell what the report says of a frame, and take it apart."""
    return await explained(await bench.analyses.get(asked.named, tell), asked)


async def get_diagram(bench: Bench, asked: a.OfDiagram, tell: Tell) -> Answer:
    """Draw a connection, or a line per connection."""
    from pcap_report.mcp.drawing import connection_diagram, overview

    if asked.connection is None:
        analysis = await bench.analyses.get(asked.named, tell)
        return overview(analysis, asked)
    analysis, one = await _told(bench, asked.named, asked.connection, tell)
    return connection_diagram(analysis, one, asked)


async def verify_claim(bench: Bench, asked: a.OfClaim, tell: Tell) -> Answer:
    """Ask tshark whether a statement is true."""
    analysis = await bench.analyses.get(asked.named, tell)
    if asked.connection is not None and asked.claim is not None:
        analysis, _ = await _told(bench, asked.named, asked.connection, tell)
    return await judged(analysis, asked)


async def compare_captures(bench: Bench, asked: a.OfTwo, tell: Tell) -> Answer:
    """Tell what changed from one capture to another."""
    before = await bench.analyses.get(Named(asked.before, asked.keylog), tell)
    after = await bench.analyses.get(Named(asked.after, asked.keylog), tell)
    language = asked.language
    name = f"compared {after.key} {language}"
    found: list[Change] | None = before.known(name)
    if found is None:
        found = await anyio.to_thread.run_sync(changes, before, after, language)
        before.keep(name, found)
    head = answers.Comparison(
        before=asked.before,
        after=asked.after,
        total=len(found),
        verdict=summed(found, before, after, language),
        before_totals=totals(before),
        after_totals=totals(after),
    )
    items = [Item("differences", partial(views.difference, one)) for one in found]
    key = f"compared {before.key} {after.key} {language}"
    return fitted(head, items, asked.budget, asked.cursor, key, ("before_totals", "after_totals"))


async def list_network_interfaces(bench: Bench, asked: a.OfInterfaces, _: Tell) -> Answer:
    """List where packets can be captured."""
    head, lines = bench.recordings.interfaces()
    items = [Item("interfaces", partial(_itself, one)) for one in lines]
    key = f"interfaces {[one.name for one in lines]}"
    return fitted(head, items, asked.budget, asked.cursor, key)


async def start_packet_capture(bench: Bench, asked: a.OfRecording, _: Tell) -> Answer:
    """Begin a capture."""
    return _plain(await bench.recordings.start(asked))


async def get_capture_status(bench: Bench, _: a.Nothing, __: Tell) -> Answer:
    """Tell how the capture goes on."""
    return _plain(await bench.recordings.status())


async def stop_packet_capture(bench: Bench, asked: a.OfStopping, tell: Tell) -> Answer:
    """End the capture, and tell what is in it; its packets are kept whatever the budget is."""
    status = await bench.recordings.stop()
    answer = _plain(answers.EndedCapture(status=status))
    room = asked.budget - cost(answer) - _DIAGNOSIS
    if status.file and room >= LEAST:
        analysis = await bench.analyses.get(Named(status.file), tell)
        with contextlib.suppress(UsageError):  # it does not fit, and analyze_capture tells it
            answer["diagnosis"] = diagnosed(analysis, status.file, asked.language, room, None)
    return answer


async def _told(bench: Bench, named: Named, number: int, tell: Tell) -> tuple[Analysis, Connection]:
    """Return a connection with its story: of very many, the analysis of all tells only the most telling."""
    analysis = await bench.analyses.get(named, tell)
    report, one = analysis.report, _connection(analysis, number, named.capture)
    all_told = not report.connections_omitted and len(report.told) >= len(report.connections)
    if one.claims or one.steps or analysis.saved or all_told:
        return analysis, one
    alone = await bench.analyses.get(named, tell, number)
    return alone, _connection(alone, number, named.capture)


def _connection(analysis: Analysis, number: int, name: str) -> Connection:
    one = analysis.connection(number)
    if one is None:
        raise UsageError(
            f"There is no connection {number} in {name}", "list_connections lists those there are."
        )
    return one


def _itself(record: msgspec.Struct) -> msgspec.Struct:
    return record


def _plain(record: msgspec.Struct) -> Answer:
    found: Answer = msgspec.to_builtins(record)
    return found
