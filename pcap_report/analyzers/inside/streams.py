"""The two byte streams of a connection, and what is spoken in them: HTTP/1, HTTP/2, or something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.inside.pieces import PREFACE, Unreadable

if TYPE_CHECKING:
    from pcap_report.analyzers.inside.http1 import Http1Reader
    from pcap_report.analyzers.inside.http2 import Http2Reader
    from pcap_report.analyzers.inside.pieces import Piece

_REQUEST: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [^\x00-\x20]{1,4096} HTTP/1\.[01]\r?\n")
_BEGINNING: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}( [^\x00-\x20]*)?( [HTP/.01]*)?\r?")
_HELD: Final = 1 << 20


class Streams:
    """Takes decrypted bytes in order, by direction.

    Attributes:
        sent: bytes by "from the client".
        unread: why the reading stopped; None while it goes on, and where nothing is read.
    """

    def __init__(self) -> None:
        self.sent = {True: 0, False: 0}
        self.unread: str | None = None
        self.reader: Http1Reader | Http2Reader | None = None
        self._foreign = False
        self._held: list[tuple[Piece, bool]] = []

    @property
    def protocol(self) -> str | None:
        """What is spoken, as ALPN names it; None where it is nothing that is read here."""
        return self.reader.protocol if self.reader else None

    def feed(self, piece: Piece, *, from_client: bool) -> None:
        """Take the next bytes of a direction."""
        self.sent[from_client] += len(piece.data)
        if self.unread is not None or self._foreign:
            return
        if self.reader is not None:
            self._read(piece, from_client=from_client)
            return
        # a server may speak first (HTTP/2's SETTINGS): only the client's first bytes tell
        self._held.append((piece, from_client))
        self._decide()

    def _decide(self) -> None:
        begin = b"".join(piece.data for piece, from_client in self._held if from_client)[:8192]
        if begin.startswith(PREFACE):
            self.reader = _http2()
        elif _REQUEST.match(begin):
            self.reader = _http1()
        else:
            hopeless = begin and not PREFACE.startswith(begin) and not _BEGINNING.fullmatch(begin)
            self._foreign = bool(hopeless) or sum(len(piece.data) for piece, _ in self._held) > _HELD
        if self.reader is not None or self._foreign:
            held, self._held = self._held, []
            for piece, from_client in held:
                if self.reader is not None and self.unread is None:
                    self._read(piece, from_client=from_client)

    def _read(self, piece: Piece, *, from_client: bool) -> None:
        assert self.reader is not None
        try:
            self.reader.feed(piece, from_client=from_client)
        except Unreadable as error:
            self.unread = str(error)

    def finish(self) -> None:
        """No more bytes come."""
        if self.reader is not None and self.unread is None:
            self.reader.finish()
        websocket = self.reader.websocket if self.reader else None
        if websocket is not None and self.unread is None:
            self.unread = websocket.unread


# The readers are imported when there is something to read: their libraries take longer than a small capture.
def _http1() -> Http1Reader:
    from pcap_report.analyzers.inside.http1 import Http1Reader

    return Http1Reader()


def _http2() -> Http2Reader:
    from pcap_report.analyzers.inside.http2 import Http2Reader

    return Http2Reader()
