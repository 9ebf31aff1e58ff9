"""What was found inside a connection, before it becomes records of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.analyzers.inside.http_record import HttpRecord
    from pcap_report.analyzers.inside.websocket import Message

FRAMES_LISTED: Final = 5000


@dataclass(slots=True)
class FrameList:
    """Frames, the first of them by number and the rest counted."""

    frames: list[int] = field(default_factory=list)
    omitted: int = 0

    def add(self, frame: int) -> None:
        """Add a frame, once."""
        if self.frames[-1:] == [frame]:
            return
        if len(self.frames) < FRAMES_LISTED:
            self.frames.append(frame)
        else:
            self.omitted += 1


@dataclass
class Found:
    """The inside of a connection.

    Attributes:
        decrypted: frames with something encrypted that the keys opened.
        hidden: frames with something encrypted that they did not.
        protocol: what was spoken, as ALPN names it.
        sent: decrypted bytes of the application by "from the client".
        unread: why the reading stopped.
        records: HTTP exchanges.
        messages: WebSocket messages.
        websocket_exchange: place of the exchange with the upgrade.
        omitted: exchanges and messages that are not listed.
    """

    decrypted: FrameList
    hidden: FrameList
    protocol: str | None
    sent: dict[bool, int]
    unread: str | None
    records: list[HttpRecord]
    messages: list[Message] = field(default_factory=list)
    websocket_exchange: int | None = None
    omitted: int = 0
