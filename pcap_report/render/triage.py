"""What an engineer looks at first: what failed, where segments got lost, who waited; and what is healthy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.model.filters import frame_filter
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report
    from pcap_report.model.tcp import FlaggedFrames
    from pcap_report.model.tcp_performance import IdleGap

_ERROR_STATUS: Final = 400
_GRAVE: Final = frozenset(("high", "medium", "low"))
_LOSS: Final = (
    "retransmission",
    "fast_retransmission",
    "spurious_retransmission",
    "out_of_order",
    "lost_segment",
    "ack_lost_segment",
    "duplicate_ack",
    "zero_window",
    "window_full",
)
"""Flags that speak of loss, reordering or a receiver that does not read."""


@dataclass(frozen=True)
class Failure:
    """A connection that did not come about, or was cut off."""

    connection: Connection
    what: Message
    frames: tuple[int, ...]

    @property
    def display_filter(self) -> str:
        """The filter that shows its frames."""
        return f"{self.connection.display_filter} && {frame_filter(self.frames)}"


@dataclass(frozen=True)
class SlowAnswer:
    """A request and its answer."""

    connection: Connection
    latency_ms: float
    frames: tuple[int, ...]

    @property
    def display_filter(self) -> str:
        """The filter that shows its frames."""
        return f"{self.connection.display_filter} && {frame_filter(self.frames)}"


@dataclass(frozen=True)
class Triage:
    """A report, sorted by trouble.

    Attributes:
        failures: handshakes and connections that failed.
        lossy: connections in which segments were lost, late or held back.
        slowest: the longest waits for an answer, longest first.
        waiting: connections with exchanges, those that waited longest first.
        gaps: the longest silences, with their connections.
        dns: look-ups without an answer, or with an error in it.
        http: requests without a response, or with an error status.
        troubled: connections of which any of this is true, or that a finding names.
        healthy: numbers of all others.
    """

    failures: tuple[Failure, ...]
    lossy: tuple[Connection, ...]
    slowest: tuple[SlowAnswer, ...]
    waiting: tuple[Connection, ...]
    gaps: tuple[tuple[Connection, IdleGap], ...]
    dns: tuple[DnsLookup, ...]
    http: tuple[HttpExchange, ...]
    troubled: tuple[Connection, ...]
    healthy: tuple[int, ...]


def triage(report: Report) -> Triage:
    """Sort a report by trouble."""
    failures = tuple(failure for one in report.connections for failure in _failures(one))
    lossy = tuple(one for one in report.connections if _is_lossy(one))
    http = tuple(one for one in report.http if _http_failed(one))
    named = {one.connection for one in report.findings if one.severity in _GRAVE}
    troubled = {
        *(one.connection.id for one in failures),
        *(one.id for one in lossy),
        *(one.connection for one in http),
        *named,
    }
    return Triage(
        failures,
        lossy,
        tuple(sorted(_answers(report), key=lambda one: -one.latency_ms)),
        tuple(sorted(filter(_waits, report.connections), key=_waited, reverse=True)),
        tuple(sorted(_gaps(report), key=lambda pair: -pair[1].duration_ms)),
        tuple(one for one in report.dns if one.response_frame is None or one.rcode not in {None, "NOERROR"}),
        http,
        tuple(one for one in report.connections if one.id in troubled),
        tuple(one.id for one in report.connections if one.id not in troubled),
    )


def _failures(connection: Connection) -> Iterator[Failure]:
    handshake, tls, close = connection.tcp_handshake, connection.tls_handshake, connection.teardown
    if handshake and handshake.outcome == "refused" and handshake.refused_frame:
        yield Failure(connection, msg("refused with RST"), (handshake.refused_frame,))
    elif handshake and handshake.syn and handshake.outcome in {"unanswered", "incomplete"}:
        frames = (handshake.syn.frame, *handshake.syn_retries)
        yield Failure(connection, _unheard(handshake.outcome, len(frames)), frames)
    elif close and close.outcome == "reset" and close.resets:
        what = msg("cut off by a reset from the %(side_term)s", side_term=close.resets[0].sender)
        yield Failure(connection, what, tuple(one.frame for one in close.resets))
    if tls and tls.outcome == "failed":
        alerts = tuple(one.frame for one in tls.alerts)
        yield Failure(connection, msg("TLS handshake failed"), alerts or (connection.last_frame,))
    if connection.quic and connection.quic.outcome in {"failed", "unanswered"}:
        yield Failure(connection, msg("QUIC handshake failed"), (connection.first_frame,))


def _unheard(outcome: str, count: int) -> Message:
    if outcome == "incomplete":
        return msg("TCP handshake incomplete")
    return msg_n("no answer to %(count)s SYN", "no answer to %(count)s SYNs", count)


def _is_lossy(connection: Connection) -> bool:
    """Copies that the recording made of a packet are no loss, whatever Wireshark flags them as."""
    phenomena = connection.tcp_phenomena
    flags: list[FlaggedFrames] = [getattr(phenomena, name) for name in _LOSS] if phenomena else []
    return any(one.packets for one in flags)


def _answers(report: Report) -> Iterator[SlowAnswer]:
    for connection in report.connections:
        data = connection.app_data
        if data is None:
            continue
        bursts = dict(enumerate(data.bursts))
        for exchange in data.exchanges:
            places = (exchange.request, *exchange.responses[:1])
            if exchange.latency_ms is not None and len(places) == 2 and bursts.keys() >= set(places):
                frames = bursts[places[0]].frames[-1:] + bursts[places[1]].frames[:1]
                yield SlowAnswer(connection, exchange.latency_ms, frames)


def _waits(connection: Connection) -> bool:
    performance = connection.tcp_performance
    return performance is not None and performance.waiting is not None and performance.waiting.exchanges > 0


def _waited(connection: Connection) -> float:
    performance = connection.tcp_performance
    waiting = performance.waiting if performance else None
    return waiting.server_think_ms + waiting.network_ms if waiting else 0.0


def _gaps(report: Report) -> Iterator[tuple[Connection, IdleGap]]:
    for connection in report.connections:
        if connection.tcp_performance:
            yield from ((connection, gap) for gap in connection.tcp_performance.idle_gaps)


def _http_failed(exchange: HttpExchange) -> bool:
    if exchange.status is None:
        return exchange.frame is not None and exchange.response_frame is None
    return exchange.status >= _ERROR_STATUS
