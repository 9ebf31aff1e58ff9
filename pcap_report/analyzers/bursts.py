"""Put application data together into bursts: one direction, no data the other way, no long pause."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.proof import direction_of, side_of
from pcap_report.model.app_data import Burst, Exchange, FrameLength

if TYPE_CHECKING:
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

PAUSE_NS: Final = 300_000_000
"""A pause that ends a burst: longer than TCP's usual time-out of 200 ms, shorter than a person's click."""

_BURSTS_LISTED: Final = 1000
_FRAMES_LISTED: Final = 2000
_LENGTHS_LISTED: Final = 5


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
@dataclass(slots=True)
class _OpenBurst:
    """A burst that may still grow."""

    from_client: bool
    start_ns: int
    end_ns: int
    frames: list[int] = field(default_factory=list)
    segments: list[int] = field(default_factory=list)
    records: int = 0
    byte_count: int = 0
    omitted: int = 0
    late_handshake: bool = False
    lengths: Counter[int] = field(default_factory=Counter)
    plain: bool = False
    """Not inside TLS."""
    doubtful: bool = False
    """Perhaps no data at all."""

    def copy(self) -> _OpenBurst:
        """Return one that grows by itself."""
        lengths = Counter(self.lengths)
        return replace(self, frames=[*self.frames], segments=[*self.segments], lengths=lengths)

    def absorb(self, later: _OpenBurst) -> None:
        """Take in a later burst of the same side."""
        kept = later.frames[: _FRAMES_LISTED - len(self.frames)]
        self.omitted += later.omitted + len(later.frames) - len(kept)
        self.frames += kept
        self.segments += later.segments[: _FRAMES_LISTED - len(self.segments)]
        self.end_ns = max(self.end_ns, later.end_ns)
        self.records += later.records
        self.byte_count += later.byte_count
        self.late_handshake = self.late_handshake or later.late_handshake
        self.lengths += later.lengths


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class BurstBuilder:
    """Takes units of data in capture order; :meth:`bursts` gives the result."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._done: list[_OpenBurst] = []
        self._open: _OpenBurst | None = None
        self._pieces: dict[bool, list[Packet]] = {True: [], False: []}
        self._doubtful: dict[bool, _OpenBurst] = {}
        self._omitted = 0
        self._sent = {True: 0, False: 0}

    @property
    def omitted(self) -> int:
        """Bursts beyond those that are listed."""
        return self._omitted + (self._open is not None and len(self._done) >= _BURSTS_LISTED)

    def sent(self, *, from_client: bool) -> int:
        """Return the bytes of a side's data."""
        burst = self._doubtful.get(from_client)
        return self._sent[from_client] - (burst.byte_count if burst else 0)

    def piece(self, packet: Packet) -> None:
        """Take a segment that carries part of a record whose end comes later."""
        waiting = self._pieces[packet.from_client]
        if len(waiting) < _FRAMES_LISTED:
            waiting.append(packet)

    def data(
        self,
        packet: Packet,
        units: int,
        byte_count: int,
        *,
        late_handshake: bool = False,
        plain: bool = False,
    ) -> None:
        """Take a packet in which data end: ``units`` records, or the segment itself without TLS."""
        side = packet.from_client
        self._no_more_doubt(side)
        pieces = self._pieces[side]
        start_ns = end_ns = packet.time_ns
        if pieces:
            self._pieces[side] = []
            start_ns = min(start_ns, *(piece.time_ns for piece in pieces))
        self._sent[side] += byte_count
        burst = self._open
        if (
            burst is None
            or burst.from_client != side
            or burst.plain != plain
            or start_ns - burst.end_ns > PAUSE_NS
        ):
            self._close()
            burst = self._open = _OpenBurst(side, start_ns, end_ns, plain=plain)
            if pieces:
                self._flow.mark_perhaps(packet)  # the burst began earlier than the first frame that is named
        if len(burst.frames) < _FRAMES_LISTED:
            burst.frames.append(packet.frame)
        else:
            burst.omitted += 1
        if pieces:
            burst.segments += [piece.frame for piece in pieces][: _FRAMES_LISTED - len(burst.segments)]
            burst.lengths.update(piece.length for piece in pieces)
        burst.lengths[packet.length] += 1
        burst.end_ns = max(burst.end_ns, end_ns)
        burst.records += units
        burst.byte_count += byte_count
        burst.late_handshake = burst.late_handshake or late_handshake

    def perhaps(self, packet: Packet, byte_count: int) -> None:
        """Take a record that is data only if its side sends more of them; it stands alone until then."""
        side = packet.from_client
        self._no_more_doubt(side)
        self._close()
        self.data(packet, 1, byte_count)
        burst = self._open
        assert burst is not None  # data() opened it
        burst.doubtful = True
        self._doubtful[side] = burst
        self._close()

    def _no_more_doubt(self, side: bool) -> None:
        burst = self._doubtful.pop(side, None)
        if burst is not None:
            burst.doubtful = False

    def doubtful_frames(self) -> list[int]:
        """The frames of records that are no data: nothing of their side came after them."""
        return sorted(burst.frames[0] for burst in self._doubtful.values())

    def drop_pieces(self, *, from_client: bool) -> None:
        """Forget a side's pieces: they turned out to belong to something else."""
        self._pieces[from_client] = []

    def withdraw(self, frames: set[int], byte_count: int) -> None:
        """Take back the latest data: they were pieces of a handshake message."""
        burst = self._open
        if burst is None or not frames.intersection(burst.frames):
            return
        kept = [frame for frame in burst.frames if frame not in frames]
        gone = len(burst.frames) - len(kept)
        self._sent[burst.from_client] -= byte_count
        burst.frames, burst.records, burst.byte_count = (
            kept,
            burst.records - gone,
            burst.byte_count - byte_count,
        )
        if not kept:
            self._open = None

    def _close(self) -> None:
        if self._open is None:
            return
        if len(self._done) < _BURSTS_LISTED:
            self._done.append(self._open)
        else:
            self._omitted += 1
        self._open = None

    def bursts(self) -> tuple[Burst, ...]:
        """Return them all, the last one as far as it has come."""
        return tuple(self._finished(burst) for burst in self._joined())

    def _joined(self) -> list[_OpenBurst]:
        """Leave out what is no data, and put together what nothing divides."""
        joined: list[_OpenBurst] = []
        listed = [*self._done, self._open] if self._open and len(self._done) < _BURSTS_LISTED else self._done
        for burst in listed:
            last = joined[-1] if joined else None
            if burst.doubtful:
                continue
            same = last and (last.from_client, last.plain) == (burst.from_client, burst.plain)
            if last and same and burst.start_ns - last.end_ns <= PAUSE_NS:
                last.absorb(burst)
            else:
                joined.append(burst.copy())
        return joined

    def _finished(self, burst: _OpenBurst) -> Burst:
        return Burst(
            direction=direction_of(side_of(burst.from_client)),
            frames=tuple(burst.frames),
            records=burst.records,
            bytes=burst.byte_count,
            start_s=self._flow.seconds(burst.start_ns),
            end_s=self._flow.seconds(burst.end_ns),
            segment_frames=tuple(burst.segments),
            frames_omitted=burst.omitted,
            may_be_handshake=burst.late_handshake,
            plain=burst.plain,
            frame_lengths=tuple(FrameLength(*one) for one in burst.lengths.most_common(_LENGTHS_LISTED)),
        )


def exchanges_of(bursts: tuple[Burst, ...]) -> tuple[Exchange, ...]:
    """Pair requests with what came back: every answer belongs to the requests since the last answer."""
    pairs: list[Exchange] = []
    asked: list[int] = []
    answered: list[int] = []
    for place, burst in enumerate(bursts):
        if burst.direction == "client_to_server":
            if answered:
                pairs.append(_exchange(bursts, asked, answered))
                asked, answered = [], []
            asked.append(place)
        elif asked:
            answered.append(place)
    if asked:
        pairs.append(_exchange(bursts, asked, answered))
    return tuple(pairs)


def _exchange(bursts: tuple[Burst, ...], asked: list[int], answered: list[int]) -> Exchange:
    request = asked[-1]
    latency = (bursts[answered[0]].start_s - bursts[request].end_s) * 1000 if answered else None
    return Exchange(request, tuple(answered), latency, tuple(asked[:-1]))
