"""tshark's own opinion: packets, streams, handshakes, analysis flags, teardown (``oracles/tshark``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pcap_report.model.tcp import TcpPhenomena
from tests.agreement.comparison import Comparison, frames_text
from tests.agreement.oracles.tshark_around import compare_around
from tests.agreement.oracles.tshark_hierarchy import compare_hierarchy
from tests.agreement.oracles.tshark_tls import compare_tls
from tests.agreement.report_index import ReportIndex, client, server, written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pcap_report.model.connection import Connection

# Any: the oracle's JSON is read as it is
Json = dict[str, Any]

_FRAMES_LISTED = 1000
_SURE = frozenset(("syn", "synack", "client_hello"))
"""Ways of telling the client that are more than "who was first seen"."""


def compare(path: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare one file of the oracle."""
    theirs = json.loads(path.read_text("utf-8"))
    comparison = Comparison(capture, "tshark")
    _compare_capture(comparison, index, theirs)
    for stream in theirs["streams"]:
        where = f"stream {stream['stream']}"
        ours = index.by_id.get(stream["stream"])
        comparison.check("stream", where, ours is not None, theirs=True)
        if ours is not None:
            _compare_stream(comparison, ours, stream, where)
            same_way = written(client(ours)) == stream["client"]
            compare_tls(comparison, ours, stream.get("tls"), where, same_way=same_way)
    compare_around(comparison, index, theirs)
    return [comparison]


def _compare_capture(comparison: Comparison, index: ReportIndex, theirs: Json) -> None:
    capture = index.report.capture
    comparison.check("packets", "capture", capture.packets, theirs["frames"])
    comparison.check("streams", "capture", len(index.tcp), theirs["tcp_streams"])
    compare_hierarchy(
        comparison, ((one.path, one.packets) for one in capture.protocols), theirs["phs"]["frames"]
    )


def _compare_stream(comparison: Comparison, ours: Connection, theirs: Json, where: str) -> None:
    ends = {written(client(ours)), written(server(ours))}
    comparison.check("endpoints", where, ends, {theirs["client"], theirs["server"]})
    if theirs["client_basis"] in _SURE:
        comparison.check("client", where, written(client(ours)), theirs["client"])
    comparison.check("packets of stream", where, ours.packets, theirs["frames"])
    comparison.check("first frame", where, ours.first_frame, theirs["first_frame"])
    comparison.check("last frame", where, ours.last_frame, theirs["last_frame"])
    # where the oracle took the first sender for the client, its "c" may be our server
    same_way = written(client(ours)) == theirs["client"]
    _compare_sides(comparison, ours, theirs, where, same_way=same_way)
    _compare_handshake(comparison, ours, theirs, where)
    _compare_teardown(comparison, ours, theirs, where, same_way=same_way)
    _compare_flags(comparison, ours, theirs, where)


def _compare_sides(
    comparison: Comparison, ours: Connection, theirs: Json, where: str, *, same_way: bool
) -> None:
    keys = ("frames_c2s", "frames_s2c", "payload_c2s", "payload_s2c")
    values = (
        ours.client_packets,
        ours.server_packets,
        ours.client_payload_bytes,
        ours.server_payload_bytes,
    )
    other = ("frames_s2c", "frames_c2s", "payload_s2c", "payload_c2s")
    for key, value in zip(keys if same_way else other, values, strict=True):
        comparison.check(key.replace("_", " "), where, value, theirs[key])


def _compare_handshake(comparison: Comparison, ours: Connection, theirs: Json, where: str) -> None:
    handshake = ours.tcp_handshake
    syns = handshake.syn_frames if handshake else ()
    syn_acks = handshake.syn_ack_frames if handshake else ()
    ack = handshake.ack if handshake else None
    comparison.check("SYN", where, min(syns, default=None), min(theirs["syn"], default=None))
    comparison.check("SYN retries", where, frames_text(syns[1:]), frames_text(theirs["syn"][1:]))
    comparison.check("SYN-ACK", where, min(syn_acks, default=None), min(theirs["synack"], default=None))
    comparison.check("SYN-ACK retries", where, frames_text(syn_acks[1:]), frames_text(theirs["synack"][1:]))
    comparison.check("first ACK", where, ack.frame if ack else None, theirs["first_ack"])


def _compare_teardown(
    comparison: Comparison, ours: Connection, theirs: Json, where: str, *, same_way: bool
) -> None:
    letters = {"client": "c" if same_way else "s", "server": "s" if same_way else "c"}
    teardown = ours.teardown
    fins = [(fin.frame, letters[fin.sender]) for fin in teardown.fins] if teardown else []
    repeated = list(teardown.repeated_fins) if teardown else []
    resets = [(one.frame, letters[one.sender]) for one in teardown.resets] if teardown else []
    comparison.check(
        "FIN",
        where,
        frames_text([*(frame for frame, _ in fins), *repeated]),
        frames_text(_first(theirs["fin"])),
    )
    sides = dict(theirs["fin"])
    for frame, side in fins:
        comparison.check("FIN sender", f"{where} frame {frame}", side, sides.get(frame))
    comparison.check("RST", where, _sided(resets), _sided(theirs["rst"]))


def _first(pairs: Iterable[Iterable[Any]]) -> list[int]:
    return [frame for frame, _ in pairs]


def _sided(pairs: Iterable[Iterable[Any]]) -> list[str]:
    return [f"{frame}{side}" for frame, side in sorted(map(tuple, pairs))]


def _compare_flags(comparison: Comparison, ours: Connection, theirs: Json, where: str) -> None:
    phenomena = ours.tcp_phenomena
    known = TcpPhenomena.__struct_fields__
    for flag in known:
        frames = theirs["analysis"].get(flag, [])
        flagged = getattr(phenomena, flag) if phenomena else None
        count = flagged.count if flagged else 0
        if not frames and not count:
            continue
        listed = flagged.frames if flagged else ()
        comparison.check(f"{flag} frames", where, frames_text(listed), frames_text(frames[:_FRAMES_LISTED]))
        comparison.check(f"{flag} count", where, count, len(frames))
    for flag in sorted(set(theirs["analysis"]) - set(known)):
        comparison.lacking(f"{flag} frames", where, frames_text(theirs["analysis"][flag]))
