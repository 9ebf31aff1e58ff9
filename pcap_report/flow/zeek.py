"""Zeek's two words for a connection: ``history`` and ``conn_state`` (base/protocols/conn/main.zeek).

History letters, upper case for the client's packets, lower case for the server's:

==========  =====================================================================================
``s`` ``h``  SYN, SYN+ACK; again when the sequence number differs from the last one's
``f`` ``r``  FIN, RST; again when the sequence number differs
``a`` ``d``  a pure ACK, payload; once per side
``i`` ``q``  FIN and RST in one segment, SYN with FIN or RST; once per side
``t``        payload that was sent before; the 1st, 10th, 100th time …
``g``        a hole: acknowledged, but not captured; the 1st, 10th, 100th time …
``w``        a zero window; the 1st, 10th, 100th time …
``^``        the direction was turned round: the client was not the first to be seen
==========  =====================================================================================

The states follow each side on its own, so that a reset after two FINs does not undo a normal end.
"""

from __future__ import annotations

import re
from typing import Final

from mypy_extensions import mypyc_attr

from pcap_report.flow.course import Course
from pcap_report.flow.zeek_letters import Letters
from pcap_report.flow.zeek_side import Side, State, distance
from pcap_report.model.packet import ACK, FIN, RST, SYN, Packet

_FORGOTTEN_NS: Final = 5_000_000_000
"""So long after its end Zeek gives up a connection: later packets are no part of it."""
_CONTROL: Final = SYN | FIN | RST
_KIND: Final = _CONTROL | ACK
_ABORTED: Final = re.compile(r"\^?S[^HAFGIQ]*R")
_BEGINNING: Final = frozenset((State.SYN_SENT, State.SYN_ACK_SENT))
_ESTABLISHED: Final = State.ESTABLISHED
_USUAL: Final = {(True, True): "D", (True, False): "A", (False, True): "d", (False, False): "a"}
"""The letter of a segment without SYN, FIN and RST, by "from the client" and "with payload"."""
_UNBEGUN: Final = frozenset((State.INACTIVE, State.PARTIAL))


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class History(Course):
    """Follows a TCP connection packet by packet."""

    def __init__(self) -> None:
        self._letters = Letters()
        self._client, self._server = Side(), Side()
        self._partial = False
        self._until_ns: int | None = None

    def see(self, packet: Packet) -> None:
        """Take the next packet."""
        if self._until_ns is not None and packet.time_ns > self._until_ns:
            return
        from_client = packet.from_client
        side, peer = (self._client, self._server) if from_client else (self._server, self._client)
        if side.state is _ESTABLISHED and self._goes_on(side, peer, packet):
            return
        if not (from_client or self._client.seen or self._server.seen):
            self._letters.add("^")
        flags, length = packet.flags, packet.payload
        if not side.seen:
            self._note_beginning(flags, from_client=from_client)
        taken = (length if not flags & RST else 0) + bool(flags & SYN) + bool(flags & FIN)
        end = (packet.seq + taken) & 0xFFFFFFFF
        side.begin(flags, packet.seq, end)
        place = distance(packet.seq, side.start)
        self._note_kind(flags, place, length, from_client=from_client)
        if not packet.window and _window_matters(side, peer, flags):
            self._letters.scaled("w", from_client=from_client)
        if flags & FIN:
            side.fins += 1
            side.fin_end = place + taken
        acknowledged = self._acknowledge(packet, peer) if flags & ACK else 0
        if side.advance(flags, end, length):
            self._letters.scaled("t", from_client=from_client)
        ended = self._step(side, peer, flags, length, from_client=from_client)
        if acknowledged:
            self._note_holes(side, peer, acknowledged, from_client=from_client)
        side.seen = True
        if length and place >= 0 and not flags & RST and packet.captured >= packet.length:
            side.receive(place + 1 if flags & SYN else place, length)
        if ended:
            self._close(side, peer, packet.time_ns)

    def _goes_on(self, side: Side, peer: Side, packet: Packet) -> bool:
        """Take the usual segment quickly: established, in order, nothing missing. False: it is another."""
        if packet.flags & _KIND != ACK or peer.state is not _ESTABLISHED:
            return False
        if not packet.window or packet.captured < packet.length:
            return False
        if not self._letters.knows(_USUAL[packet.from_client, packet.payload > 0]):
            return False
        return peer.accepts(packet.ack) and side.continues(packet.seq, packet.payload)

    def _note_beginning(self, flags: int, *, from_client: bool) -> None:
        """A connection is partial when a side does not begin with its SYN."""
        if from_client:
            self._partial = flags & (SYN | ACK) != SYN
        elif not self._partial:
            self._partial = not flags & SYN

    def _note_kind(self, flags: int, place: int, length: int, *, from_client: bool) -> None:
        control = flags & _CONTROL
        if not control:
            if length:
                self._letters.once("d", from_client=from_client)
            elif flags & ACK:
                self._letters.once("a", from_client=from_client)
        elif control == SYN:
            self._letters.numbered("h" if flags & ACK else "s", "s", place, from_client=from_client)
        elif control == FIN:
            self._letters.numbered("f", "f", place + length, from_client=from_client)
        elif control == RST:
            self._letters.numbered("r", "r", place, from_client=from_client)
        else:
            kind = "i" if control & (FIN | RST) == FIN | RST else "q"
            self._letters.once(kind, from_client=from_client)

    @staticmethod
    def _acknowledge(packet: Packet, peer: Side) -> int:
        """Return the acknowledgement as a place in the peer's stream; 0 where it makes no sense."""
        if peer.state is State.INACTIVE:
            peer.number_by_ack(packet.ack)
            return 1
        place = distance(packet.ack, peer.start)
        if place >= 0 and not packet.flags & RST:
            peer.note_ack(packet.ack)
        return max(place, 0)

    def _note_holes(self, side: Side, peer: Side, acknowledged: int, *, from_client: bool) -> None:
        holes = peer.holes_below(acknowledged, partial=self._partial)
        if holes and _is_clean(side) and _is_clean(peer):
            for _ in range(holes):
                self._letters.scaled("g", from_client=not from_client)

    def _step(self, side: Side, peer: Side, flags: int, length: int, *, from_client: bool) -> bool:
        """Change the side's state; return True when it is done."""
        state = side.state
        if state is State.INACTIVE:
            return self._first_step(side, peer, flags, length, from_client=from_client)
        if state is State.CLOSED:
            if flags & RST and peer.state is not State.CLOSED:
                side.turn(State.RESET)
                return not side.closed
            return False
        if state is State.RESET or not flags & _CONTROL:
            return False
        if flags & SYN and state is State.PARTIAL and peer.state is State.INACTIVE and not flags & ACK:
            side.turn(State.SYN_SENT)
        if flags & FIN and (state in _BEGINNING or not flags & RST):
            side.turn(State.CLOSED)
            if state not in _BEGINNING and peer.state is State.RESET and peer.before is State.CLOSED:
                peer.turn(State.CLOSED)  # a FIN, a RST, and now the answer to the FIN: a normal end
        if flags & RST:
            side.turn(State.RESET)
        return bool(flags & (FIN | RST))

    def _first_step(self, side: Side, peer: Side, flags: int, length: int, *, from_client: bool) -> bool:
        if flags & SYN:
            if from_client:
                side.turn(State.SYN_ACK_SENT if flags & ACK else State.SYN_SENT)
            else:
                if peer.state is State.SYN_SENT:
                    peer.turn(State.ESTABLISHED)
                side.turn(State.ESTABLISHED)
        if flags & FIN:
            side.turn(State.CLOSED)
        if flags & RST:
            side.turn(State.RESET)
        if side.state is State.INACTIVE:
            if not from_client and not length and self._client.state is State.SYN_SENT:
                return False  # some acknowledge a SYN before they answer it
            if flags & ACK and peer.state is State.ESTABLISHED:
                side.turn(State.ESTABLISHED)  # only its SYN was missed
                self._partial = False
            else:
                side.turn(State.PARTIAL)
        return bool(flags & (FIN | RST))

    def _close(self, side: Side, peer: Side, time_ns: int) -> None:
        if side.closed:
            return
        side.closed = True
        if side.state is State.RESET or peer.closed or peer.state is State.INACTIVE:
            self._until_ns = time_ns + _FORGOTTEN_NS

    @property
    def letters(self) -> str:
        """The history so far."""
        return self._letters.text

    @property
    def conn_state(self) -> str:
        """Zeek's state.

        ``S0`` tried, no answer; ``S1`` open; ``SF`` normal end; ``REJ`` refused; ``S2`` ``S3`` closed by the
        client, the server only; ``RSTO`` ``RSTR`` reset by client or server; ``RSTOS0`` ``RSTRH`` reset
        half-way; ``SH`` ``SHR`` closed half-way; ``OTH`` begun before the capture.
        """
        client, server = self._client.state, self._server.state
        if server is State.RESET:
            return self._refused_or_reset(client)
        if client is State.RESET:
            if server not in _UNBEGUN:
                return "RSTO"
            return "RSTOS0" if _ABORTED.match(self.letters) else "OTH"
        if client is State.CLOSED:
            return "SF" if server is State.CLOSED else "SH" if server in _UNBEGUN else "S2"
        if server is State.CLOSED:
            return "SHR" if client in _UNBEGUN else "S3"
        if client is State.SYN_SENT and server is State.INACTIVE:
            return "S0"
        return "S1" if client is State.ESTABLISHED and server is State.ESTABLISHED else "OTH"

    def _refused_or_reset(self, client: State) -> str:
        nothing_sent = not self._client.size and not self._server.size
        if client in _BEGINNING or (client is State.RESET and nothing_sent):
            return "REJ"
        return "RSTRH" if client in _UNBEGUN else "RSTR"


def _window_matters(side: Side, peer: Side, flags: int) -> bool:
    """Nobody asks for a window after a FIN from the other side, or after a reset."""
    return not flags & RST and peer.state is not State.CLOSED and side.state is not State.RESET


def _is_clean(side: Side) -> bool:
    state = side.before if side.state is State.CLOSED else side.state
    return state is State.ESTABLISHED
