"""What SSH shows before it encrypts: versions and algorithms (RFC 4253)."""

from __future__ import annotations

from msgspec import Struct


class SshOffer(Struct, frozen=True):
    """A side's SSH_MSG_KEXINIT: what it offers, best first (RFC 4253, 7.1)."""

    frame: int
    kex: tuple[str, ...]
    host_key: tuple[str, ...]
    ciphers_client_to_server: tuple[str, ...]
    ciphers_server_to_client: tuple[str, ...]
    macs_client_to_server: tuple[str, ...]
    macs_server_to_client: tuple[str, ...]
    compression_client_to_server: tuple[str, ...]
    compression_server_to_client: tuple[str, ...]
    fingerprint: str | None
    """HASSH of a client, HASSHServer of a server."""
    omitted: int = 0
    """Names that are not listed."""


class SshChoice(Struct, frozen=True):
    """What both sides have in common: the client's first that the server offers too (RFC 4253, 7.1).

    None where they have nothing in common.
    """

    kex: str | None
    host_key: str | None
    cipher_client_to_server: str | None
    cipher_server_to_client: str | None
    mac_client_to_server: str | None
    """By the rule, also where the cipher authenticates by itself and no MAC is used (RFC 5647)."""
    mac_server_to_client: str | None
    compression_client_to_server: str | None
    compression_server_to_client: str | None


class SshSession(Struct, frozen=True):
    """An SSH connection's open part."""

    connection: int
    client: str
    """IP address."""
    server: str
    client_banner_frame: int | None
    client_banner: str | None
    """The identification string (RFC 4253, 4.2), such as ``SSH-2.0-OpenSSH_9.6``."""
    server_banner_frame: int | None
    server_banner: str | None
    version: str | None
    """``2``, ``1``; 1.99 of a server that speaks both counts as what the other side speaks."""
    client_offer: SshOffer | None
    server_offer: SshOffer | None
    chosen: SshChoice | None
    """None unless both offers are there."""
    host_key_type: str | None
    """The kind of key that the server showed."""
    encrypted_from_frame: int | None
    """The first frame behind SSH_MSG_NEWKEYS of its side (RFC 4253, 7.3); None where none was seen."""
