"""What does Wireshark's TCP analysis flag? The ``tcp.analysis.*`` flags, counted by side.

These are Wireshark's words, kept as they are (epan/dissectors/packet-tcp.c); judgements come later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace
from mypy_extensions import mypyc_attr

from pcap_report.analyzers import tcp_flags
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.filters import in_stream
from pcap_report.analyzers.proof import arrow, claim, side_of
from pcap_report.model.message import Message, msg, msg_n
from pcap_report.model.tcp import FlaggedFrames, TcpPhenomena

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Side, Step, StepStyle
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

PREFIX: Final = "tcp.analysis."
FLAGS: Final = TcpPhenomena.__struct_fields__
_FRAMES_LISTED: Final = 5000
_STEPS_SHOWN: Final = 200
_PLACES: Final[dict[int, tuple[dict[str, int], list[tuple[str, int]]]]] = {}
_NOTHING: Final = TcpPhenomena(**{flag: FlaggedFrames(0, (), 0, 0) for flag in FLAGS})
_DRAWN: Final = (
    "spurious_retransmission",
    "fast_retransmission",
    "retransmission",
    "out_of_order",
    "duplicate_ack",
    "zero_window",
    "keep_alive",
)
"""Flags that get an arrow of their own; a frame with several gets the first of them."""


def _places(packet: Packet) -> list[tuple[str, int]]:
    """Where each flag stands in a row: looked up once per run, because flagged packets can be many."""
    columns = packet.columns
    known = _PLACES.get(id(columns))
    if known is None or known[0] is not columns:
        found = [(flag, columns[PREFIX + flag]) for flag in FLAGS if PREFIX + flag in columns]
        known = (columns, found)
        _PLACES.clear()
        _PLACES[id(columns)] = known
    return known[1]


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class _Tally:
    """Counts the frames with one flag."""

    __slots__ = ("client", "frames", "server")

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.client = self.server = 0

    def add(self, packet: Packet) -> None:
        if packet.from_client:
            self.client += 1
        else:
            self.server += 1
        if len(self.frames) < _FRAMES_LISTED:
            self.frames.append(packet.frame)

    def frozen(self) -> FlaggedFrames:
        return FlaggedFrames(self.client + self.server, tuple(self.frames), self.client, self.server)


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TcpPhenomenaAnalyzer(ConnectionAnalyzer[TcpPhenomena]):
    """Retransmissions, duplicate acknowledgements, window trouble and the rest."""

    id = "tcp_phenomena"
    fields = (tcp_flags.ANY, *(PREFIX + flag for flag in FLAGS))

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._tallies: dict[str, _Tally] = {}
        self._drawn: list[tuple[int, float, Side, str]] = []

    def on_packet(self, packet: Packet) -> None:
        if not packet.has(tcp_flags.ANY):
            return
        row = packet.row
        found = [flag for flag, place in _places(packet) if row[place]]
        for flag in found:
            tally = self._tallies.get(flag)
            if tally is None:
                tally = self._tallies[flag] = _Tally()
            tally.add(packet)
        shown = next((flag for flag in _DRAWN if flag in found), None)
        if shown and len(self._drawn) < _STEPS_SHOWN:
            time_s = self.flow.seconds(packet.time_ns)
            self._drawn.append((packet.frame, time_s, side_of(packet.from_client), shown))

    def result(self) -> TcpPhenomena:
        if not self._tallies:
            return _NOTHING
        counted = {flag: tally.frozen() for flag, tally in self._tallies.items()}
        return replace(_NOTHING, **counted)

    def steps(self, result: TcpPhenomena) -> Sequence[Step]:
        steps: list[Step] = []
        for (side, flag), frames, time_s in _runs(self._drawn):
            style: StepStyle = "ack" if flag == "duplicate_ack" else "retransmission"
            steps.append(
                arrow(self.flow, "app_data", side, frames, time_s, _label(flag, len(frames)), style=style)
            )
        return steps

    def claims(self, result: TcpPhenomena) -> Sequence[Claim]:
        claims: list[Claim] = []
        for flag in FLAGS:
            flagged: FlaggedFrames = getattr(result, flag)
            if not flagged.count:
                continue
            claims.append(
                claim(
                    f"tcp_phenomena.{flag}",
                    msg_n(
                        "Wireshark flags %(count)s packet as %(flag)s: %(client)s from the client, "
                        "%(server)s from the server.",
                        "Wireshark flags %(count)s packets as %(flag)s: %(client)s from the client, "
                        "%(server)s from the server.",
                        flagged.count,
                        flag=flag.replace("_", " "),
                        client=flagged.client_count,
                        server=flagged.server_count,
                    ),
                    flagged.frames,
                    in_stream(self.flow.number, PREFIX + flag),
                )
            )
        return claims


def _runs(
    drawn: Sequence[tuple[int, float, Side, str]],
) -> Iterator[tuple[tuple[Side, str], list[int], float]]:
    """Put neighbours of the same kind and side together: one arrow for three duplicate ACKs."""
    at = 0
    while at < len(drawn):
        frame, time_s, side, flag = drawn[at]
        frames = [frame]
        while (
            at + 1 < len(drawn) and drawn[at + 1][2:] == (side, flag) and drawn[at + 1][0] - frames[-1] <= 2
        ):
            at += 1
            frames.append(drawn[at][0])
        yield (side, flag), frames, time_s
        at += 1


def _label(flag: str, times: int) -> Message:
    once, often = _LABELS.get(flag, (_FLAGGED, _FLAGGED))
    return once if times == 1 else replace(often, args={"count": times})


# Two messages each and not two forms of one: the tables of flags say the first without any count.
_LABELS: Final = {
    "spurious_retransmission": (
        msg("Spurious retransmission"),
        msg("Spurious retransmission ×%(count)s"),
    ),
    "fast_retransmission": (msg("Fast retransmission"), msg("Fast retransmission ×%(count)s")),
    "retransmission": (msg("Retransmission"), msg("Retransmission ×%(count)s")),
    "out_of_order": (msg("Out of order"), msg("Out of order ×%(count)s")),
    "duplicate_ack": (msg("Duplicate ACK"), msg("Duplicate ACK ×%(count)s")),
    "zero_window": (msg("Zero window"), msg("Zero window ×%(count)s")),
    "keep_alive": (msg("Keep-alive"), msg("Keep-alive ×%(count)s")),
}
_FLAGGED: Final = msg("Flagged by Wireshark")
