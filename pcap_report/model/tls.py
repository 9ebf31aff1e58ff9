"""Facts about the TLS handshake (RFC 8446, RFC 5246). Names are IANA's; GREASE is left out (RFC 8701)."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from pcap_report.model.evidence import Side
from pcap_report.model.tls_terms import (
    ClientAuthentication,
    EarlyData,
    NextProtocol,
    PlainBeginning,
    Renegotiation,
    Resumption,
    SessionTicket,
    Stapling,
    TlsTerms,
)

_SUPPORTED_VERSIONS: Final = 43

Validity = Literal["valid", "expired", "not_yet_valid"]
"""A certificate's time of validity, held against the time of the frame that carries it."""


class ClientHello(Struct, frozen=True):
    """What the client offered (RFC 8446, 4.1.2)."""

    frame: int
    """The frame that holds its end, where Wireshark shows it."""
    frames: tuple[int, ...]
    """All frames that carry a piece of it."""
    time_s: float
    length: int | None
    """Bytes of the handshake message, without its 4-byte header."""
    frame_length: int
    """Bytes of the frame on the wire."""
    record_version: str | None
    """The record layer's version: a relic, TLS 1.0 in most first flights."""
    legacy_version: str | None
    """The version field of the message: at most TLS 1.2, even where TLS 1.3 is meant."""
    random: str | None
    session_id: str | None
    supported_versions: tuple[str, ...]
    """Offered versions, in the client's order; from the extension, or the version field without it."""
    cipher_suites: tuple[str, ...]
    groups: tuple[str, ...]
    key_share_groups: tuple[str, ...]
    alpn: tuple[str, ...]
    sni: str | None
    ja3: str | None
    ja4: str | None
    signature_algorithms: tuple[str, ...] = ()
    extensions: tuple[int, ...] = ()
    """Extension numbers in the client's order, without GREASE."""
    ack_frame: int | None = None
    """The server's first bare acknowledgement that covers it."""
    acked_with: int | None = None
    """The acknowledgement number in that frame: one more than the last byte received."""
    extension_names: tuple[str, ...] = ()
    """IANA's names of the extensions, in the same order."""
    compression_methods: tuple[str, ...] = ()
    ech: bool = False
    """It carries encrypted_client_hello (RFC 9849), in earnest or as GREASE: the two look alike."""
    sni_is_outer: bool = False
    """The name stands in the outer hello of Encrypted Client Hello: the true one may be hidden."""
    post_quantum_groups: tuple[str, ...] = ()
    """Those of the key shares that also resist a quantum computer."""
    psk_identities: int = 0
    """Pre-shared keys that it offers (RFC 8446, 4.2.11): mostly tickets of earlier sessions."""
    session_ticket_length: int | None = None
    """Bytes of the session ticket that it offers (RFC 5077); 0 when it only asks for one, None without."""
    repeated_frames: tuple[int, ...] = ()
    """Frames in which the same ClientHello is seen once more, and that tshark takes apart."""
    broken: bool = False
    """Its lengths do not add up, or its end is missing: what is told of it is what could be read."""

    @property
    def lists_versions(self) -> bool:
        """It names each version it speaks, and not only the highest (RFC 8446, 4.2.1)."""
        return _SUPPORTED_VERSIONS in self.extensions


class ServerHello(Struct, frozen=True):
    """What the server chose (RFC 8446, 4.1.3)."""

    frame: int
    time_s: float
    version: str | None
    """The version truly negotiated."""
    cipher_suite: str | None
    key_share_group: str | None
    alpn: str | None
    ja3s: str | None
    random: str | None = None
    session_id: str | None = None
    legacy_version: str | None = None
    record_version: str | None = None
    frame_length: int = 0
    extensions: tuple[int, ...] = ()
    """Extension numbers in the server's order, without GREASE."""
    extension_names: tuple[str, ...] = ()
    """IANA's names of the extensions, in the same order."""
    compression_method: str | None = None
    selected_psk: bool = False
    """It accepts one of the client's pre-shared keys."""
    broken: bool = False
    """Its lengths do not add up, or its end is missing."""


class ServerFlight(Struct, frozen=True):
    """The server's first flight: the segments after its ServerHello up to its last handshake record."""

    frames: tuple[int, ...]
    """Segments with payload, from the ServerHello's on; not those that come again."""
    segments: tuple[int, ...]
    """Those of them that only carry pieces of a record."""
    reassembled_in: int | None
    """The frame in which Wireshark puts the pieces together; None when no record was split."""
    byte_count: int
    """TCP payload of these frames, in bytes."""


class Certificate(Struct, frozen=True):
    """A certificate as it travelled (RFC 5280). One that cannot be read has its fingerprint and an error."""

    subject: str | None
    issuer: str | None
    not_before: str | None
    """RFC 3339, UTC."""
    not_after: str | None
    san: tuple[str, ...]
    key: str | None
    """Kind and size: ``RSA 2048``, ``EC secp256r1``."""
    sha256: str
    """Fingerprint of the DER bytes."""
    frame: int | None = None
    """The frame in which the Certificate message ends."""
    sender: Side | None = None
    serial: str | None = None
    """Serial number in hexadecimal."""
    signature_algorithm: str | None = None
    """As OpenSSL writes it: ``sha256WithRSAEncryption``; the number where it has no name."""
    is_ca: bool | None = None
    """Basic constraints say that it may sign others; None when they cannot be read."""
    self_signed: bool | None = None
    """It names itself as its issuer and its own key verifies its signature; None when that could not be
    checked."""
    signed_by: int | None = None
    """Place in the same message, from 0, of the certificate whose key verifies the signature; None when there
    is none."""
    signature_verified: bool | None = None
    """False: a certificate with the issuer's name is in the same message and its key does not verify the
    signature. None: no such certificate is there, or the algorithm could not be checked."""
    validity: Validity | None = None
    error: str | None = None
    """What is wrong with it; None for one that can be read."""


class Alert(Struct, frozen=True, rename={"sender": "from"}):
    """A TLS alert (RFC 8446, 6)."""

    frame: int
    sender: Side
    level: str | None
    """``warning`` or ``fatal``; None for an encrypted alert."""
    description: str | None
    """IANA's name, such as ``handshake_failure``; None for an encrypted alert."""


class HelloRetryRequest(Struct, frozen=True):
    """The server asked for another key share (RFC 8446, 4.1.4)."""

    frame: int
    group: str | None
    second_client_hello_frame: int | None
    cookie_length: int | None = None
    """Bytes of the cookie that the client has to send back (RFC 8446, 4.2.2); None without."""
    cipher_suite: str | None = None
    """The suite that the ServerHello has to choose too."""
    version: str | None = None


class SecondLook(Struct, frozen=True):
    """Wireshark's default settings do not show this TLS; it was read with others."""

    decode_as_port: int | None
    """TCP port that has to be decoded as TLS (Analyze > Decode As…); None where that is not needed."""
    reassemble_out_of_order: bool
    """The preference ``tcp.reassemble_out_of_order`` was on."""


class TlsHandshake(Struct, frozen=True):
    """The handshake: offers, choice, and from where on everything is encrypted."""

    version: str | None
    """The version agreed on; from a HelloRetryRequest where the ServerHello was not seen."""
    cipher_suite: str | None
    alpn: str | None
    """The protocol that the server selected, where it is visible: TLS 1.3 hides it."""
    sni: str | None
    resumed: bool | None
    """A session was resumed; None when it cannot be told."""
    hello_retry_request: HelloRetryRequest | None
    encrypted_from_frame: int | None
    """The first frame that holds an encrypted record."""
    client_hello: ClientHello | None
    server_hello: ServerHello | None
    server_flight: ServerFlight | None
    certificates: tuple[Certificate, ...]
    alerts: tuple[Alert, ...]
    client_change_cipher_spec_frame: int | None
    server_change_cipher_spec_frame: int | None
    client_finished_frame: int | None
    """The frame with the client's Finished: its first encrypted record; None when not seen."""
    outcome: Literal["complete", "failed", "incomplete"]
    """``complete``: both sides changed to encryption; ``failed``: a fatal alert or an end in between."""
    duration_ms: float | None
    """Milliseconds from the ClientHello to the client's Finished."""
    early_data_offered: bool = False
    """The client may have sent data before the handshake was over (0-RTT)."""
    key_exchange_group: str | None = None
    """The group that both sides use: out of the ServerHello, the ServerKeyExchange or a HelloRetryRequest."""
    server_key_exchange_frame: int | None = None
    """The frame of the ServerKeyExchange with that group (RFC 8422, 5.4); None in TLS 1.3."""
    resumption: Resumption | None = None
    early_data: EarlyData | None = None
    """None when the client offered none and sent none."""
    client_authentication: ClientAuthentication | None = None
    """None when nothing of it was seen; TLS 1.3 encrypts it."""
    terms: TlsTerms | None = None
    """None without both hellos."""
    session_ticket: SessionTicket | None = None
    """The ticket for a later session, where it can be read: TLS 1.3 encrypts it."""
    stapling: Stapling | None = None
    """None when the client did not ask for it."""
    next_protocol: NextProtocol | None = None
    renegotiation: Renegotiation | None = None
    sni_matches_certificate: bool | None = None
    """The name asked for is one of the server's own certificate; None when one of the two is not visible."""
    chain_in_order: bool | None = None
    """Each certificate of the server is signed by the next; None for fewer than two, and where a signature
    could not be checked."""
    after_fatal_alert: tuple[int, ...] = ()
    """Frames with application data that follow a fatal alert."""
    second_look: SecondLook | None = None
    """How the frames were read that Wireshark by itself does not take for TLS; None where it does."""
    plain_beginning: PlainBeginning | None = None
    """The conversation without encryption before the ClientHello; None when there was none."""
    plain_answer_frame: int | None = None
    """The server's answer to the ClientHello where it is no TLS; None when it is, or none was seen."""
