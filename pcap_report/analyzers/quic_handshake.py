"""What was agreed in the TLS handshake inside QUIC? RFC 9001, section 4.

QUIC carries the handshake messages in CRYPTO frames, without records. The hellos travel in Initial packets,
which anyone can read; the rest in Handshake packets, which nobody can without keys. tshark puts the frames
together and shows a message in the datagram that completes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec.structs import replace

from pcap_report.analyzers import fingerprints, quic_packets, tls_hello
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.certificates import certificates_in
from pcap_report.analyzers.iana.tls import alert_name, group_name
from pcap_report.analyzers.proof import side_of
from pcap_report.analyzers.quic_crypto import FIELDS as CRYPTO_FIELDS
from pcap_report.analyzers.quic_crypto import CarrierFinder, own_extensions
from pcap_report.analyzers.quic_handshake_story import claims, steps
from pcap_report.analyzers.quic_packets import packets_of
from pcap_report.model.tls import (
    Alert,
    Certificate,
    ClientHello,
    HelloRetryRequest,
    ServerHello,
    TlsHandshake,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet
    from pcap_report.model.quic import QuicPacketType

CERTIFICATE: Final = "tls.handshake.certificate"
TLS_ALERT: Final = "quic.cc.error_code.tls_alert"

_ENCRYPTED_EXTENSIONS: Final = 8
_CERTIFICATE_MESSAGE: Final = 11
_FINISHED: Final = 20
_ALERTS_LISTED: Final = 20
_CERTIFICATES_LISTED: Final = 50


class QuicHandshakeAnalyzer(ConnectionAnalyzer[TlsHandshake]):
    """ClientHello and ServerHello out of Initial packets, what follows with keys, where encryption begins."""

    id = "tls_handshake"
    transports = frozenset(("quic",))
    fields = (*tls_hello.FIELDS, *quic_packets.FIELDS, *CRYPTO_FIELDS, CERTIFICATE, TLS_ALERT)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._client_hello: ClientHello | None = None
        self._server_hello: ServerHello | None = None
        self._server_extensions: tuple[int, ...] = ()
        self._retry: HelloRetryRequest | None = None
        self._carriers = CarrierFinder()
        self._encrypted_from: int | None = None
        self._finished: tuple[int, int] | None = None
        self._finished_read = False
        self._client_done = False
        self._alpn: str | None = None
        self._alerts: list[Alert] = []
        self._certificates: list[Certificate] = []

    def on_packet(self, packet: Packet) -> None:
        kinds = {one.type for one in packets_of(self.flow, packet)}
        if self._encrypted_from is None and not kinds.isdisjoint(("handshake", "one_rtt", "zero_rtt")):
            self._encrypted_from = packet.frame
            self.flow.mark(packet)
        if packet.from_client:
            self._carriers.see(packet)
        for kind in packet.numbers(tls_hello.TYPE):
            self._on_message(packet, kind)
        if packet.has(TLS_ALERT) and len(self._alerts) < _ALERTS_LISTED:
            self._on_alert(packet)
        if packet.from_client and not self._client_done:
            self._look_for_finished(packet, kinds)

    def _on_message(self, packet: Packet, kind: int) -> None:
        if kind == tls_hello.CLIENT_HELLO and packet.from_client:
            self._on_client_hello(packet)
        elif kind == tls_hello.SERVER_HELLO and not packet.from_client:
            self._on_server_hello(packet)
        elif kind == _ENCRYPTED_EXTENSIONS and not packet.from_client:
            self._alpn = packet.text(tls_hello.ALPN)
        elif kind == _CERTIFICATE_MESSAGE:
            room = _CERTIFICATES_LISTED - len(self._certificates)
            values = packet.texts(CERTIFICATE)[:room]
            self._certificates += certificates_in(values, packet.frame, side_of(packet.from_client))
        elif kind == _FINISHED and packet.from_client and not self._finished_read:
            self._finished, self._finished_read = (packet.frame, packet.time_ns), True

    def _on_client_hello(self, packet: Packet) -> None:
        self.flow.mark(packet)
        if self._client_hello is None:
            hello = tls_hello.client_hello(packet, self.flow.seconds(packet.time_ns), transport="q")
            frames = self._carriers.carriers(packet.frame)
            self._client_hello = replace(hello, frames=frames, record_version=None)
        elif self._retry and self._retry.second_client_hello_frame is None:
            self._retry = replace(self._retry, second_client_hello_frame=packet.frame)

    def _on_server_hello(self, packet: Packet) -> None:
        self.flow.mark(packet)
        if self._server_hello is not None:
            return
        hello = tls_hello.server_hello(packet, self.flow.seconds(packet.time_ns))
        if hello.random == tls_hello.HELLO_RETRY_RANDOM:
            group = packet.number(tls_hello.SELECTED_GROUP)
            name = None if group is None else group_name(group)
            self._retry = self._retry or HelloRetryRequest(packet.frame, name, None)
            return
        self._server_extensions = own_extensions(packet)
        suite, legacy = packet.number(tls_hello.CIPHER_SUITE), packet.number(tls_hello.MESSAGE_VERSION) or 0
        ja3s = None if suite is None else fingerprints.ja3s(legacy, suite, self._server_extensions)
        self._server_hello = replace(hello, ja3s=ja3s, record_version=None)

    def _on_alert(self, packet: Packet) -> None:
        number = packet.number(TLS_ALERT)
        name = None if number is None else alert_name(number)
        self._alerts.append(Alert(packet.frame, side_of(packet.from_client), "fatal", name))
        self.flow.mark(packet)

    def _look_for_finished(self, packet: Packet, kinds: set[QuicPacketType]) -> None:
        """Without keys: the client's last Handshake packet before its first 1-RTT packet (RFC 9001, 5.7)."""
        if "handshake" in kinds and not self._finished_read:
            self._finished = (packet.frame, packet.time_ns)
        self._client_done = "one_rtt" in kinds

    def result(self) -> TlsHandshake | None:
        hello, answer = self._client_hello, self._server_hello
        if hello is None and answer is None and not self._alerts:
            return None
        finished = self._finished if self._client_done or self._finished_read else None
        return TlsHandshake(
            version=answer.version if answer else None,
            cipher_suite=answer.cipher_suite if answer else None,
            alpn=self._alpn,
            sni=hello.sni if hello else None,
            resumed=tls_hello.EXTENSION_PSK in self._server_extensions if answer else None,
            hello_retry_request=self._retry,
            encrypted_from_frame=self._encrypted_from,
            client_hello=hello,
            server_hello=replace(answer, alpn=self._alpn) if answer else None,
            server_flight=None,
            certificates=tuple(self._certificates),
            alerts=tuple(self._alerts),
            client_change_cipher_spec_frame=None,
            server_change_cipher_spec_frame=None,
            client_finished_frame=finished[0] if finished else None,
            outcome=self._outcome(),
            duration_ms=(self.flow.seconds(finished[1]) - hello.time_s) * 1000
            if finished and hello
            else None,
            key_exchange_group=answer.key_share_group if answer else None,
            early_data_offered=hello is not None and tls_hello.EXTENSION_EARLY_DATA in hello.extensions,
        )

    def _outcome(self) -> Literal["complete", "failed", "incomplete"]:
        if self._client_done or self._finished_read:
            return "complete"
        return "failed" if self._alerts else "incomplete"

    def key_frames(self, result: TlsHandshake) -> Sequence[tuple[int, str]]:
        hellos = ((result.client_hello, "client_hello"), (result.server_hello, "server_hello"))
        return [(hello.frame, role) for hello, role in hellos if hello]

    def steps(self, result: TlsHandshake) -> Sequence[Step]:
        return steps(self.flow, result)

    def claims(self, result: TlsHandshake) -> Sequence[Claim]:
        return claims(self.flow, result)
