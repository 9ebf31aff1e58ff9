"""What is said about an HTTP exchange, with the frames that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.evidence import Claim


def claim_of(number: int, exchange: HttpExchange) -> Claim:
    """Say what was asked and how it was answered."""
    first_to_last = (exchange.frame, *exchange.provisional_frames, exchange.response_frame)
    frames = sorted({frame for frame in first_to_last if frame is not None})
    # an exchange may begin in HTTP/1.1 and end in HTTP/2 (upgrade), so either may stand in a frame
    display_filter = f"(http || http2) && {frame_filter(frames)}"
    if exchange.response_cut_off:  # tshark says http only where a message ends
        display_filter = in_stream(exchange.connection or 0, frame_filter(frames))
    return claim(f"http.exchange.{number}", _sentence(exchange), frames, display_filter)


def _sentence(exchange: HttpExchange) -> Message:
    if exchange.frame is None:
        return msg("HTTP response %(status)s without its request in the capture.", status=_status(exchange))
    if exchange.response_frame is None:
        return msg(
            "HTTP request %(method)s %(path)s, without an answer in the capture.",
            method=exchange.method,
            path=exchange.path,
        )
    if exchange.response_cut_off:
        return msg(
            "HTTP request %(method)s %(path)s, answered with %(status)s; its end is not in the capture.",
            method=exchange.method,
            path=exchange.path,
            status=exchange.status,
        )
    return msg(
        "HTTP request %(method)s %(path)s, answered with %(status)s after %(latency_ms)s.",
        method=exchange.method,
        path=exchange.path,
        status=exchange.status,
        latency_ms=exchange.latency_ms,
    )


def _status(exchange: HttpExchange) -> int | None:
    return exchange.provisional_status if exchange.status is None else exchange.status
