"""What was said in the clear before TLS began? STARTTLS (RFC 3207 and its kin), CONNECT, SOCKS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.tls_terms import PlainBeginning

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import ClientHello

_FRAMES_LISTED: Final = 100
_NO_PROTOCOL: Final = ("tls", "data", "tcp.segments", "_ws.malformed", "_ws.short", "mptcp")


class PlainBeginningFinder:
    """Collects the segments with payload before the ClientHello, those sent again aside.

    Attributes:
        protocol: the latest one that was spoken.
    """

    def __init__(self) -> None:
        self._frames: list[int] = []
        self._omitted = 0
        self.protocol: str | None = None
        self._sent = {True: -1, False: -1}
        self._last: dict[bool, list[int]] = {True: [], False: []}
        """The latest few frames of each side."""

    def see(self, packet: Packet) -> None:
        """Take a segment with payload, before TLS."""
        end = packet.seq + packet.payload
        if end <= self._sent[packet.from_client]:
            return
        self._sent[packet.from_client] = end
        if len(self._frames) < _FRAMES_LISTED:
            self._frames.append(packet.frame)
        else:
            self._omitted += 1
        last = self._last[packet.from_client]
        last.append(packet.frame)
        del last[:-_FRAMES_LISTED]
        self.protocol = _protocol(packet.protocols) or self.protocol

    def result(self, hello: ClientHello | None) -> PlainBeginning | None:
        """Return the plain beginning; None when there was none.

        Args:
            hello: the ClientHello, whose own segments are no part of it.
        """
        if hello is None:
            return None
        own = set(hello.frames)
        frames = tuple(frame for frame in self._frames if frame not in own and frame < hello.frame)
        if not frames:
            return None
        request = next((frame for frame in reversed(self._last[True]) if frame not in own), None)
        answers = [frame for frame in self._last[False] if request is None or frame > request]
        return PlainBeginning(self.protocol, frames, request, max(answers, default=None), self._omitted)


def _protocol(path: str) -> str | None:
    """Return the first protocol above TCP in a protocol path."""
    layers = path.split(":")
    if "tcp" not in layers:
        return None
    above = layers[len(layers) - layers[::-1].index("tcp") :]
    return next((layer for layer in above if layer not in _NO_PROTOCOL), None)
