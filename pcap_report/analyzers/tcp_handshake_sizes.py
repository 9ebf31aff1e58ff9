"""What the two ends of a TCP handshake announce: sizes and scales, in words and where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.evidence import Claim
    from pcap_report.model.flow import Flow
    from pcap_report.model.tcp import SynSegment, TcpHandshake

MSS: Final = "tcp.options.mss_val"
WINDOW_SCALE: Final = "tcp.options.wscale.shift"
_LARGEST_SHIFT: Final = 14


def options_text(segment: SynSegment, joint: str = " ") -> str:
    """Write a SYN's numbers as Wireshark's Info column does: ``Seq=0 MSS=1460 Win=64240 WS=128``."""
    parts = [f"Seq={segment.seq}"]
    if segment.ack is not None:
        parts.append(f"Ack={segment.ack}")
    if segment.mss is not None:
        parts.append(f"MSS={segment.mss}")
    parts.append(f"Win={segment.window}")
    if segment.window_scale is not None:
        parts.append(f"WS={_factor(segment.window_scale)}")
    if segment.sack_permitted:
        parts.append("SACK_PERM")
    if segment.timestamps:
        parts.append("TSval")
    return joint.join(parts)


def size_claims(flow: Flow, result: TcpHandshake) -> Iterator[Claim]:
    """Yield what is said of sizes and scales: only where they differ."""
    client, server = _announced(result)
    if client is None or server is None:
        return
    frames = [client.frame, server.frame]
    proof = in_stream(flow.number, "tcp.flags.syn == 1", frame_filter(frames))
    if None not in (client.mss, server.mss) and client.mss != server.mss:
        text = msg(
            "The two ends announce different maximum segment sizes: the client %(client)s bytes,"
            " the server %(server)s bytes.",
            client=client.mss,
            server=server.mss,
        )
        values = [(one.frame, MSS, one.mss) for one in (client, server)]
        yield claim("tcp_handshake.mss", text, frames, proof, values)
    scaling = _scaling_text(client.window_scale, server.window_scale)
    if scaling is not None:
        values = [(one.frame, WINDOW_SCALE, one.window_scale) for one in (client, server)]
        known = [value for value in values if value[2] is not None]
        yield claim("tcp_handshake.window_scale", scaling, frames, proof, known)


def _announced(result: TcpHandshake) -> tuple[SynSegment | None, SynSegment | None]:
    """Return the segments in which client and server state their sizes."""
    return result.syn, result.server_syn or result.syn_ack


def _scaling_text(client: int | None, server: int | None) -> Message | None:
    """Say how the ends scale their windows where they do it differently (RFC 7323, 2.2)."""
    if client == server:
        return None
    if server is None:
        return msg("Only the client offers window scaling, so neither end scales its window (RFC 7323, 2.2).")
    if client is None:
        return msg("Only the server states a window scale, so neither end scales its window (RFC 7323, 2.2).")
    return msg(
        "The two ends scale their windows differently: the client's counts times %(client)s, the server's"
        " times %(server)s.",
        client=_factor(client),
        server=_factor(server),
    )


def _factor(shift: int) -> int:
    """Return what a window is multiplied by; a shift above 14 counts as 14 (RFC 7323, 2.3)."""
    return 1 << min(shift, _LARGEST_SHIFT)
