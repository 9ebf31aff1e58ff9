"""Who logged in in the clear? The name is shown, the secret is never kept: its length is all that is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers import credentials_binary as binary
from pcap_report.analyzers import credentials_http as http
from pcap_report.analyzers import credentials_lines as lines
from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.credentials_found import USER_LIMIT, Found
from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.left_out import LeftOut
from pcap_report.analyzers.proof import claim
from pcap_report.model.credentials import Credential
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.credentials_found import Memory, Reader
    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_READERS: Final[dict[str, Reader]] = {
    "http": http.read_http,
    "http2": http.read_http,
    "urlencoded-form": http.read_form,
    "sip": http.read_sip,
    "ftp": lines.read_ftp,
    "pop": lines.read_pop,
    "imap": lines.read_imap,
    "smtp": lines.read_smtp,
    "irc": lines.read_irc,
    "ldap": binary.read_ldap,
    "cldap": binary.read_ldap,
    "snmp": binary.read_snmp,
    "telnet": binary.read_telnet,
    "rlogin": binary.read_rlogin,
    "socks": binary.read_socks,
    "mqtt": binary.read_mqtt,
    "resp": binary.read_redis,
    "mysql": binary.read_mysql,
    "pgsql": binary.read_postgres,
}
"""Who reads frames with this layer."""

_LISTED: Final = 1000
_CLAIMED: Final = 200
_CONNECTIONS_KEPT: Final = 50_000
_QUOTING: Final = frozenset(("icmp", "icmpv6"))
_Place = tuple[int | None, str]


@dataclass(slots=True)
class _Seen:
    """A log-in with the frames of its first time."""

    frame: int
    frames: tuple[int, ...]
    connection: int | None
    occurrences: int = field(default=0)


class CredentialsAnalyzer(CaptureAnalyzer["tuple[Credential, ...]"]):
    """Reads the log-ins of many protocols; the same one again is counted."""

    id = "credentials"
    protocols = frozenset(_READERS)
    fields = (*http.FIELDS, *lines.FIELDS, *binary.FIELDS)

    def __init__(self) -> None:
        self._paths: dict[str, tuple[tuple[str, Reader], ...]] = {}
        self._memories: dict[_Place, Memory] = {}
        self._seen: dict[tuple[Found, str, str], _Seen] = {}
        self._left_out = LeftOut()

    def on_packet(self, packet: Packet) -> None:
        readers = self._paths.get(packet.protocols)
        if readers is None:
            readers = self._paths[packet.protocols] = _readers_of(packet.protocols)
        for layer, read in readers:
            for found in read(packet, self._memory((packet.stream, layer))):
                self._on_found(packet, found)

    def _memory(self, place: _Place) -> Memory:
        """Return what the connection said before; a flood of connections is forgotten from the oldest on."""
        memory = self._memories.get(place)
        if memory is None:
            if len(self._memories) >= _CONNECTIONS_KEPT:
                del self._memories[next(iter(self._memories))]
            memory = self._memories[place] = {}
        return memory

    def _on_found(self, packet: Packet, found: Found) -> None:
        ends = (packet.source, packet.destination)
        client, server = reversed(ends) if found.from_server else ends
        user = None if found.user is None else found.user[:USER_LIMIT]
        key = (found._replace(user=user, name_frame=None, from_server=False), client, server)
        seen = self._seen.get(key)
        if seen is None:
            if len(self._seen) >= _LISTED:
                self.omitted += self._left_out.count(key)
                return
            frames = tuple(frame for frame in (found.name_frame, packet.frame) if frame is not None)
            seen = self._seen[key] = _Seen(packet.frame, frames, packet.stream)
        seen.occurrences += 1

    def result(self) -> tuple[Credential, ...]:
        return tuple(_record(*key, seen) for key, seen in self._seen.items())

    def claims(self, result: tuple[Credential, ...]) -> Sequence[Claim]:
        return [_claim(number, one) for number, one in enumerate(result[:_CLAIMED], start=1)]


def _readers_of(path: str) -> tuple[tuple[str, Reader], ...]:
    """Return who reads frames of a path; encrypted ones that keys have opened are not in the clear."""
    layers = path.split(":")
    if not _QUOTING.isdisjoint(layers) or "tls" in layers:
        return ()
    found = [(layer, _READERS[layer]) for layer in dict.fromkeys(layers) if layer in _READERS]
    return tuple({read: (layer, read) for layer, read in reversed(found)}.values())


def _record(found: Found, client: str, server: str, seen: _Seen) -> Credential:
    return Credential(
        protocol=found.protocol,
        mechanism=found.mechanism,
        frame=seen.frame,
        frames=seen.frames,
        client=client,
        server=server,
        connection=seen.connection,
        user=found.user,
        secret=found.secret,
        secret_length=found.secret_length,
        occurrences=seen.occurrences,
    )


def _claim(number: int, one: Credential) -> Claim:
    return claim(f"credentials.login.{number}", _sentence(one), one.frames, frame_filter(one.frames))


def _sentence(one: Credential) -> Message:
    if one.secret == "community":  # noqa: S105 - a word of ours
        return msg("%(client)s sends its SNMP community to %(server)s in the clear.", **_ends(one))
    if one.secret == "hash":  # noqa: S105 - a word of ours
        return msg(
            "%(client)s logs in at %(server)s as %(user)s with %(protocol)s %(mechanism)s:"
            " the secret itself is not sent.",
            **_ends(one),
            **_how(one),
        )
    if one.secret is None:
        return msg("%(client)s uses %(protocol)s with %(server)s, in the clear.", **_ends(one), **_how(one))
    if one.user is None:
        return msg(
            "%(client)s sends a secret to %(server)s in the clear with %(protocol)s %(mechanism)s.",
            **_ends(one),
            **_how(one),
        )
    return msg(
        "%(client)s logs in at %(server)s as %(user)s with %(protocol)s %(mechanism)s, in the clear.",
        **_ends(one),
        **_how(one),
    )


def _ends(one: Credential) -> dict[str, str | None]:
    return {"client": one.client, "server": one.server}


def _how(one: Credential) -> dict[str, str | None]:
    return {"user": one.user, "protocol": one.protocol, "mechanism": one.mechanism}
