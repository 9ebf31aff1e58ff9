"""Rules about what is around the connections: names, plain HTTP, log-ins in the clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.rules.base import Limits, Rule, Sighting, Threshold, seen, seen_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report


def _credentials(report: Report, _: Limits) -> Iterator[Sighting]:
    by_id = {one.id: one for one in report.connections}
    for found in report.credentials:
        if found.secret is None:
            continue
        message = msg(
            "A log-in with %(protocol)s (%(mechanism)s) can be read by everybody on the way.",
            protocol=found.protocol,
            mechanism=found.mechanism,
        )
        one = by_id.get(-1 if found.connection is None else found.connection)
        yield seen_in(one, message, found.frames) if one else seen(message, found.frames)


def _asked(report: Report) -> list[DnsLookup]:
    """Return what was asked of DNS servers; nobody need answer what is asked of all on the link."""
    return [one for one in report.dns if one.protocol == "dns"]


def _dns_failed(report: Report, _: Limits) -> Iterator[Sighting]:
    by_code: dict[str, list[int]] = {}
    for one in _asked(report):
        if one.rcode not in {None, "NOERROR"} and one.response_frame:
            by_code.setdefault(str(one.rcode), []).append(one.response_frame)
    for code, frames in sorted(by_code.items()):
        yield seen(
            msg_n(
                "%(count)s DNS look-up ended with %(rcode)s.",
                "%(count)s DNS look-ups ended with %(rcode)s.",
                len(frames),
                rcode=code,
            ),
            frames,
        )


def _dns_unanswered(report: Report, limits: Limits) -> Iterator[Sighting]:
    end = report.capture.duration_s or 0.0
    frames = [
        one.frame
        for one in _asked(report)
        if one.frame
        and one.response_frame is None
        and (one.asked_s is None or end - one.asked_s >= limits["waited_s"])
    ]
    if frames:
        yield seen(
            msg_n(
                "%(count)s DNS look-up was not answered.",
                "%(count)s DNS look-ups were not answered.",
                len(frames),
            ),
            frames,
        )


def _dns_slow(report: Report, limits: Limits) -> Iterator[Sighting]:
    slow = [one for one in _asked(report) if one.rtt_ms is not None and one.rtt_ms >= limits["rtt_ms"]]
    if slow:
        yield seen(
            msg_n(
                "%(count)s DNS look-up was slow: the longest took %(longest_ms)s.",
                "%(count)s DNS look-ups were slow: the longest took %(longest_ms)s.",
                len(slow),
                longest_ms=max(one.rtt_ms or 0.0 for one in slow),
            ),
            [frame for one in slow for frame in (one.frame, one.response_frame) if frame],
        )


def _by_connection(report: Report) -> Iterator[tuple[Connection, list[HttpExchange]]]:
    found: dict[int, list[HttpExchange]] = {}
    for exchange in report.http:
        if exchange.connection is not None:
            found.setdefault(exchange.connection, []).append(exchange)
    for one in report.connections:
        if one.id in found:
            yield one, found[one.id]


def _plain_http(report: Report, _: Limits) -> Iterator[Sighting]:
    for one, exchanges in _by_connection(report):
        frames = [exchange.frame for exchange in exchanges if exchange.frame and exchange.method != "CONNECT"]
        if one.tls_handshake is None and frames:
            yield seen_in(
                one, msg("Connection %(number)s carries HTTP without encryption.", number=one.id), frames
            )


def _http_client_error(report: Report, _: Limits) -> Iterator[Sighting]:
    for one, frames in _with_status(report, 400, 500):
        yield seen_in(
            one,
            msg_n(
                "Connection %(number)s: the server refused %(count)s HTTP request (4xx).",
                "Connection %(number)s: the server refused %(count)s HTTP requests (4xx).",
                len(frames),
                number=one.id,
            ),
            frames,
        )


def _http_server_error(report: Report, _: Limits) -> Iterator[Sighting]:
    for one, frames in _with_status(report, 500, 600):
        yield seen_in(
            one,
            msg_n(
                "Connection %(number)s: the server failed at %(count)s HTTP request (5xx).",
                "Connection %(number)s: the server failed at %(count)s HTTP requests (5xx).",
                len(frames),
                number=one.id,
            ),
            frames,
        )


def _with_status(report: Report, first: int, end: int) -> Iterator[tuple[Connection, list[int]]]:
    for one, exchanges in _by_connection(report):
        frames = [
            exchange.response_frame
            for exchange in exchanges
            if exchange.status is not None and first <= exchange.status < end and exchange.response_frame
        ]
        if frames:
            yield one, frames


RULES: Final = (
    Rule(
        "plaintext.credentials",
        "high",
        msg("Whoever records this traffic can log in as that user."),
        _credentials,
    ),
    Rule("plaintext.http", "info", msg("It can be read and changed on the way."), _plain_http),
    Rule("dns.failed", "low", msg("A name that is not found, or a server that cannot answer."), _dns_failed),
    Rule(
        "dns.unanswered",
        "low",
        msg("A program waits for seconds before it asks again or gives up."),
        _dns_unanswered,
        (Threshold("waited_s", 1.0, msg("how long before the end of the capture it was asked, at least")),),
    ),
    Rule(
        "dns.slow",
        "low",
        msg("Every new connection to that name waits for it."),
        _dns_slow,
        (Threshold("rtt_ms", 500, msg("from the query to its answer")),),
    ),
    Rule("http.server_error", "medium", msg("The application is broken or overloaded."), _http_server_error),
    Rule(
        "http.client_error",
        "low",
        msg("A wrong address, missing rights, or a client that asks for what is gone."),
        _http_client_error,
    ),
)
