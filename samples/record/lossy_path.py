"""A lossy, reordering path that does the same at every run: a list of mishaps, each to one named packet.

A mishap names its packet as a person would: of the second connection, towards the client, the third segment
with data. Connections count from 1 in the order of their SYNs; only IPv4 over TUN (no link header) is read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from user_space_link import Fate, Towards

TCP: Final = 6
FIN, SYN, RST = 0x01, 0x02, 0x04
SegmentKind = Literal["data", "ack", "fin", "other"]


@dataclass(frozen=True)
class Segment:
    """What the path needs to know of one TCP segment."""

    client_port: int
    kind: SegmentKind
    opens: bool
    """True for the client's SYN."""


@dataclass(frozen=True)
class Mishap:
    """One packet lost, or held back for `hold_s` seconds so that later ones overtake it."""

    connection: int
    towards: Towards
    kind: SegmentKind
    nth: int
    """Counts from 1 among such segments of the connection; a retransmission counts again."""
    hold_s: float | None = None
    """None: lost."""


def read_segment(packet: bytes, towards: Towards) -> Segment | None:
    """The TCP segment in an IPv4 packet, None for anything else."""
    if packet[0] >> 4 != 4 or packet[9] != TCP:
        return None
    tcp = packet[(packet[0] & 0x0F) * 4 :]
    flags = tcp[13]
    has_data = len(tcp) > (tcp[12] >> 4) * 4
    kind: SegmentKind = "other"
    if has_data:
        kind = "data"
    elif flags & FIN:
        kind = "fin"
    elif not flags & (SYN | RST):
        kind = "ack"
    port_at = 0 if towards == "server" else 2
    client_port = int.from_bytes(tcp[port_at : port_at + 2])
    return Segment(client_port, kind, opens=towards == "server" and bool(flags & SYN))


class LossyPath:
    """Decides the fate of every packet by the list of mishaps; all others are delivered."""

    def __init__(self, mishaps: Iterable[Mishap]) -> None:
        """Take the mishaps in any order."""
        self._holds = {(m.connection, m.towards, m.kind, m.nth): m.hold_s for m in mishaps}
        self._seen: Counter[tuple[int, Towards, SegmentKind]] = Counter()
        self._connections: dict[int, int] = {}

    def judge(self, packet: bytes, towards: Towards) -> Fate:
        """How long to hold `packet` back in seconds, or None to drop it."""
        segment = read_segment(packet, towards)
        if segment is None:
            return 0.0
        if segment.opens:
            self._connections.setdefault(segment.client_port, len(self._connections) + 1)
        connection = self._connections.get(segment.client_port, 0)
        place = (connection, towards, segment.kind)
        self._seen[place] += 1
        return self._holds.get((*place, self._seen[place]), 0.0)
