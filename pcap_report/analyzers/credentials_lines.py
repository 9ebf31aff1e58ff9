"""Log-ins of protocols that speak in lines: FTP, POP3, IMAP, SMTP, IRC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.credentials_found import Found, Memory, decoded, plain_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_FTP: Final = ("ftp.request.command", "ftp.request.arg")
_POP: Final = ("pop.request.command", "pop.request.parameter")
_IMAP: Final = "imap.request"
_IMAP_COMMAND: Final = "imap.request.command"
_IMAP_USER: Final = "imap.request.username"
_IMAP_SECRET: Final = "imap.request.password"  # noqa: S105 - the name of a field
_SMTP: Final = ("smtp.req.command", "smtp.req.parameter")
_SMTP_USER: Final = "smtp.auth.username"
_SMTP_SECRET: Final = "smtp.auth.password"  # noqa: S105 - the name of a field
_SMTP_BOTH: Final = "smtp.auth.username_password"
_IRC: Final = ("irc.request.command", "irc.request.command_parameter")

FIELDS: Final = (
    *_FTP,
    *_POP,
    _IMAP,
    _IMAP_COMMAND,
    _IMAP_USER,
    _IMAP_SECRET,
    *_SMTP,
    _SMTP_USER,
    _SMTP_SECRET,
    _SMTP_BOTH,
    *_IRC,
)

_USER: Final = "user"


def read_ftp(packet: Packet, memory: Memory) -> Iterator[Found]:
    """USER, then PASS (RFC 959, 4.1.1)."""
    command = _command(packet, _FTP[0])
    if command in {"USER", "PASS"}:
        yield from _user_and_pass(packet, memory, "FTP", command, packet.text(_FTP[1]))


def read_pop(packet: Packet, memory: Memory) -> Iterator[Found]:
    """USER and PASS, APOP (RFC 1939, 7), AUTH PLAIN (RFC 5034)."""
    command, argument = _command(packet, _POP[0]), packet.text(_POP[1]) or ""
    if command in {"USER", "PASS"}:
        yield from _user_and_pass(packet, memory, "POP3", command, argument)
    elif command == "APOP":
        user, _, digest = argument.partition(" ")
        yield Found("POP3", "APOP", user, "hash", len(digest))
    elif command == "AUTH":
        yield from _auth_plain("POP3", argument)


def read_imap(packet: Packet, memory: Memory) -> Iterator[Found]:
    """LOGIN (RFC 9051, 6.2.3), AUTHENTICATE PLAIN with its response in the same line (6.2.2)."""
    del memory  # one line holds it all
    user, secret = packet.text(_IMAP_USER), packet.text(_IMAP_SECRET)
    command = _command(packet, _IMAP_COMMAND)
    if command == "LOGIN" and user is not None:
        yield Found("IMAP", "LOGIN", user.strip('"'), "password", len(secret.strip('"')) if secret else None)
    elif command == "AUTHENTICATE":
        line = packet.text(_IMAP) or ""
        yield from _auth_plain("IMAP", " ".join(line.split()[2:]))


def read_smtp(packet: Packet, memory: Memory) -> Iterator[Found]:
    """AUTH PLAIN and AUTH LOGIN (RFC 4954; RFC 4616)."""
    both = plain_parts(packet.text(_SMTP_BOTH))
    if both is not None:
        yield Found("SMTP", "AUTH PLAIN", both[0], "password", both[1])
    elif _command(packet, _SMTP[0]) == "AUTH":
        yield from _auth_plain("SMTP", packet.text(_SMTP[1]) or "")
    user = decoded(packet.text(_SMTP_USER))
    if user is not None:
        memory[_USER] = (user, packet.frame)
    secret = packet.text(_SMTP_SECRET)
    if secret is not None:
        name, frame = memory.pop(_USER, (None, None))
        clear = decoded(secret)
        yield Found("SMTP", "AUTH LOGIN", name, "password", None if clear is None else len(clear), frame)


def read_irc(packet: Packet, memory: Memory) -> Iterator[Found]:
    """PASS (RFC 2812, 3.1.1)."""
    del memory  # it has no name
    secret = packet.text(_IRC[1])
    if secret is not None and "PASS" in packet.texts(_IRC[0]):
        yield Found("IRC", "PASS", None, "password", len(secret) if len(packet.texts(_IRC[0])) == 1 else None)


def _command(packet: Packet, field: str) -> str:
    return (packet.text(field) or "").upper()


def _user_and_pass(
    packet: Packet, memory: Memory, protocol: str, command: str, argument: str | None
) -> Iterator[Found]:
    if command == "USER":
        memory[_USER] = (argument or "", packet.frame)
        return
    name, frame = memory.pop(_USER, (None, None))
    yield Found(protocol, "USER/PASS", name, "password", len(argument or ""), frame)


def _auth_plain(protocol: str, argument: str) -> Iterator[Found]:
    mechanism, _, response = argument.partition(" ")
    both = plain_parts(response) if mechanism.upper() == "PLAIN" else None
    if both is not None:
        yield Found(protocol, "AUTH PLAIN", both[0], "password", both[1])
