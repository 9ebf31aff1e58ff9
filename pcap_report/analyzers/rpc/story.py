"""What is claimed of what the keys reveal, and of JSON-RPC that was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim
    from pcap_report.model.rpc import RpcMessage

_CLAIMED: Final = 200


def inside_claims(connection: Connection, exchanges: list[HttpExchange]) -> Iterator[Claim]:
    """Yield the statements about the inside of a connection, those that need the keys marked so."""
    inside = connection.inside
    layer = "quic" if connection.protocol == "quic" else "tls"
    if inside and inside.decrypted_frames and not inside.frames_omitted:
        frames = inside.decrypted_frames
        found = claim(
            "inside.decrypted",
            msg_n(
                "The keys open what is encrypted in %(count)s frame: %(frames)s.",
                "The keys open what is encrypted in %(count)s frames: %(frames)s.",
                len(frames),
                frames=frames,
            ),
            frames,
            f"{connection.display_filter} && {layer} && {frame_filter(frames)}",
        )
        yield replace(found, needs_keys=True)
    if inside and inside.hidden_frames and not inside.frames_omitted:
        frames = inside.hidden_frames
        found = claim(
            "inside.hidden",
            msg_n(
                "In %(count)s frame something stays encrypted: %(frames)s.",
                "In %(count)s frames something stays encrypted: %(frames)s.",
                len(frames),
                frames=frames,
            ),
            frames,
            f"{connection.display_filter} && {layer} && {frame_filter(frames)}",
        )
        yield replace(found, needs_keys=True)
    for number, exchange in enumerate(exchanges[:_CLAIMED], start=1):
        yield from _exchange(connection, number, exchange)
    rpc = connection.rpc
    if rpc and rpc.basis == "read":
        for number, message in enumerate(rpc.messages[:_CLAIMED], start=1):
            yield _rpc(connection, number, message, needs_keys=inside is not None)


def _exchange(connection: Connection, number: int, one: HttpExchange) -> Iterator[Claim]:
    answered = None if _ends_with_the_connection(one) else one.response_frame
    frames = sorted({frame for frame in (one.frame, *one.provisional_frames, answered) if frame})
    if not frames or not one.decrypted or not _is_whole(one):
        return
    # tshark's reading of HTTP/3 differs from version to version, and the frames do not
    layer = {"2": "http2", "3": "quic"}.get(one.version or "", "http")
    found = claim(
        f"inside.http.{number}",
        _sentence(one),
        frames,
        f"{connection.display_filter} && {layer} && {frame_filter(frames)}",
    )
    yield replace(found, needs_keys=True)


def _is_whole(one: HttpExchange) -> bool:
    """A message without an end is none that Wireshark shows as HTTP."""
    return all(body is None or body.complete for body in (one.request_body, one.response_body))


def _ends_with_the_connection(one: HttpExchange) -> bool:
    """A response without a length: Wireshark does not show it as HTTP."""
    return bool(one.response_body_bytes) and one.content_length is None and not one.chunked


def _sentence(one: HttpExchange) -> Message:
    if one.frame is None:
        return msg("Inside the encryption: HTTP response %(status)s without its request.", status=one.status)
    if one.response_frame is None:
        return msg(
            "Inside the encryption: HTTP request %(method)s %(path)s, without an answer.",
            method=one.method,
            path=one.path,
        )
    return msg(
        "Inside the encryption: HTTP request %(method)s %(path)s, answered with %(status)s.",
        method=one.method,
        path=one.path,
        status=one.status,
    )


def _rpc(connection: Connection, number: int, one: RpcMessage, *, needs_keys: bool) -> Claim:
    layer = "quic" if connection.protocol == "quic" else "tls" if needs_keys else "tcp.len > 0"
    found = claim(
        f"rpc.message.{number}",
        rpc_sentence(one),
        one.frames,
        f"{connection.display_filter} && {layer} && {frame_filter(one.frames)}",
    )
    return replace(found, needs_keys=needs_keys)


def rpc_sentence(one: RpcMessage) -> Message:
    """Say what a message is."""
    if one.kind == "request" and one.tool is not None:
        return msg(
            "JSON-RPC request %(rpc_method)s of the tool %(tool)s (id %(rpc_id)s).",
            rpc_method=one.method,
            tool=one.tool,
            rpc_id=one.id,
        )
    if one.kind == "request":
        return msg("JSON-RPC request %(rpc_method)s (id %(rpc_id)s).", rpc_method=one.method, rpc_id=one.id)
    if one.kind == "notification":
        return msg("JSON-RPC notification %(rpc_method)s.", rpc_method=one.method)
    if one.kind == "error":
        return msg(
            "JSON-RPC error %(code)s for %(rpc_method)s (id %(rpc_id)s).",
            code=one.error_code,
            rpc_method=one.method,
            rpc_id=one.id,
        )
    if one.kind == "result":
        return msg(
            "JSON-RPC result for %(rpc_method)s (id %(rpc_id)s).", rpc_method=one.method, rpc_id=one.id
        )
    return msg("A JSON-RPC message that breaks its rules (JSON-RPC 2.0, section 4).")
