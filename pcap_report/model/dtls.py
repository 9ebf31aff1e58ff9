"""Facts about a DTLS session (RFC 6347, RFC 9147) besides its handshake, which is TLS's."""

from __future__ import annotations

from msgspec import Struct


class HelloVerifyRequest(Struct, frozen=True):
    """The server asks the client to prove its address (RFC 6347, 4.2.1)."""

    frame: int
    cookie_length: int | None
    second_client_hello_frame: int | None


class DtlsConnectionId(Struct, frozen=True):
    """A connection id that one side asks the other to use (RFC 9146)."""

    frame: int
    """The hello that offers it."""
    id: str
    """In hexadecimal; "" when the side uses ids and wants none."""


class DtlsDatagrams(Struct, frozen=True):
    """Datagrams of one kind, by side."""

    client: int
    client_bytes: int
    """Bytes of UDP payload."""
    server: int
    server_bytes: int


class Dtls(Struct, frozen=True):
    """What a DTLS session shows on the outside."""

    udp_stream: int | None
    """tshark's ``udp.stream``."""
    hello_verify_request: HelloVerifyRequest | None
    client_connection_id: DtlsConnectionId | None
    server_connection_id: DtlsConnectionId | None
    repeated_hellos: tuple[int, ...]
    """Frames of ClientHellos and ServerHellos that were sent once more."""
    fragmented_messages: int
    """Handshake messages that travelled in several fragments (RFC 6347, 4.2.3)."""
    datagrams: DtlsDatagrams
    """With DTLS records that tshark takes apart."""
    undissected: DtlsDatagrams
    """Of the same two ends, without such a record: another protocol, or DTLS 1.3 in an old tshark."""
