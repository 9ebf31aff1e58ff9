"""The table of application data: a row for each direction."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.app_data import AppData, Burst
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Direction, Side


@dataclass(frozen=True)
class DataRow:
    """One direction.

    Attributes:
        side: who sends.
        labelled: frames that Wireshark labels Application Data; None without TLS.
        handshake: those of them that are known to be handshake messages.
        closing: those that look like a close_notify.
        data: frames in which the application's records end.
        pieces: segments that carry only pieces of records.
        records: how many records, or segments without TLS.
        byte_count: how many bytes.
        bursts: how many bursts.
        pure_acks: bare acknowledgements that this side sent.
    """

    side: Side
    labelled: tuple[int, ...] | None
    handshake: tuple[int, ...]
    closing: tuple[int, ...]
    data: tuple[int, ...]
    pieces: tuple[int, ...]
    records: int
    byte_count: int
    bursts: int
    pure_acks: tuple[int, ...]


@dataclass(frozen=True)
class CommonLength:
    """The size that most frames with the server's data have.

    Attributes:
        bytes: the size on the wire.
        count: how many frames have it.
        total: of how many.
        frames: where they stand.
        full: no frame is longer, and the segments in them may be as long as both ends allow.
    """

    bytes: int
    count: int
    total: int
    frames: tuple[int, ...]
    full: bool


def of(connection: Connection) -> Sequence[DataRow]:
    """Return the rows; none where the connection carried no data."""
    data = connection.app_data
    if data is None:
        return ()
    return (_row(data, "client", "client_to_server"), _row(data, "server", "server_to_client"))


def _row(data: AppData, side: Side, direction: Direction) -> DataRow:
    bursts = [burst for burst in data.bursts if burst.direction == direction]
    labelled = getattr(data.labelled_frames, side) if data.labelled_frames else None
    own = set(labelled or ())
    acks = getattr(data.pure_ack_frames, side) if data.pure_ack_frames else ()
    return DataRow(
        side=side,
        labelled=labelled,
        handshake=tuple(frame for frame in data.handshake_frames if frame in own),
        closing=tuple(frame for frame in data.close_notify_frames if frame in own),
        data=_together(burst.frames for burst in bursts),
        pieces=_together(burst.segment_frames for burst in bursts),
        records=sum(burst.records for burst in bursts),
        byte_count=data.client_bytes if side == "client" else data.server_bytes,
        bursts=len(bursts),
        pure_acks=acks,
    )


def lengths_of(connection: Connection) -> CommonLength | None:
    """Find the size that most of the server's data frames have; None for less than two of one size."""
    data = connection.app_data
    bursts = [one for one in data.bursts if one.direction == "server_to_client"] if data else []
    sizes: Counter[int] = Counter()
    for burst in bursts:
        sizes.update({one.bytes: one.count for one in burst.frame_lengths})
    if not sizes:
        return None
    size, count = sizes.most_common(1)[0]
    frames = _together((*burst.frames, *burst.segment_frames) for burst in bursts if _has(burst, size))
    full = size == max(sizes) and size >= _segment_limit(connection)
    return CommonLength(size, count, sizes.total(), frames, full) if count > 1 else None


def _segment_limit(connection: Connection) -> int:
    """Return the smaller of the two announced segment sizes; 0 where none was seen."""
    opening = connection.tcp_handshake
    ends = (opening.syn, opening.syn_ack) if opening else ()
    return min((end.mss for end in ends if end and end.mss), default=0)


def _has(burst: Burst, size: int) -> bool:
    return any(one.bytes == size for one in burst.frame_lengths)


def _together(lists: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sorted(set(chain.from_iterable(lists))))
