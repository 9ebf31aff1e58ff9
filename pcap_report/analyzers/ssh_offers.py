"""Algorithms: what each side offers, and what both have in common (RFC 4253, 7.1)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from pcap_report.model.ssh import SshChoice, SshOffer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.packet import Packet

_KEX: Final = "ssh.kex_algorithms"
_HOST_KEY: Final = "ssh.server_host_key_algorithms"
_CIPHERS: Final = (
    "ssh.encryption_algorithms_client_to_server",
    "ssh.encryption_algorithms_server_to_client",
)
_MACS: Final = ("ssh.mac_algorithms_client_to_server", "ssh.mac_algorithms_server_to_client")
_COMPRESSION: Final = (
    "ssh.compression_algorithms_client_to_server",
    "ssh.compression_algorithms_server_to_client",
)

FIELDS: Final = (_KEX, _HOST_KEY, *_CIPHERS, *_MACS, *_COMPRESSION)

_NAMES_LISTED: Final = 100
_NO_ALGORITHM: Final = frozenset(
    (
        "ext-info-c",
        "ext-info-s",
        "kex-strict-c-v00@openssh.com",
        "kex-strict-s-v00@openssh.com",
    )
)
"""Names in the list of key exchanges that announce something else (RFC 8308)."""


def offer_in(packet: Packet, *, from_server: bool) -> SshOffer | None:
    """Return the packet's SSH_MSG_KEXINIT; None where there is none."""
    if not packet.has(_KEX):
        return None
    lists = [_names(packet.text(field)) for field in FIELDS]
    kex, host_key, out_cipher, in_cipher, out_mac, in_mac, out_compression, in_compression = (
        tuple(names[:_NAMES_LISTED]) for names in lists
    )
    return SshOffer(
        frame=packet.frame,
        kex=kex,
        host_key=host_key,
        ciphers_client_to_server=out_cipher,
        ciphers_server_to_client=in_cipher,
        macs_client_to_server=out_mac,
        macs_server_to_client=in_mac,
        compression_client_to_server=out_compression,
        compression_server_to_client=in_compression,
        fingerprint=_fingerprint(packet, from_server=from_server),
        omitted=sum(max(0, len(names) - _NAMES_LISTED) for names in lists),
    )


def _names(text: str | None) -> list[str]:
    return [name for name in (text or "").split(",") if name]


def _fingerprint(packet: Packet, *, from_server: bool) -> str:
    """HASSH: the MD5 of four lists as they are sent; a server's are those of its own direction."""
    own = 1 if from_server else 0
    fields = (_KEX, _CIPHERS[own], _MACS[own], _COMPRESSION[own])
    text = ";".join(packet.text(field) or "" for field in fields)
    return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def chosen_from(client: SshOffer | None, server: SshOffer | None) -> SshChoice | None:
    """Choose as both sides do: the first of the client's names that the server has too."""
    if client is None or server is None:
        return None
    return SshChoice(
        kex=_first((name for name in client.kex if name not in _NO_ALGORITHM), server.kex),
        host_key=_first(client.host_key, server.host_key),
        cipher_client_to_server=_first(client.ciphers_client_to_server, server.ciphers_client_to_server),
        cipher_server_to_client=_first(client.ciphers_server_to_client, server.ciphers_server_to_client),
        mac_client_to_server=_first(client.macs_client_to_server, server.macs_client_to_server),
        mac_server_to_client=_first(client.macs_server_to_client, server.macs_server_to_client),
        compression_client_to_server=_first(
            client.compression_client_to_server, server.compression_client_to_server
        ),
        compression_server_to_client=_first(
            client.compression_server_to_client, server.compression_server_to_client
        ),
    )


def _first(wanted: Iterable[str], offered: Sequence[str]) -> str | None:
    return next((name for name in wanted if name in offered), None)
