"""The diagnosis of a capture: totals, problems with evidence and next step, connections, names, requests."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from pcap_report.engine.selection import is_server
from pcap_report.mcp import views
from pcap_report.mcp.budget import Item
from pcap_report.mcp.records import Keys, MatchedLog, Totals
from pcap_report.model.message import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.mcp.analysis import Analysis
    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.report import Report

_GRAVE: Final = {"high": 0, "medium": 1, "low": 2, "info": 3}
_ERROR_STATUS: Final = 400
_LISTED: Final = 100
_TOGETHER: Final = 3
"""Records of each kind that stand side by side before more of any kind."""


def totals(analysis: Analysis) -> Totals:
    """Return the capture in numbers."""
    found: Totals = analysis.once("totals", lambda: _totals(analysis.report))
    return found


def _totals(report: Report) -> Totals:
    capture = report.capture
    opened = Counter(one.tcp_handshake.outcome for one in report.connections if one.tcp_handshake)
    closed = Counter(one.teardown.outcome for one in report.connections if one.teardown)
    return Totals(
        packets=capture.packets,
        bytes=capture.bytes,
        connections=len(report.connections),
        duration_s=capture.duration_s,
        first_packet_at=capture.first_packet_at,
        truncated=capture.truncated,
        opened=opened["complete"],
        closed=closed["orderly"],
        refused=opened["refused"],
        unanswered=opened["unanswered"],
        reset=closed["reset"] + closed["reset_after_fin"],
        retransmissions=sum(map(views.sent_again, report.connections)),
        dns_queries=len(report.dns),
        dns_failed=sum(map(dns_failed, report.dns)),
        http_requests=len(report.http),
        http_failed=sum(map(http_failed, report.http)),
        problems=by_severity(report),
    )


def by_severity(report: Report) -> dict[str, int]:
    """Return the number of findings of each severity, the gravest first."""
    counts = Counter(one.severity for one in report.findings)
    return {name: counts[name] for name in _GRAVE if counts[name]}  # type: ignore[index]  # the names of all severities


def verdict(report: Report, language: str) -> str:
    """Say in one sentence how the capture looks."""
    grave = sum(one.severity in ("high", "medium") for one in report.findings)
    minor = len(report.findings) - grave
    phrases = views.phrases_of(language)
    if grave:
        return phrases.say(
            msg_n(
                "There is %(count)s grave problem in this capture.",
                "There are %(count)s grave problems in this capture.",
                grave,
            )
        )
    if minor:
        return phrases.say(
            msg_n(
                "Nothing grave is in this capture; %(count)s remark is worth a look.",
                "Nothing grave is in this capture; %(count)s remarks are worth a look.",
                minor,
            )
        )
    return phrases.say(msg("No rule found anything wrong in this capture."))


def opened(report: Report) -> Keys | None:
    """Return which connections the secrets opened; None without any secrets."""
    if report.decryption is None:
        return None
    by_status: defaultdict[str, list[int]] = defaultdict(list)
    for one in report.connections:
        if one.inside is not None:
            by_status[one.inside.status].append(one.id)
    return Keys(**{status: tuple(numbers[:_LISTED]) for status, numbers in by_status.items()})


def matched(report: Report) -> MatchedLog | None:
    """Return how well the application's log fits; None without one."""
    log = report.rpc_log
    return MatchedLog(log.messages, log.matched) if log else None


def dns_failed(one: DnsLookup) -> bool:
    """Tell whether a question was not answered, or with an error."""
    return one.rcode != "NOERROR"


def http_failed(one: HttpExchange) -> bool:
    """Tell whether a request was not answered, or with an error."""
    return one.status is None or one.status >= _ERROR_STATUS


def diagnosis_items(analysis: Analysis, language: str) -> list[Item]:
    """Return all there is to say of a capture: the gravest of each kind together, then the rest."""
    made: list[Item] = analysis.once(f"diagnosis {language}", lambda: _diagnosis_items(analysis, language))
    return made


def _diagnosis_items(analysis: Analysis, language: str) -> list[Item]:
    report = analysis.report
    queries = sorted(report.dns, key=lambda one: (not dns_failed(one), -(one.rtt_ms or 0)))
    requests = sorted(report.http, key=lambda one: (not http_failed(one), -(one.latency_ms or 0)))
    kinds = [
        problem_items(analysis, language),
        connection_items(analysis),
        [Item("dns_queries", partial(views.dns_query, one)) for one in queries],
        [Item("http_requests", partial(views.http_request, one)) for one in requests],
        [Item("statements", partial(views.statement, one, language)) for one in report.claims],
        [Item("protocols", partial(views.protocol_share, one)) for one in _inner(report)],
        [Item("not_visible", partial(views.limit, one, language)) for one in report.not_visible],
    ]
    return list(_in_turn(kinds))


def problem_items(analysis: Analysis, language: str, least: str = "info") -> list[Item]:
    """Return the findings down to a severity, the gravest first."""
    found = analysis.report.findings
    grave = [one for one in found if _GRAVE[one.severity] <= _GRAVE[least]]
    ordered = sorted(grave, key=lambda one: (_GRAVE[one.severity], one.frames[:1]))
    return [Item("problems", partial(views.problem, one, language)) for one in ordered]


def connection_items(analysis: Analysis, server: str | None = None) -> list[Item]:
    """Return the connections: those with the gravest problems first, then the largest."""
    about = problems_of(analysis)
    gravest = gravest_of(analysis)
    found = [one for one in analysis.report.connections if server is None or is_server(one, server)]
    ordered = sorted(found, key=lambda one: (gravest.get(one.id, 4), -one.bytes))
    return [
        Item("connections", partial(views.connection_line, one, about.get(one.id, ()))) for one in ordered
    ]


def problems_of(analysis: Analysis) -> dict[int | None, list[str]]:
    """Return the ids of the findings about each connection."""

    def collected() -> dict[int | None, list[str]]:
        found: defaultdict[int | None, list[str]] = defaultdict(list)
        for one in sorted(analysis.report.findings, key=lambda one: _GRAVE[one.severity]):
            found[one.connection].append(one.id)
        return dict(found)

    made: dict[int | None, list[str]] = analysis.once("problems of connections", collected)
    return made


def gravest_of(analysis: Analysis) -> dict[int | None, int]:
    """Return how grave the gravest finding about each connection is: 0 is the gravest."""
    gravest: dict[int | None, int] = {}
    for one in analysis.report.findings:
        gravest[one.connection] = min(gravest.get(one.connection, 4), _GRAVE[one.severity])
    return gravest


def _inner(report: Report) -> Iterator[ProtocolCount]:
    """The paths of the hierarchy that end in a protocol, the largest first."""
    paths = sorted(report.capture.protocols, key=lambda one: one.path.split(":"))
    follow = [*(one.path for one in paths[1:]), ""]
    inner = [one for one, after in zip(paths, follow, strict=False) if not after.startswith(f"{one.path}:")]
    yield from sorted(inner, key=lambda one: -one.packets)


def _in_turn(kinds: Iterable[list[Item]]) -> Iterator[Item]:
    """The first ones of each kind, kind by kind, then the next ones."""
    groups = [[kind[at : at + _TOGETHER] for at in range(0, len(kind), _TOGETHER)] for kind in kinds]
    for turn in zip_longest(*groups, fillvalue=[]):
        for group in turn:
            yield from group
