"""Hold an application log against the bursts of the connections, and put what fits into the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers.rpc.log import LogMessage, Match, Slot
from pcap_report.analyzers.rpc.matching import Alignment, align
from pcap_report.analyzers.rpc.session import RpcBuilder, record_of
from pcap_report.model.rpc import RpcLog, RpcLogCheck, UnmatchedBurst, UnmatchedMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Literal

    from pcap_report.engine.connections import Draft
    from pcap_report.model.app_data import Burst
    from pcap_report.model.connection import Connection
    from pcap_report.model.rpc import Certainty, Reason, RpcMessage

_SLOTS: Final = 4000
_RECORD_OVERHEAD: Final = {"TLS 1.3": 17, "TLS 1.2": 24}
_OTHER_OVERHEAD: Final = 40
_PACKET_OVERHEAD: Final = 30
"""A QUIC packet's header and tag."""
_LISTED: Final = 500
_SURE: Final = 3
"""Matches without which the clocks' offset is a guess."""
_LOOSE: Final = 1500
_LATE_S: Final = 0.5
_SMALL: Final = 700
_SKEW_S: Final = 2.0
_QUARTER_S: Final = 900.0


def match_log(path: Path, log: Sequence[LogMessage], origin_s: float, drafts: list[Draft]) -> RpcLog:
    """Match a log to the bursts of the connections, and give each connection its messages.

    Args:
        path: the log's file, for its name.
        log: its messages.
        origin_s: time of the capture's first packet, seconds since 1970.
        drafts: the connections; those that get messages are changed.
    """
    slots = _slots(drafts, origin_s)
    found = align(log, slots)
    if found is None or not found.matches:
        why: Literal["no_burst", "ambiguous"] = "ambiguous" if found and found.ambiguous else "no_burst"
        unmatched = tuple(_unmatched(one, why, None) for one in log[:_LISTED])
        omitted = max(0, len(log) - _LISTED)
        return RpcLog(path.name, len(log), 0, None, "unknown", unmatched, (), None, omitted)
    by_id = {draft.connection.id: draft for draft in drafts}
    check = _checked(found, log, slots, by_id)
    _add_messages(found, log, slots, by_id, origin_s)
    lonely_messages = list(_lonely_messages(found, log, slots))
    lonely_bursts = list(_lonely_bursts(found, log, slots, by_id))
    listed = len(lonely_messages[:_LISTED]) + len(lonely_bursts[:_LISTED])
    return RpcLog(
        file=path.name,
        messages=len(log),
        matched=len(found.matches),
        clock_offset_s=found.habits.offset_s,
        clock_offset_found=_kind_of_offset(found),
        unmatched_messages=tuple(lonely_messages[:_LISTED]),
        unmatched_bursts=tuple(lonely_bursts[:_LISTED]),
        check=check,
        omitted=len(lonely_messages) + len(lonely_bursts) - listed,
    )


def _slots(drafts: Iterable[Draft], origin_s: float) -> list[Slot]:
    """Return the bursts of all connections that carry data both ways."""
    found: list[Slot] = []
    for draft in drafts:
        data = draft.connection.app_data
        if data is None or not data.client_bytes or not data.server_bytes:
            continue
        for place, burst in enumerate(data.bursts):
            room = burst.bytes - burst.records * _overhead(draft.connection, burst)
            found.append(
                Slot(
                    draft.connection.id,
                    place,
                    burst.direction == "client_to_server",
                    origin_s + burst.start_s,
                    origin_s + burst.end_s,
                    max(0, room),
                    burst.may_be_handshake,
                )
            )
    return sorted(found, key=lambda one: one.start_s)[:_SLOTS]


def _overhead(connection: Connection, burst: Burst) -> int:
    """Bytes of a record, or of a QUIC packet, that are not the application's."""
    if burst.plain:
        return 0
    if connection.protocol == "quic":
        return _PACKET_OVERHEAD
    version = connection.tls_handshake.version if connection.tls_handshake else None
    return _RECORD_OVERHEAD.get(version or "", _OTHER_OVERHEAD)


def _kind_of_offset(found: Alignment) -> Literal["same_clock", "time_zone", "skew", "unknown"]:
    offset_s = found.habits.offset_s
    if not found.clock_is_sure or len(found.matches) < 2:
        return "unknown"
    if abs(offset_s) < _SKEW_S:
        return "same_clock"
    near = abs(offset_s - _QUARTER_S * round(offset_s / _QUARTER_S)) < _SKEW_S
    return "time_zone" if near and abs(offset_s) <= 14 * 3600 + _SKEW_S else "skew"


def _add_messages(
    found: Alignment,
    log: Sequence[LogMessage],
    slots: Sequence[Slot],
    by_id: dict[int, Draft],
    origin_s: float,
) -> None:
    builders: dict[int, RpcBuilder] = {}
    for one in found.matches:
        message, slot = log[one.message], slots[one.slot]
        draft = by_id[slot.connection]
        data = draft.connection.app_data
        if draft.connection.rpc is not None or data is None:
            continue  # what was read needs no inference
        burst = data.bursts[slot.burst]
        record = record_of(
            message.parsed,
            from_client=slot.from_client,
            frames=burst.frames,
            time_s=slot.end_s - origin_s,
        )
        record = replace(
            record,
            bytes=message.shortest,
            burst=slot.burst,
            log_line=message.line,
            certainty=_certainty(one, found, log, slots),
            reasons=tuple(_reasons(one, found, log, slots)),
        )
        builders.setdefault(slot.connection, RpcBuilder("inferred")).add(message.parsed, record)
    for number, builder in builders.items():
        draft = by_id[number]
        draft.connection = replace(draft.connection, rpc=builder.result())


def _certainty(one: Match, found: Alignment, log: Sequence[LogMessage], slots: Sequence[Slot]) -> Certainty:
    """Grade a match; a log and a burst can never make it certain."""
    loose = slots[one.slot].room - log[one.message].longest > _LOOSE
    if not found.clock_is_sure or len(found.matches) < _SURE:
        return "low"
    if one.margin >= 1.5 and abs(one.lag_s) < _LATE_S and one.score > 2:
        return "medium" if loose else "high"
    return "medium" if one.margin >= 0.6 and one.score > 1 else "low"


def _reasons(
    one: Match, found: Alignment, log: Sequence[LogMessage], slots: Sequence[Slot]
) -> Iterator[Reason]:
    message, slot = log[one.message], slots[one.slot]
    yield "order"
    yield "direction"
    yield "late" if abs(one.lag_s) >= _LATE_S else "time"
    yield "loose_size" if slot.room - message.longest > _LOOSE or slot.room < message.shortest else "size"
    asked = (found.habits.asked or {}).get(one.message)
    place = {match.message: slots[match.slot].connection for match in found.matches}.get(
        -1 if asked is None else asked
    )
    if place == slot.connection:
        yield "answer"
    yield "alone" if one.margin >= 1.5 else "rival"
    if not found.clock_is_sure or len(found.matches) < _SURE:
        yield "no_clock"


def _lonely_messages(
    found: Alignment, log: Sequence[LogMessage], slots: Sequence[Slot]
) -> Iterator[UnmatchedMessage]:
    matched = {one.message for one in found.matches}
    begin, end = min(one.start_s for one in slots), max(one.end_s for one in slots)
    for place, one in enumerate(log):
        if place in matched:
            continue
        at_s = one.time_s - found.habits.offset_s
        why: Literal["no_burst", "ambiguous", "outside"] = "no_burst"
        if place in found.ambiguous:
            why = "ambiguous"
        elif not begin - 1 <= at_s <= end + 1:
            why = "outside"
        yield _unmatched(one, why, found)


def _unmatched(
    one: LogMessage, why: Literal["no_burst", "ambiguous", "outside"], found: Alignment | None
) -> UnmatchedMessage:
    from_client = found.habits.from_client(one) if found else None
    return UnmatchedMessage(
        log_line=one.line,
        direction=None if from_client is None else "client_to_server" if from_client else "server_to_client",
        kind=one.parsed.kind,
        method=one.parsed.method,
        id=one.parsed.id,
        why=why,
    )


def _lonely_bursts(
    found: Alignment, log: Sequence[LogMessage], slots: Sequence[Slot], by_id: dict[int, Draft]
) -> Iterator[UnmatchedBurst]:
    """Yield the bursts without a message on connections that carry messages."""
    used = {one.slot: one for one in found.matches}
    carrying = {slots[one.slot].connection for one in found.matches}
    notified: dict[int, bool] = {}
    for number, slot in enumerate(slots):
        match = used.get(number)
        if match is not None:
            notified[slot.connection] = log[match.message].parsed.kind == "notification"
            continue
        if slot.connection not in carrying or by_id[slot.connection].connection.protocol == "quic":
            continue  # most bursts of QUIC packets only acknowledge
        data = by_id[slot.connection].connection.app_data
        assert data is not None  # its bursts became slots
        burst = data.bursts[slot.burst]
        likely: Literal["acknowledgement", "handshake", "unknown"] = "unknown"
        if burst.may_be_handshake:
            likely = "handshake"
        elif notified.get(slot.connection) and not slot.from_client and slot.room < _SMALL:
            likely = "acknowledgement"
        notified[slot.connection] = False
        yield UnmatchedBurst(slot.connection, slot.burst, burst.direction, burst.frames, burst.bytes, likely)


def _checked(
    found: Alignment, log: Sequence[LogMessage], slots: Sequence[Slot], by_id: dict[int, Draft]
) -> RpcLogCheck | None:
    """Compare with what the keys reveal, on the connections whose messages were read."""
    read: dict[tuple[object, ...], list[tuple[int, RpcMessage]]] = {}
    for number, draft in by_id.items():
        rpc = draft.connection.rpc
        for one in rpc.messages if rpc is not None and rpc.basis == "read" else ():
            name = one.method if one.kind in {"request", "notification"} else None
            read.setdefault((one.direction, one.kind, one.id, name), []).append((number, one))
    if not read:
        return None
    right = compared = 0
    for match in found.matches:
        message, slot = log[match.message], slots[match.slot]
        direction = "client_to_server" if slot.from_client else "server_to_client"
        parsed = message.parsed
        name = parsed.method if parsed.kind in {"request", "notification"} else None
        truths = read.get((direction, parsed.kind, parsed.id, name), [])
        data = by_id[slot.connection].connection.app_data
        assert data is not None  # its bursts became slots
        burst = data.bursts[slot.burst]
        frames = {*burst.frames, *burst.segment_frames}
        compared += 1
        right += any(
            number == slot.connection and not frames.isdisjoint(one.frames) for number, one in truths
        )
    return RpcLogCheck(compared, right, compared - right)
