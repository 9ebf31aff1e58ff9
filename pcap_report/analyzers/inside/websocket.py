"""WebSocket messages behind an upgrade (RFC 6455; RFC 7692 for their compression), read by wsproto."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from wsproto.extensions import Extension, PerMessageDeflate
from wsproto.frame_protocol import FrameProtocol, Opcode, ParseFailed

from pcap_report.analyzers.inside.pieces import Body, Piece, Span

_MESSAGES: Final = 5000


@dataclass(slots=True)
class Message:
    """A message, or a control frame."""

    from_client: bool
    name: str
    span: Span = field(default_factory=Span)
    body: Body = field(default_factory=Body)


class WebSocketReader:
    """Reads both directions.

    Attributes:
        exchange: place of the HTTP exchange with the upgrade.
        messages: in the order of their ends.
        omitted: messages that are not listed.
        unread: why the reading stopped; None while it goes on.
    """

    def __init__(self, exchange: int, extensions: str | None) -> None:
        self.exchange = exchange
        self.messages: list[Message] = []
        self.omitted = 0
        self.unread: str | None = None
        # a frame from the client is masked, so the one who reads it plays the server
        self._protocols = {
            from_client: FrameProtocol(client=not from_client, extensions=_agreed(extensions, from_client))
            for from_client in (True, False)
        }
        self._open: dict[bool, Message | None] = {True: None, False: None}
        self._spans: dict[bool, Span] = {True: Span(), False: Span()}

    def feed(self, piece: Piece, *, from_client: bool) -> None:
        """Take the next bytes of a direction."""
        if self.unread is not None:
            return
        protocol = self._protocols[from_client]
        span = self._spans[from_client]
        span.touch(piece)
        try:
            protocol.receive_bytes(piece.data)
            for frame in protocol.received_frames():
                self._on_frame(frame.opcode, frame.payload, piece, from_client, frame.message_finished)
        except (ParseFailed, ValueError) as error:
            self.unread = str(error)[:200]

    def _on_frame(
        self, opcode: Opcode, payload: object, piece: Piece, from_client: bool, finished: bool
    ) -> None:
        data = _bytes_of(payload)
        if opcode.iscontrol():
            message = Message(from_client, opcode.name.lower())
            message.span.touch(piece)
            message.body.add(data, piece)
            self._done(message)
            return
        message = self._open[from_client] or Message(from_client, opcode.name.lower())
        self._open[from_client] = message
        message.body.add(data, piece)
        if finished:
            message.span, self._spans[from_client] = self._spans[from_client], Span()
            self._open[from_client] = None
            self._done(message)

    def _done(self, message: Message) -> None:
        message.body.complete = True
        if len(self.messages) < _MESSAGES:
            self.messages.append(message)
        else:
            self.omitted += 1


def _bytes_of(payload: object) -> bytes:
    if isinstance(payload, str):
        return payload.encode()
    if isinstance(payload, (bytes, bytearray)):
        return bytes(payload)
    if isinstance(payload, tuple):  # a close: its code and its reason
        return " ".join(str(getattr(one, "value", one)) for one in payload if one).encode()
    return b""


def _agreed(extensions: str | None, from_client: bool) -> list[Extension]:
    """Return the compression that the server's answer agrees to."""
    for offer in (extensions or "").split(","):
        if offer.strip().startswith(PerMessageDeflate.name):
            extension = PerMessageDeflate()
            extension.finalize(offer.strip())
            return [extension]
    return []
