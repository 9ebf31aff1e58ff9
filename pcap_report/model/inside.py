"""Facts about what travelled encrypted and was read with keys, and about messages inside HTTP."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Direction

SecretsSource = Literal["key_log", "capture"]
"""Where secrets came from: a key log that was named, or the capture itself (pcapng's secrets blocks)."""

BodyKind = Literal["json", "event_stream", "form", "text", "binary", "compressed"]
"""What a body holds; ``compressed``: in a coding that is not undone here."""


class KeyLogLabel(Struct, frozen=True):
    """A kind of line of a key log, and how many there are. Neither randoms nor secrets are kept."""

    label: str
    """NSS's name: ``CLIENT_RANDOM`` (TLS 1.2), ``CLIENT_TRAFFIC_SECRET_0`` (TLS 1.3 and QUIC) …"""
    count: int


class Decryption(Struct, frozen=True):
    """The secrets that were used to look inside encrypted connections."""

    sources: tuple[SecretsSource, ...]
    key_log: str | None
    """Name of the key log file, without its folder."""
    lines: int
    """Secrets, of all labels."""
    labels: tuple[KeyLogLabel, ...]


class Inside(Struct, frozen=True):
    """What the keys opened of a connection, and what they did not."""

    status: Literal["decrypted", "partly", "not_decrypted"]
    labels: tuple[str, ...]
    """Kinds of key log lines that belong to this connection (its client random stands in them)."""
    decrypted_frames: tuple[int, ...]
    """Frames with an encrypted record or packet that was opened."""
    hidden_frames: tuple[int, ...]
    """Frames with an encrypted record or packet that was not."""
    frames_omitted: int
    """Frames of both kinds that are not listed."""
    protocol: str | None
    """What was spoken inside: ``http/1.1``, ``h2``, ``h3``, ``websocket``; None where it is none of these."""
    client_bytes: int
    """Bytes that the client's application sent, decrypted."""
    server_bytes: int
    unread: str | None = None
    """Why the reading of the protocol inside stopped before its end; None when it did not."""


class HttpHeader(Struct, frozen=True):
    """A header that tells something. Credentials are masked."""

    name: str
    """In lower case."""
    value: str


class HttpBody(Struct, frozen=True):
    """The body of a message by its shape; its text only where it was asked for."""

    bytes: int
    """Without transfer coding, as it travelled."""
    kind: BodyKind
    media_type: str | None
    shape: str | None
    """For JSON: what it is and its first keys, such as ``object: jsonrpc, id, method``."""
    text: str | None = None
    """With ``--show-bodies``: the text, credentials masked; cut at its end where it is long."""
    complete: bool = True
    """All of it was in the capture."""


class EventMessage(Struct, frozen=True):
    """A server-sent event, or a WebSocket message (WHATWG HTML, 9.2; RFC 6455)."""

    kind: Literal["sse", "websocket"]
    direction: Direction
    frames: tuple[int, ...]
    time_s: float
    """When its end came: seconds since the first packet of the capture."""
    bytes: int
    """Bytes of its data, after decompression."""
    name: str | None
    """The event's type, or the kind of a WebSocket message: ``text``, ``binary``, ``close``, ``ping`` …"""
    exchange: int | None
    """Place in its connection, from 1, of the HTTP exchange that carries it."""
    body: HttpBody | None = None
