"""What the application data's record says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import arrow, claim, sent_by
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.app_data import AppData, Burst
    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow

_CLAIMED_BURSTS: Final = 100
_CLAIMED_EXCHANGES: Final = 50
_LABELLED: Final = "(tls.record.opaque_type == 23 || tls.record.content_type == 23)"
"""TLS 1.3's encrypted records, and those of older versions."""


def steps(flow: Flow, data: AppData) -> Sequence[Step]:
    """Return an arrow for every burst."""
    found = [
        arrow(
            flow,
            "app_data",
            _sender(burst),
            burst.frames,
            burst.start_s,
            _burst_label(burst),
            byte_count=burst.bytes,
        )
        for burst in data.bursts
    ]
    last = data.bursts[-1].end_s if data.bursts else 0.0
    for frame in data.close_notify_frames:
        side: Side = "client" if data.labelled_frames and frame in data.labelled_frames.client else "server"
        label = msg("Encrypted alert by its size (close_notify)")
        found.append(arrow(flow, "teardown", side, [frame], last, label, style="alert"))
    return found


def _burst_label(burst: Burst) -> Message:
    if not burst.plain:
        return msg(
            "Application Data ×%(records)s, %(size_bytes)s", records=burst.records, size_bytes=burst.bytes
        )
    return msg("Data ×%(records)s, %(size_bytes)s", records=burst.records, size_bytes=burst.bytes)


def _sender(burst: Burst) -> Side:
    return "client" if burst.direction == "client_to_server" else "server"


def claims(flow: Flow, data: AppData) -> Sequence[Claim]:
    """Return the statements: labelled frames, hidden handshake, bursts, exchanges."""
    return [
        *_labelled_claims(flow, data),
        *_hidden_claims(flow, data),
        *_burst_claims(flow, data),
        *_exchange_claims(flow, data),
    ]


def _labelled_claims(flow: Flow, data: AppData) -> Iterator[Claim]:
    labelled = data.labelled_frames
    if labelled is None:
        return
    sides: tuple[tuple[Side, tuple[int, ...]], ...] = (
        ("client", labelled.client),
        ("server", labelled.server),
    )
    for side, frames in sides:
        if frames:
            yield claim(
                f"app_data.labelled.{side}",
                msg(
                    "Frames from the %(side_term)s that Wireshark labels Application Data: %(frames)s.",
                    side_term=side,
                    frames=frames,
                ),
                frames,
                in_stream(flow.number, sent_by(flow, side), _LABELLED, frame_filter(frames)),
            )


def _hidden_claims(flow: Flow, data: AppData) -> Iterator[Claim]:
    if data.handshake_frames:
        yield claim(
            "app_data.hidden_handshake",
            msg(
                "These of them are the rest of the TLS handshake, encrypted, and not the application's:"
                " %(frames)s.",
                frames=data.handshake_frames,
            ),
            data.handshake_frames,
            in_stream(flow.number, _LABELLED, frame_filter(data.handshake_frames)),
        )
    if data.close_notify_frames:
        yield claim(
            "app_data.close_notify",
            msg("The last encrypted record has the size of an alert: most likely close_notify."),
            data.close_notify_frames,
            in_stream(flow.number, _LABELLED, frame_filter(data.close_notify_frames)),
        )


def _burst_claims(flow: Flow, data: AppData) -> Iterator[Claim]:
    for number, burst in enumerate(data.bursts[:_CLAIMED_BURSTS], start=1):
        kind = (
            msg_n(
                "Burst %(number)s, from the %(side_term)s: %(count)s record, %(size_bytes)s.",
                "Burst %(number)s, from the %(side_term)s: %(count)s records, %(size_bytes)s.",
                burst.records,
                number=number,
                side_term=_sender(burst),
                size_bytes=burst.bytes,
            )
            if not burst.plain
            else msg_n(
                "Burst %(number)s, from the %(side_term)s: %(count)s segment, %(size_bytes)s.",
                "Burst %(number)s, from the %(side_term)s: %(count)s segments, %(size_bytes)s.",
                burst.records,
                number=number,
                side_term=_sender(burst),
                size_bytes=burst.bytes,
            )
        )
        frames = burst.frames
        where = in_stream(flow.number, sent_by(flow, _sender(burst)), "tcp.len > 0", frame_filter(frames))
        yield claim(f"app_data.burst.{number}", kind, frames, where)


def _exchange_claims(flow: Flow, data: AppData) -> Iterator[Claim]:
    for number, exchange in enumerate(data.exchanges[:_CLAIMED_EXCHANGES], start=1):
        if not exchange.responses or exchange.latency_ms is None:
            continue
        request, answer = data.bursts[exchange.request], data.bursts[exchange.responses[0]]
        first = min((*answer.frames, *answer.segment_frames))
        frames = [request.frames[-1], first]
        text = (
            msg(
                "Requests in bursts %(earlier)s and %(request)s were sent before the answer began; which"
                " answer is whose cannot be seen. The answer begins %(latency_ms)s after the last of them.",
                earlier=tuple(place + 1 for place in exchange.pipelined),
                request=exchange.request + 1,
                latency_ms=exchange.latency_ms,
            )
            if exchange.pipelined
            else msg(
                "The answer to burst %(request)s begins %(latency_ms)s after it.",
                request=exchange.request + 1,
                latency_ms=exchange.latency_ms,
            )
        )
        where = in_stream(flow.number, "tcp.len > 0", frame_filter(frames))
        yield claim(f"app_data.exchange.{number}", text, frames, where)
