"""Names and secrets that went over the wire in the clear. The secret itself is never kept."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

SecretKind = Literal["password", "community", "hash", "session"]
"""What can be read: the secret itself, or (``hash``) what was computed from it and can be attacked."""


class Credential(Struct, frozen=True):
    """A log-in that everybody on the way could read."""

    protocol: str
    """``HTTP``, ``FTP``, ``POP3``, ``IMAP``, ``SMTP``, ``Telnet``, ``LDAP``, ``SNMP`` …"""
    mechanism: str
    """How it was sent: ``Basic``, ``Digest``, ``form``, ``URL``, ``USER/PASS``, ``AUTH PLAIN`` …"""
    frame: int
    """The frame with the secret; with the name where no secret was seen."""
    frames: tuple[int, ...]
    """The frames with name and secret."""
    client: str
    """IP address."""
    server: str
    connection: int | None
    """The TCP connection; None over UDP."""
    user: str | None
    """Text out of a packet; None where the protocol has none or it was not seen."""
    secret: SecretKind | None
    """None where only the name was seen."""
    secret_length: int | None
    """Characters of the secret; None where that is not known. The secret is not kept."""
    occurrences: int = 1
    """How often the same name went to the same server in this way."""
