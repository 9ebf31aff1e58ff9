"""How was the QUIC connection set up, what travelled, how was it closed? RFC 9000, RFC 9369.

Measures only; the sentences and arrows stand in ``quic_story``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from msgspec.structs import replace

from pcap_report.analyzers import quic_packets, quic_story
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.iana.quic import is_grease, version_name
from pcap_report.analyzers.quic_close import CloseFinder
from pcap_report.analyzers.quic_packets import QuicPacket, packets_of
from pcap_report.analyzers.quic_round_trip import RoundTrip
from pcap_report.model.quic import Quic, QuicPackets, QuicPacketType, Retry, VersionNegotiation
from pcap_report.model.tls import TlsHandshake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

SUPPORTED_VERSION: Final = "quic.supported_version"
TOKEN_LENGTH: Final = "quic.token_length"  # noqa: S105 - a field
RETRY_TOKEN: Final = "quic.retry_token"  # noqa: S105 - a field
STREAM_ID: Final = "quic.stream.stream_id"

_ORDER: Final[tuple[QuicPacketType, ...]] = get_args(QuicPacketType)
_FRAMES_LISTED: Final = 1000


class _Tally:
    """The packets of one kind so far."""

    __slots__ = ("first", "frames", "omitted", "sent")

    def __init__(self) -> None:
        self.sent = {True: [0, 0], False: [0, 0]}
        self.first: dict[bool, int] = {}
        self.frames: list[int] = []
        self.omitted = 0

    def add(self, packet: Packet, length: int) -> None:
        sent = self.sent[packet.from_client]
        sent[0] += 1
        sent[1] += length
        self.first.setdefault(packet.from_client, packet.frame)
        if self.frames[-1:] == [packet.frame]:
            return
        if len(self.frames) < _FRAMES_LISTED:
            self.frames.append(packet.frame)
        else:
            self.omitted += 1


class QuicAnalyzer(ConnectionAnalyzer[Quic]):
    """Versions, ids, Retry, packets by kind and direction, round trip and close of a connection."""

    id = "quic"
    transports = frozenset(("quic",))
    fields = (
        *quic_packets.FIELDS,
        SUPPORTED_VERSION,
        TOKEN_LENGTH,
        RETRY_TOKEN,
        STREAM_ID,
        *CloseFinder.fields,
        *RoundTrip.fields,
    )

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._tallies: dict[QuicPacketType, _Tally] = {}
        self._original_version: int | None = None
        self._version: int | None = None
        self._negotiation: VersionNegotiation | None = None
        self._retry: Retry | None = None
        self._first_dcid: str | None = None
        self._scids: dict[bool, str] = {}
        self._closes = CloseFinder()
        self._round_trip = RoundTrip()
        self._decrypted = False

    def on_packet(self, packet: Packet) -> None:
        packets = packets_of(self.flow, packet)
        for one in packets:
            tally = self._tallies.get(one.type)
            if tally is None:
                tally = self._tallies[one.type] = _Tally()
            if packet.from_client not in tally.first:
                self.flow.mark(packet)
            tally.add(packet, one.length)
            if one.version is not None:
                self._on_long_header(packet, one)
        if packets and packets[0].type in ("initial", "retry"):
            self._round_trip.see(packet)
        self._closes.see(self.flow, packet)
        self._decrypted = self._decrypted or packet.has(STREAM_ID)

    def _on_long_header(self, packet: Packet, one: QuicPacket) -> None:
        if one.type == "version_negotiation":
            self._on_negotiation(packet)
            return
        if one.type == "retry":
            self._on_retry(packet, one)
            return
        self._version = one.version
        if packet.from_client and self._original_version is None:
            self._original_version, self._first_dcid = one.version, one.dcid
        if one.scid is not None:
            self._scids.setdefault(packet.from_client, one.scid)
        retry = self._retry
        if retry and packet.from_client and one.type == "initial" and retry.second_initial_frame is None:
            self._retry = replace(retry, second_initial_frame=packet.frame)
            self.flow.mark(packet)

    def _on_negotiation(self, packet: Packet) -> None:
        if self._negotiation is None and not packet.from_client:
            offered = [number for number in packet.numbers(SUPPORTED_VERSION) if not is_grease(number)]
            self._negotiation = VersionNegotiation(packet.frame, tuple(map(version_name, offered)))

    def _on_retry(self, packet: Packet, one: QuicPacket) -> None:
        if self._retry is None and not packet.from_client:
            token = packet.text(RETRY_TOKEN)
            length = len(token.replace(":", "")) // 2 if token else None
            self._retry = Retry(packet.frame, length, one.scid, None)

    def result(self) -> Quic | None:
        if not self._tallies:
            return None
        numbers, streams, unnumbered = _known_to_tshark(self.flow)
        tls = self.flow.facts.get("tls_handshake")
        offered = tls.client_hello.alpn if isinstance(tls, TlsHandshake) and tls.client_hello else ()
        version = self._version
        return Quic(
            connection_numbers=numbers,
            udp_streams=streams,
            version=None if version is None else version_name(version),
            version_number=version,
            original_version=None if self._original_version is None else version_name(self._original_version),
            version_negotiation=self._negotiation,
            retry=self._retry,
            client_initial_dcid=self._first_dcid,
            client_scid=self._scids.get(True),
            server_scid=self._scids.get(False),
            outcome=self._outcome(),
            rtt_ms=self._round_trip.ms,
            rtt_frames=self._round_trip.frames,
            packets=tuple(self._packets(kind) for kind in _ORDER if kind in self._tallies),
            closes=self._closes.result(http3=any(name.startswith("h3") for name in offered)),
            unnumbered_frames=unnumbered,
            decrypted=self._decrypted,
        )

    def _packets(self, kind: QuicPacketType) -> QuicPackets:
        tally = self._tallies[kind]
        client, server = tally.sent[True], tally.sent[False]
        return QuicPackets(
            type=kind,
            client_packets=client[0],
            client_bytes=client[1],
            server_packets=server[0],
            server_bytes=server[1],
            client_first_frame=tally.first.get(True),
            server_first_frame=tally.first.get(False),
            frames=tuple(tally.frames),
            frames_omitted=tally.omitted,
        )

    def _outcome(self) -> Literal["complete", "incomplete", "failed", "unanswered", "not_captured"]:
        if "initial" not in self._tallies or True not in self._tallies["initial"].first:
            return "not_captured"
        if not self.flow.server_packets:
            return "unanswered"
        if "one_rtt" in self._tallies and True in self._tallies["one_rtt"].first:
            return "complete"
        return "failed" if self._closes.found else "incomplete"

    def steps(self, result: Quic) -> Sequence[Step]:
        return quic_story.steps(self.flow, result)

    def claims(self, result: Quic) -> Sequence[Claim]:
        return quic_story.claims(self.flow, result)


def _known_to_tshark(flow: Flow) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Return tshark's numbers for the connection and its paths, and how many datagrams have none."""
    known = flow.facts.get("datagrams")
    return known if isinstance(known, tuple) else ((), (), 0)
