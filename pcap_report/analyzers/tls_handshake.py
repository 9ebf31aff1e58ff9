"""What was agreed before the application spoke? The TLS handshake (RFC 8446, section 2; RFC 5246, 7.3).

Measures only; the sentences and arrows stand in ``tls_story``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace
from mypy_extensions import mypyc_attr

from pcap_report.analyzers import tls_alerts, tls_ssl2, tls_story
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.iana.tls import group_name
from pcap_report.analyzers.server_flight import ServerFlightTracker
from pcap_report.analyzers.tls_alerts import AlertReader
from pcap_report.analyzers.tls_authentication import Authentication
from pcap_report.analyzers.tls_extensions import COOKIE
from pcap_report.analyzers.tls_fields import NAMED_CURVE, SERVER_KEY_EXCHANGE
from pcap_report.analyzers.tls_hello import CLIENT_HELLO, SERVER_HELLO, client_hello, is_tls13
from pcap_report.analyzers.tls_plain_beginning import PlainBeginningFinder
from pcap_report.analyzers.tls_protocols import FIELDS as PROTOCOL_FIELDS
from pcap_report.analyzers.tls_protocols import ProtocolFinder
from pcap_report.analyzers.tls_records import CHANGE_CIPHER_SPEC, TlsRecord
from pcap_report.analyzers.tls_renegotiation import RenegotiationFinder
from pcap_report.analyzers.tls_resumption import ResumptionFinder
from pcap_report.analyzers.tls_session import SECOND_LOOK, SESSION_FIELDS, Role, session_of
from pcap_report.analyzers.tls_terms import terms_of
from pcap_report.model.packet import FIN, RST
from pcap_report.model.tls import Alert, ClientHello, HelloRetryRequest, SecondLook, ServerHello, TlsHandshake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

_COOKIE_HEADER = 2
_REPEATS_LISTED = 100


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TlsHandshakeAnalyzer(ConnectionAnalyzer[TlsHandshake]):
    """Hellos, certificates, resumption, alerts of a connection, and what came before and after."""

    id = "tls_handshake"
    fields = (*SESSION_FIELDS, *tls_alerts.FIELDS, *PROTOCOL_FIELDS)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session = session_of(flow)
        self._finished = self._session.finished
        self._client_hello: ClientHello | None = None
        self._client_hello_end = 0
        self._server_hello: ServerHello | None = None
        self._retry: HelloRetryRequest | None = None
        self._key_exchange: tuple[int, str] | None = None
        self._encrypted_from: int | None = None
        self._ssl2_kind: str | None = None
        self._flight = ServerFlightTracker()
        self._beginning = PlainBeginningFinder()
        self._authentication = Authentication()
        self._resumption = ResumptionFinder()
        self._protocols = ProtocolFinder()
        self._renegotiation = RenegotiationFinder()
        self._alerts = AlertReader()
        self._closed = self._client_went_on = self._answered = False
        self._server_seq = 0
        self._plain_answer: int | None = None

    def on_packet(self, packet: Packet) -> None:
        self._on_end(packet)
        if not packet.payload:
            self._on_bare_segment(packet)
            return
        if self._client_hello is None and self._server_hello is None and "tls" not in packet.protocols:
            self._beginning.see(packet)
            return
        if self._finished.frame is None:
            self.flow.mark_perhaps(packet)
        self._flight.see(packet)
        roles = self._session.records(packet)
        if self._session.only_data and self._encrypted_from is not None and not self._alerts.alerts:
            return
        for message in self._session.messages:
            self._on_message(packet, message)
        if roles:
            self._on_records(packet, roles)

    def _on_end(self, packet: Packet) -> None:
        """See whether the connection ends, or the client goes on, while its Finished is still to come."""
        if self._client_hello is None or self._finished.frame is not None:
            return
        if packet.flags & (FIN | RST):
            self._closed = True
        elif packet.payload and not packet.from_client:
            self._on_answer(packet)
        elif packet.payload and packet.from_client and packet.seq >= self._client_hello_end:
            self._client_went_on = True

    def _on_answer(self, packet: Packet) -> None:
        """See whether the server's first bytes are TLS: Wireshark expects it here, and knows its pieces."""
        first = not self._answered
        self._answered = True
        if first and packet.seq == self._server_seq and "tls" not in packet.protocols:
            self._plain_answer = packet.frame
            self.flow.mark(packet)

    def _on_bare_segment(self, packet: Packet) -> None:
        hello = self._client_hello
        if hello is None or hello.ack_frame is not None or packet.from_client:
            return
        if packet.is_pure_ack and packet.ack >= self._client_hello_end and self._server_hello is None:
            self.flow.mark(packet)
            self._client_hello = replace(hello, ack_frame=packet.frame, acked_with=packet.ack)

    def _on_message(self, packet: Packet, message: HandshakeMessage) -> None:
        if tls_ssl2.is_ssl2(packet):
            self._on_ssl2_message(packet, message)
            return
        if message.kind == CLIENT_HELLO and packet.from_client:
            time_s = self.flow.seconds(packet.time_ns)
            self._on_client_hello(packet, client_hello(packet, time_s, message=message))
        elif not packet.from_client:
            self._on_server_message(packet, message)
        self._authentication.see(packet, message)
        self._resumption.see(packet, message)
        self._protocols.see(packet, message)

    def _on_ssl2_message(self, packet: Packet, message: HandshakeMessage) -> None:
        if message.kind == CLIENT_HELLO and packet.from_client:
            self._on_client_hello(packet, tls_ssl2.client_hello(packet, self.flow.seconds(packet.time_ns)))
        elif message.kind == tls_ssl2.CLIENT_MASTER_KEY and packet.from_client:
            self._ssl2_kind = self._ssl2_kind or tls_ssl2.chosen_kind(packet)
        self._server_hello = self._server_hello or self._session.server_hello

    def _on_client_hello(self, packet: Packet, hello: ClientHello) -> None:
        first = self._client_hello
        if first is None:
            self._client_hello = hello
            self._client_hello_end = packet.seq + packet.payload
            self._server_seq = packet.ack
        elif self._retry and self._retry.second_client_hello_frame is None:
            self._retry = replace(self._retry, second_client_hello_frame=packet.frame)
        elif hello.random == first.random and len(first.repeated_frames) < _REPEATS_LISTED:
            self._client_hello = replace(first, repeated_frames=(*first.repeated_frames, packet.frame))

    def _on_server_message(self, packet: Packet, message: HandshakeMessage) -> None:
        if message.kind == SERVER_KEY_EXCHANGE and self._key_exchange is None:
            group = message.number(NAMED_CURVE)
            self._key_exchange = None if group is None else (packet.frame, group_name(group))
        retry = self._session.retry
        if retry is not None and self._retry is None:
            length = message.extension_length(COOKIE)
            self._retry = HelloRetryRequest(
                packet.frame,
                retry.key_share_group,
                None,
                cookie_length=None if length is None else length - _COOKIE_HEADER,
                cipher_suite=retry.cipher_suite,
                version=retry.version,
            )
        if message.kind == SERVER_HELLO and self._server_hello is None and self._session.server_hello:
            self._server_hello = self._session.server_hello
            self._flight.start(packet)

    def _on_records(self, packet: Packet, roles: Sequence[tuple[TlsRecord, Role]]) -> None:
        records = [record for record, _ in roles]
        if self._alerts.see(packet, records) or packet.frame in self._session.changed.values():
            self.flow.mark(packet)
        if any(role is Role.DATA for _, role in roles):
            self._alerts.see_data(packet)
        choice = self._session.choice
        if choice is None and packet.from_client and self._client_hello:
            self._resumption.see_records(packet, records)
        elif choice is not None and not is_tls13(choice.version):
            self._renegotiation.see(packet, records)
        if self._encrypted_from is None:
            self._look_for_encryption(
                packet, records, by_change=choice is None or not is_tls13(choice.version)
            )

    def _look_for_encryption(self, packet: Packet, records: Sequence[TlsRecord], *, by_change: bool) -> None:
        """See whether a record is encrypted: by its type, or up to TLS 1.2 because it follows a change."""
        changed_in = self._session.changed.get(packet.from_client)
        changed = changed_in is not None and changed_in < packet.frame
        for record in records:
            if record.opaque or (changed and by_change):
                self._encrypted_from = packet.frame
                return
            changed = changed or record.content_type == CHANGE_CIPHER_SPEC

    def result(self) -> TlsHandshake | None:
        hello, answer, session = self._client_hello, self._server_hello, self._session
        if hello is None and answer is None and not self._alerts.alerts:
            return None
        self._finished.settle()
        choice = session.choice
        version = choice.version if choice else None
        suite = self._ssl2_kind or (choice.cipher_suite if choice else None)
        if answer and self._ssl2_kind:
            answer = replace(answer, cipher_suite=suite)
        early_data = self._resumption.early_data(hello, answer, retried=self._retry is not None)
        resumed = self._resumption.resumed(hello, answer, session.changed)
        alpn = self._protocols.alpn or (answer.alpn if answer else None)
        known = self._authentication
        return TlsHandshake(
            version=version,
            cipher_suite=suite,
            alpn=alpn,
            sni=hello.sni if hello else None,
            resumed=resumed,
            hello_retry_request=self._retry,
            encrypted_from_frame=self._encrypted_from,
            client_hello=hello,
            server_hello=answer,
            server_flight=self._flight.result(),
            certificates=tuple(known.certificates),
            alerts=self._all_alerts(),
            client_change_cipher_spec_frame=session.changed.get(True),
            server_change_cipher_spec_frame=session.changed.get(False),
            client_finished_frame=self._finished.frame,
            outcome=self._outcome(),
            duration_ms=self._duration_ms(),
            early_data_offered=early_data is not None and early_data.offered,
            key_exchange_group=self._group(),
            server_key_exchange_frame=self._key_exchange[0] if self._key_exchange else None,
            resumption=self._resumption.resumption(hello, resumed),
            early_data=early_data,
            client_authentication=known.client_authentication(),
            terms=terms_of(hello, answer),
            session_ticket=self._resumption.ticket,
            stapling=known.stapling(hello, answer, is_13=is_tls13(version)),
            next_protocol=self._protocols.next_protocol(),
            renegotiation=self._renegotiation.result(),
            sni_matches_certificate=known.speaks_for(hello.sni if hello else None),
            chain_in_order=known.chain_in_order(),
            after_fatal_alert=tuple(self._alerts.after_fatal),
            plain_beginning=self._beginning.result(hello),
            plain_answer_frame=self._plain_answer_frame(),
            second_look=look if isinstance(look := self.flow.facts.get(SECOND_LOOK), SecondLook) else None,
        )

    @property
    def plain_protocol(self) -> str | None:
        """The protocol above TCP that was spoken before TLS, as far as tshark knows."""
        return self._beginning.protocol

    def _group(self) -> str | None:
        choice = self._session.choice
        if choice and choice.key_share_group:
            return choice.key_share_group
        return self._key_exchange[1] if self._key_exchange else None

    def _plain_answer_frame(self) -> int | None:
        """Return the server's answer that is no TLS; what it said later may show that it was."""
        known = self._session.choice or self._alerts.alerts
        return None if known else self._plain_answer

    def _all_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts, with the one that TLS 1.3 hides where the client's Finished should be."""
        hidden = self._finished.alert_frame if self._finished.frame is None else None
        found = [] if hidden is None else [Alert(hidden, "client", None, None)]
        return tuple(sorted([*self._alerts.alerts, *found], key=lambda alert: alert.frame))

    def _outcome(self) -> Literal["complete", "failed", "incomplete"]:
        if self._finished.frame is not None or self._session.answered:
            return "complete"
        both_recorded = self.flow.client_packets and self.flow.server_packets
        broke_off = self._closed and both_recorded and not self._client_went_on
        refused = self._alerts.has_fatal or self._plain_answer_frame() is not None
        failed = refused or self._finished.alert_frame is not None or broke_off
        return "failed" if failed else "incomplete"

    def _duration_ms(self) -> float | None:
        if self._client_hello is None or self._finished.time_ns is None:
            return None
        return (self.flow.seconds(self._finished.time_ns) - self._client_hello.time_s) * 1000

    def key_frames(self, result: TlsHandshake) -> Sequence[tuple[int, str]]:
        frames: list[tuple[int, str]] = []
        if result.client_hello:
            frames.append((result.client_hello.frame, "client_hello"))
        if result.server_hello:
            frames.append((result.server_hello.frame, "server_hello"))
        return frames

    def steps(self, result: TlsHandshake) -> Sequence[Step]:
        return tls_story.steps(self.flow, result)

    def claims(self, result: TlsHandshake) -> Sequence[Claim]:
        return tls_story.claims(self.flow, result)
