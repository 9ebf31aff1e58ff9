"""What was agreed in the DTLS handshake? RFC 6347, 4.2 (versions 1.0 and 1.2); RFC 9147, 5 (version 1.3).

Measures only; the sentences and arrows stand in ``dtls_story``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec.structs import replace

from pcap_report.analyzers import dtls_handshake_story, tls_hello
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.certificates import certificates_in
from pcap_report.analyzers.dtls_handshake_story import (
    CHANGE_CIPHER_SPEC_MESSAGE,
    FINISHED,
    HELLO_RETRY_REQUEST,
)
from pcap_report.analyzers.dtls_records import (
    FRAGMENT,
    HANDSHAKE_TYPE,
    HELLO_FIELDS,
    RECORD_FIELDS,
    DtlsRecord,
    as_tls,
    is_dtls,
    records_of,
)
from pcap_report.analyzers.dtls_session import session_of
from pcap_report.analyzers.iana.tls import alert_level_name, alert_name, group_name
from pcap_report.analyzers.proof import side_of
from pcap_report.analyzers.tls_records import ALERT, CHANGE_CIPHER_SPEC
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

ALERT_LEVEL: Final = "dtls.alert_message.level"
ALERT_DESCRIPTION: Final = "dtls.alert_message.desc"
NAMED_CURVE: Final = "dtls.handshake.server_named_curve"
CERTIFICATE: Final = "dtls.handshake.certificate"
RANDOM: Final = "dtls.handshake.random"

_CERTIFICATE_MESSAGE: Final = 11
_ALERTS_LISTED: Final = 100
_CERTIFICATES_LISTED: Final = 50


class DtlsHandshakeAnalyzer(ConnectionAnalyzer[TlsHandshake]):
    """Hellos, certificates, ChangeCipherSpec, Finished and alerts of a DTLS session."""

    id = "tls_handshake"
    transports = frozenset(("dtls",))
    fields = (
        *HELLO_FIELDS,
        *RECORD_FIELDS,
        FRAGMENT,
        ALERT_LEVEL,
        ALERT_DESCRIPTION,
        CERTIFICATE,
        NAMED_CURVE,
    )

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session = session_of(flow)
        self._client_hello: ClientHello | None = None
        self._server_hello: ServerHello | None = None
        self._server_extensions: tuple[int, ...] = ()
        self._retry: HelloRetryRequest | None = None
        self._alerts: list[Alert] = []
        self._certificates: list[Certificate] = []
        self._curve: int | None = None
        self._flights = dtls_handshake_story.Flights()

    def on_packet(self, packet: Packet) -> None:
        session = self._session
        session.see(packet)
        finished = packet.frame in session.finished_frames
        if not is_dtls(packet):
            if finished:
                self._flights.add(self.flow, packet, [FINISHED])
            return
        kinds = packet.numbers(HANDSHAKE_TYPE)
        # every fragment of a hello shows its type, the one that completes it shows the rest
        if packet.has(RANDOM):
            if tls_hello.CLIENT_HELLO in kinds and packet.from_client:
                self._on_client_hello(packet)
            elif tls_hello.SERVER_HELLO in kinds and not packet.from_client:
                self._on_server_hello(packet)
        if _CERTIFICATE_MESSAGE in kinds:
            room = _CERTIFICATES_LISTED - len(self._certificates)
            values = packet.texts(CERTIFICATE)[:room]
            self._certificates += certificates_in(values, packet.frame, side_of(packet.from_client))
        if self._curve is None and not packet.from_client:
            self._curve = packet.number(NAMED_CURVE)
        records = records_of(packet)
        self._on_alerts(packet, records)
        if session.in_handshake:
            changed = any(record.content_type == CHANGE_CIPHER_SPEC for record in records)
            is_retry = self._retry is not None and self._retry.frame == packet.frame
            shown = [HELLO_RETRY_REQUEST] if is_retry else kinds
            self._flights.add(
                self.flow, packet, [*shown, *[CHANGE_CIPHER_SPEC_MESSAGE] * changed, *[FINISHED] * finished]
            )

    def _on_client_hello(self, packet: Packet) -> None:
        self.flow.mark(packet)
        if self._client_hello is None:
            hello = tls_hello.client_hello(as_tls(packet), self.flow.seconds(packet.time_ns), transport="d")
            frames = tuple(sorted({*packet.numbers(FRAGMENT), packet.frame}))
            self._client_hello = replace(hello, frames=frames)
        elif self._retry and self._retry.second_client_hello_frame is None:
            self._retry = replace(self._retry, second_client_hello_frame=packet.frame)

    def _on_server_hello(self, packet: Packet) -> None:
        self.flow.mark(packet)
        if self._server_hello is not None:
            return
        view = as_tls(packet)
        hello = tls_hello.server_hello(view, self.flow.seconds(packet.time_ns))
        if hello.random == tls_hello.HELLO_RETRY_RANDOM:
            group = view.number(tls_hello.SELECTED_GROUP)
            name = None if group is None else group_name(group)
            self._retry = self._retry or HelloRetryRequest(packet.frame, name, None)
            return
        self._server_hello = hello
        self._server_extensions = tuple(view.numbers(tls_hello.EXTENSION))
        self._session.on_server_hello(hello)

    def _on_alerts(self, packet: Packet, records: list[DtlsRecord]) -> None:
        levels, descriptions = packet.numbers(ALERT_LEVEL), packet.numbers(ALERT_DESCRIPTION)
        for record in records:
            if record.content_type != ALERT or len(self._alerts) >= _ALERTS_LISTED:
                continue
            level = alert_level_name(levels.pop(0)) if levels else None
            description = alert_name(descriptions.pop(0)) if descriptions else None
            self._alerts.append(Alert(packet.frame, side_of(packet.from_client), level, description))
            self.flow.mark(packet)

    def result(self) -> TlsHandshake | None:
        hello, answer, session = self._client_hello, self._server_hello, self._session
        if hello is None and answer is None and not self._alerts:
            return None
        finished = session.finished.get(True)
        return TlsHandshake(
            version=answer.version if answer else None,
            cipher_suite=answer.cipher_suite if answer else None,
            alpn=answer.alpn if answer else None,
            sni=hello.sni if hello else None,
            resumed=self._resumed(),
            hello_retry_request=self._retry,
            encrypted_from_frame=session.encrypted_from,
            client_hello=hello,
            server_hello=answer,
            server_flight=None,
            certificates=tuple(self._certificates),
            alerts=tuple(self._alerts),
            client_change_cipher_spec_frame=session.changed.get(True),
            server_change_cipher_spec_frame=session.changed.get(False),
            client_finished_frame=finished[0] if finished else None,
            outcome=self._outcome(),
            duration_ms=(self.flow.seconds(finished[1]) - hello.time_s) * 1000
            if finished and hello
            else None,
            key_exchange_group=self._group(),
            early_data_offered=hello is not None and tls_hello.EXTENSION_EARLY_DATA in hello.extensions,
        )

    def _group(self) -> str | None:
        choice = self._server_hello
        if choice and choice.key_share_group:
            return choice.key_share_group
        return None if self._curve is None else group_name(self._curve)

    def _outcome(self) -> Literal["complete", "failed", "incomplete"]:
        if True in self._session.finished:
            return "complete"
        return "failed" if any(alert.level == "fatal" for alert in self._alerts) else "incomplete"

    def _resumed(self) -> bool | None:
        if self._server_hello is None:
            return None
        if self._session.is_13:
            return tls_hello.EXTENSION_PSK in self._server_extensions
        if any(certificate.sender == "server" for certificate in self._certificates):
            return False
        return True if False in self._session.changed and self._client_hello else None

    def key_frames(self, result: TlsHandshake) -> Sequence[tuple[int, str]]:
        hellos = ((result.client_hello, "client_hello"), (result.server_hello, "server_hello"))
        return [(hello.frame, role) for hello, role in hellos if hello]

    def steps(self, result: TlsHandshake) -> Sequence[Step]:
        return dtls_handshake_story.steps(self.flow, result, self._flights)

    def claims(self, result: TlsHandshake) -> Sequence[Claim]:
        return dtls_handshake_story.claims(self.flow, result)
