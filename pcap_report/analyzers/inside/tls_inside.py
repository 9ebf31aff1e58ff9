"""What travelled inside TLS over TCP, with keys: decrypted bytes, record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.inside.found import Found, FrameList
from pcap_report.analyzers.inside.pieces import Piece
from pcap_report.analyzers.inside.streams import Streams
from pcap_report.analyzers.tls_records import APPLICATION_DATA, CONTENT_TYPE, LENGTH, OPAQUE_TYPE
from pcap_report.analyzers.tls_records import FIELDS as RECORD_FIELDS

if TYPE_CHECKING:
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

DATA: Final = "data.data"
"""Bytes that no dissector takes apart: with HTTP's switched off, the plaintext of a record."""


class TlsInsideAnalyzer(ConnectionAnalyzer[Found]):
    """What was said under TLS, as far as the keys open it?"""

    id = "inside"
    fields = (DATA, *RECORD_FIELDS)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._streams = Streams()
        self._decrypted, self._hidden = FrameList(), FrameList()

    def on_packet(self, packet: Packet) -> None:
        if not packet.payload or "tls" not in packet.protocols:
            return
        values = packet.texts(DATA)
        if packet.has(LENGTH):
            self._note(packet, opened=bool(values) or _goes_on(packet.protocols))
        for value in values:
            data = plain_bytes(value)
            if data:
                piece = Piece(packet.frame, packet.time_ns, data)
                self._streams.feed(piece, from_client=packet.from_client)

    def _note(self, packet: Packet, *, opened: bool) -> None:
        """Tell encrypted records that were opened from those that were not.

        TLS 1.3: an opened record shows its true type beside the one on the wire, so that there are as many
        true types as records. Up to TLS 1.2: something stands behind an opened record of application data.
        """
        opaque = len(packet.texts(OPAQUE_TYPE))
        kinds = packet.numbers(CONTENT_TYPE)
        if opaque:
            hidden = len(packet.texts(LENGTH)) - len(kinds)
            if hidden < opaque:
                self._decrypted.add(packet.frame)
            if hidden > 0:
                self._hidden.add(packet.frame)
        elif APPLICATION_DATA in kinds:
            (self._decrypted if opened else self._hidden).add(packet.frame)

    def result(self) -> Found | None:
        if not self._decrypted.frames and not self._hidden.frames:
            return None
        return found_in(self._streams, self._decrypted, self._hidden)


def found_in(streams: Streams, decrypted: FrameList, hidden: FrameList) -> Found:
    """Return what the streams held."""
    streams.finish()
    reader = streams.reader
    websocket = reader.websocket if reader else None
    return Found(
        decrypted=decrypted,
        hidden=hidden,
        protocol=streams.protocol,
        sent=streams.sent,
        unread=streams.unread,
        records=reader.records if reader else [],
        messages=websocket.messages if websocket else [],
        websocket_exchange=websocket.exchange if websocket else None,
        omitted=(reader.omitted if reader else 0) + (websocket.omitted if websocket else 0),
    )


def plain_bytes(value: str) -> bytes:
    """Read bytes as tshark prints them, with or without colons."""
    try:
        return bytes.fromhex(value.replace(":", ""))
    except ValueError:
        return b""


def _goes_on(path: str) -> bool:
    """A protocol other than a certificate's stands behind TLS."""
    layers = path.split(":")
    behind = layers[layers.index("tls") + 1 :]
    return any(not layer.startswith(("x509", "pkix", "pkcs", "tls")) for layer in behind)
