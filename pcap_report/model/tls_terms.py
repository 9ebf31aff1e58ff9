"""Facts about a TLS session beside its hellos: what was resumed, asked for, agreed on, done before."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Resumption(Struct, frozen=True):
    """Earlier sessions that the client wanted to go on with."""

    offered: tuple[Literal["session_id", "session_ticket", "psk"], ...]
    """By session id (RFC 5246, 7.3), by ticket (RFC 5077), by pre-shared key (RFC 8446, 2.2). In TLS 1.3 a
    session id means nothing and is not listed."""
    by: Literal["session_id", "session_ticket", "psk"] | None
    """How the session was resumed; None when it was not, or when that cannot be told."""


class EarlyData(Struct, frozen=True):
    """Application data before the handshake is over: 0-RTT (RFC 8446, 4.2.10)."""

    offered: bool
    accepted: bool | None
    """None when that cannot be told: the answer travels encrypted."""
    frames: tuple[int, ...]
    """The client's frames with application data before the ServerHello."""


class ClientAuthentication(Struct, frozen=True):
    """A certificate for the client (RFC 5246, 7.4.4 and 7.4.6; RFC 8446, 4.3.2)."""

    request_frame: int | None
    """The server's CertificateRequest."""
    certificate_frame: int | None
    """The client's Certificate message, also when it is empty."""
    certificates: int | None
    """How many are in it: 0 when the client has none; None when no message was seen."""
    verify_frame: int | None
    """The client's CertificateVerify: it proves that it holds the key."""


class SessionTicket(Struct, frozen=True):
    """A ticket for a later session (RFC 5077, 3.3; RFC 8446, 4.6.1)."""

    frame: int
    lifetime_s: int | None
    """How long the server means to honour it, in seconds; 0: it does not say."""


class Stapling(Struct, frozen=True):
    """The state of the certificate, sent along by the server (OCSP stapling; RFC 6066, 8)."""

    response_frame: int | None
    """The CertificateStatus message; None when it was not seen, as always in TLS 1.3 without keys."""
    agreed: bool | None
    """The ServerHello says that one follows; None where that travels encrypted."""


class NextProtocol(Struct, frozen=True):
    """The old way to agree on a protocol, NPN: the server offers, the client selects."""

    offered: tuple[str, ...]
    """The server's list."""
    selected: str | None
    """The client's choice, which it sends encrypted; None without keys."""


class Renegotiation(Struct, frozen=True):
    """Handshake messages after the handshake, encrypted: a second one (RFC 5246, 7.4.1.1; RFC 5746)."""

    frames: tuple[int, ...]
    from_client: bool
    """The client sent the first of them; else the server, which asks for it."""
    completed: bool
    """Both sides changed their keys once more."""


class TlsTerms(Struct, frozen=True):
    """What the hellos settle besides version, suite and protocol. None: it does not apply, as in TLS 1.3."""

    compression: str | None
    """``null`` for none (RFC 3749)."""
    extended_master_secret: bool | None
    """The keys depend on the whole handshake (RFC 7627)."""
    encrypt_then_mac: bool | None
    """RFC 7366; None for suites without a MAC of their own."""
    secure_renegotiation: bool | None
    """Both sides know RFC 5746."""


class PlainBeginning(Struct, frozen=True):
    """What the two said in the clear before they turned to TLS."""

    protocol: str | None
    """tshark's name, such as ``smtp`` (STARTTLS), ``http`` (CONNECT through a proxy), ``socks``."""
    frames: tuple[int, ...]
    """Frames with payload, before the ClientHello's."""
    request_frame: int | None
    """The client's last word before its ClientHello: it asks for TLS, or for the way through a proxy."""
    answer_frame: int | None
    """The server's go-ahead: its last word after that; None where there is none, or it was not seen."""
    omitted: int = 0
    """Frames that are not listed."""
