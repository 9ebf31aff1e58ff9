"""What did SSH agree on before it encrypted? Versions and algorithms (RFC 4253), and HASSH fingerprints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.left_out import LeftOut
from pcap_report.analyzers.ssh_offers import FIELDS as OFFER_FIELDS
from pcap_report.analyzers.ssh_offers import chosen_from, offer_in
from pcap_report.analyzers.ssh_story import claims_of
from pcap_report.model.ssh import SshOffer, SshSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_BANNER: Final = "ssh.protocol"
_DIRECTION: Final = "ssh.direction"
_MESSAGE: Final = "ssh.message_code"
_KEY_TYPE: Final = "ssh.host_key.type"

_NEW_KEYS: Final = 21
_LISTED: Final = 2000
_CLAIMED: Final = 100
_BANNER_LIMIT: Final = 255
"""The identification string is no longer (RFC 4253, 4.2)."""


@dataclass(slots=True)
class _Side:
    """What one side sent."""

    address: str = ""
    banner: str | None = None
    banner_frame: int | None = None
    offer: SshOffer | None = None
    new_keys: bool = False


@dataclass(slots=True)
class _Session:
    """A connection so far."""

    client: _Side = field(default_factory=_Side)
    server: _Side = field(default_factory=_Side)
    host_key_type: str | None = None
    encrypted_from: int | None = None

    @property
    def is_over(self) -> bool:
        """Nothing more can be read."""
        return self.encrypted_from is not None and self.client.offer is not None


class SshAnalyzer(CaptureAnalyzer["tuple[SshSession, ...]"]):
    """Reads banners and key exchange offers of both sides."""

    id = "ssh"
    protocols = frozenset(("ssh",))
    fields = (_BANNER, _DIRECTION, _MESSAGE, _KEY_TYPE, *OFFER_FIELDS)

    def __init__(self) -> None:
        self._sessions: dict[int, _Session] = {}
        self._left_out = LeftOut()

    def on_packet(self, packet: Packet) -> None:
        if packet.stream is None:
            return
        session = self._sessions.get(packet.stream)
        if session is None:
            if len(self._sessions) >= _LISTED:
                self.omitted += self._left_out.count(packet.stream)
                return
            session = self._sessions[packet.stream] = _Session()
        from_server = bool(packet.number(_DIRECTION))
        side, other = (session.server, session.client) if from_server else (session.client, session.server)
        side.address, other.address = packet.source, packet.destination
        if side.new_keys and session.encrypted_from is None:
            session.encrypted_from = packet.frame
        if not session.is_over:
            _read(packet, session, side, from_server=from_server)

    def result(self) -> tuple[SshSession, ...]:
        return tuple(_record(stream, session) for stream, session in self._sessions.items())

    def claims(self, result: tuple[SshSession, ...]) -> Sequence[Claim]:
        return [claim for session in result[:_CLAIMED] for claim in claims_of(session)]


def _read(packet: Packet, session: _Session, side: _Side, *, from_server: bool) -> None:
    banner = packet.text(_BANNER)
    if banner is not None and side.banner is None:
        side.banner, side.banner_frame = banner[:_BANNER_LIMIT], packet.frame
    if side.offer is None:
        side.offer = offer_in(packet, from_server=from_server)
    if from_server and session.host_key_type is None:
        session.host_key_type = packet.text(_KEY_TYPE)
    if _NEW_KEYS in packet.numbers(_MESSAGE):
        side.new_keys = True


def _record(stream: int, session: _Session) -> SshSession:
    client, server = session.client, session.server
    both = client.offer is not None and server.offer is not None
    return SshSession(
        connection=stream,
        client=client.address,
        server=server.address,
        client_banner_frame=client.banner_frame,
        client_banner=client.banner,
        server_banner_frame=server.banner_frame,
        server_banner=server.banner,
        version=_version(client.banner, server.banner),
        client_offer=client.offer,
        server_offer=server.offer,
        chosen=chosen_from(client.offer, server.offer) if both else None,
        host_key_type=session.host_key_type,
        encrypted_from_frame=session.encrypted_from,
    )


def _version(*banners: str | None) -> str | None:
    """``SSH-2.0-…`` speaks version 2; 1.99 speaks both, so the other side decides (RFC 4253, 5.1)."""
    numbers = [banner.split("-")[1] for banner in banners if banner and banner.count("-") >= 2]
    majors = ["2" if number == "1.99" else number.partition(".")[0] for number in numbers]
    return min(majors, default=None)
