"""What a QUIC connection's record says: its statements and its arrows, hellos and bursts aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import at_frame, frame_filter, in_flow
from pcap_report.analyzers.iana.quic import VERSION_2
from pcap_report.analyzers.proof import arrow, claim
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.quic import ConnectionClose, Quic, QuicPackets, QuicPacketType

_LONG_TYPES: Final[dict[QuicPacketType, tuple[int, int]]] = {
    "initial": (0, 1),
    "zero_rtt": (1, 2),
    "handshake": (2, 3),
    "retry": (3, 0),
}
"""Numbers on the wire in version 1 (RFC 9000, 17.2) and in version 2 (RFC 9369, 3.2)."""


def steps(flow: Flow, quic: Quic) -> Sequence[Step]:
    """Return the arrows of version negotiation, Retry, 0-RTT, the client's Handshake and the close."""
    return [*_opening_steps(flow, quic), *_packet_steps(flow, quic), *_close_steps(flow, quic)]


def _opening_steps(flow: Flow, quic: Quic) -> Iterator[Step]:
    negotiation, retry, initials = quic.version_negotiation, quic.retry, _of(quic, "initial")
    if negotiation:
        if initials and initials.client_first_frame:
            label = msg("QUIC Initial, version %(version)s", version=quic.original_version)
            yield arrow(flow, "tls_handshake", "client", [initials.client_first_frame], 0.0, label)
        label = msg("Version Negotiation: %(versions)s", versions=negotiation.versions)
        yield arrow(flow, "tls_handshake", "server", [negotiation.frame], 0.0, label)
    if retry:
        label = msg("Retry: send this token back")
        yield arrow(flow, "tls_handshake", "server", [retry.frame], 0.0, label)
        if retry.second_initial_frame:
            again = msg("QUIC Initial with the token")
            yield arrow(flow, "tls_handshake", "client", [retry.second_initial_frame], 0.0, again)


def _packet_steps(flow: Flow, quic: Quic) -> Iterator[Step]:
    early, handshake = _of(quic, "zero_rtt"), _of(quic, "handshake")
    if early:
        label = msg(
            "QUIC 0-RTT ×%(records)s, %(size_bytes)s",
            records=early.client_packets,
            size_bytes=early.client_bytes,
        )
        yield arrow(flow, "tls_handshake", "client", early.frames, 0.0, label, byte_count=early.client_bytes)
    if handshake and handshake.client_first_frame:
        label = msg("QUIC Handshake (encrypted)")
        yield arrow(flow, "tls_handshake", "client", [handshake.client_first_frame], 0.0, label)


def _close_steps(flow: Flow, quic: Quic) -> Iterator[Step]:
    for close in quic.closes:
        label = [msg("CONNECTION_CLOSE: %(error)s", error=_error(close))]
        if close.reason:
            label.append(msg("Reason: %(reason)s", reason=close.reason))
        yield arrow(flow, "teardown", close.sender, [close.frame], 0.0, *label, style="alert")


def claims(flow: Flow, quic: Quic) -> Sequence[Claim]:
    """Return the statements in the order of the story."""
    return [
        *_version_claims(flow, quic),
        *_retry_claims(flow, quic),
        *_packet_claims(flow, quic),
        *_one_rtt_claims(flow, quic),
        *_close_claims(flow, quic),
    ]


def _version_claims(flow: Flow, quic: Quic) -> Iterator[Claim]:
    initials = _of(quic, "initial")
    if initials and initials.client_first_frame and quic.original_version:
        frame = initials.client_first_frame
        yield claim(
            "quic.initial",
            msg(
                "The client opens the connection with %(version)s, and calls the server by the random id"
                " %(dcid)s.",
                version=quic.original_version,
                dcid=quic.client_initial_dcid,
            ),
            [frame],
            at_frame(flow, frame, "quic.header_form == 1"),
        )
    negotiation = quic.version_negotiation
    if negotiation:
        yield claim(
            "quic.version_negotiation",
            msg(
                "Version Negotiation: the server knows none of the client's version; it offers %(versions)s.",
                versions=negotiation.versions,
            ),
            [negotiation.frame],
            at_frame(flow, negotiation.frame, "quic.version == 0"),
            [(negotiation.frame, "quic.version", "0x00000000")],
        )
    if quic.rtt_ms is not None and len(quic.rtt_frames) > 1:
        yield claim(
            "quic.rtt",
            msg(
                "The server's answer comes %(latency_ms)s after the client's packet.", latency_ms=quic.rtt_ms
            ),
            quic.rtt_frames,
            in_flow(flow, frame_filter(quic.rtt_frames)),
        )


def _retry_claims(flow: Flow, quic: Quic) -> Iterator[Claim]:
    retry = quic.retry
    if retry is None:
        return
    yield claim(
        "quic.retry",
        msg("Retry: before it spends more, the server lets the client prove its address with a token."),
        [retry.frame],
        at_frame(flow, retry.frame, _type_condition(quic, "retry")),
    )
    if retry.second_initial_frame:
        yield claim(
            "quic.retry.answer",
            msg("The client begins anew and brings the token back."),
            [retry.second_initial_frame],
            at_frame(flow, retry.second_initial_frame, "quic.token_length > 0"),
        )


def _packet_claims(flow: Flow, quic: Quic) -> Iterator[Claim]:
    for packets in quic.packets:
        if packets.type in _LONG_TYPES and packets.type != "retry" and not packets.frames_omitted:
            yield claim(
                f"quic.packets.{packets.type}",
                _packets_message(packets),
                packets.frames,
                in_flow(flow, _type_condition(quic, packets.type), frame_filter(packets.frames)),
            )


def _packets_message(packets: QuicPackets) -> Message:
    if packets.type == "zero_rtt":
        return msg_n(
            "%(count)s packet of early data (0-RTT) from the client, %(size_bytes)s.",
            "%(count)s packets of early data (0-RTT) from the client, %(size_bytes)s.",
            packets.client_packets,
            size_bytes=packets.client_bytes,
        )
    return (
        msg(
            "Initial packets: %(client)s from the client, %(server)s from the server.",
            client=packets.client_packets,
            server=packets.server_packets,
        )
        if packets.type == "initial"
        else msg(
            "Handshake packets, encrypted: %(client)s from the client, %(server)s from the server.",
            client=packets.client_packets,
            server=packets.server_packets,
        )
    )


def _one_rtt_claims(flow: Flow, quic: Quic) -> Iterator[Claim]:
    packets = _of(quic, "one_rtt")
    if packets is None:
        return
    sides: tuple[tuple[Side, int | None], ...] = (
        ("client", packets.client_first_frame),
        ("server", packets.server_first_frame),
    )
    for side, frame in sides:
        if frame is not None:
            yield claim(
                f"quic.one_rtt.{side}",
                msg("The first 1-RTT packet (short header) from the %(side_term)s.", side_term=side),
                [frame],
                at_frame(flow, frame, "quic.header_form == 0"),
            )


def _close_claims(flow: Flow, quic: Quic) -> Iterator[Claim]:
    for number, close in enumerate(quic.closes, start=1):
        frame_type = 29 if close.kind == "application" else 28
        yield claim(
            f"quic.close.{number}",
            msg(
                "The %(side_term)s closes the connection: %(error)s, with the words %(reason)s.",
                side_term=close.sender,
                error=_error(close),
                reason=close.reason,
            )
            if close.reason
            else msg(
                "The %(side_term)s closes the connection: %(error)s.",
                side_term=close.sender,
                error=_error(close),
            ),
            [close.frame],
            at_frame(flow, close.frame, f"quic.frame_type == {frame_type}"),
        )


def _error(close: ConnectionClose) -> str | None:
    return close.error or (None if close.error_code is None else f"0x{close.error_code:x}")


def _of(quic: Quic, kind: QuicPacketType) -> QuicPackets | None:
    return next((packets for packets in quic.packets if packets.type == kind), None)


def _type_condition(quic: Quic, kind: QuicPacketType) -> str:
    """Select packets of a kind: version 2 has numbers of its own, and a connection may use both."""
    number, number_v2 = _LONG_TYPES[kind]
    in_v1, in_v2 = f"quic.long.packet_type == {number}", f"quic.long.packet_type_v2 == {number_v2}"
    if quic.version_number != VERSION_2:
        return in_v1
    return in_v2 if quic.original_version == quic.version else f"({in_v1} || {in_v2})"
