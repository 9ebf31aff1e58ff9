"""One TLS session while it is being read: which records are handshake, which are the application's.

TLS 1.3 writes "application data" on the outside of every encrypted record, handshake messages and alerts
included. Until the client's Finished, the encrypted records are the handshake's; afterwards they are the
application's, except session tickets, key updates and other late messages, which cannot be told apart
without keys.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

from pcap_report.analyzers import tls_ssl2
from pcap_report.analyzers.tls_fields import HELLO_RETRY_REQUEST, MESSAGE_FIELDS
from pcap_report.analyzers.tls_finished import FinishedFinder, finished_record_length
from pcap_report.analyzers.tls_hello import (
    CLIENT_HELLO,
    EXTENSION_EARLY_DATA,
    FIELDS,
    HELLO_RETRY_RANDOM,
    RANDOM,
    SERVER_HELLO,
    TYPE,
    is_tls13,
    server_hello,
)
from pcap_report.analyzers.tls_messages import messages_of
from pcap_report.analyzers.tls_records import (
    ALERT,
    APPLICATION_DATA,
    CHANGE_CIPHER_SPEC,
    TlsRecord,
    records_of,
)
from pcap_report.analyzers.tls_records import FIELDS as RECORD_FIELDS

if TYPE_CHECKING:
    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import ServerHello

SESSION_FIELDS: Final = (*FIELDS, *RECORD_FIELDS, *MESSAGE_FIELDS, tls_ssl2.CIPHER_KIND)
_KEY: Final = "tls_session"
SECOND_LOOK: Final = "second_look"
"""Where a flow that is read a second time says so, with a SecondLook."""
_RECORD_HEADER: Final = 5
_RANDOMS_KEPT: Final = 100
_ON_TCP: Final = ":tcp:tls"


class Role(Enum):
    """What a record carries."""

    HANDSHAKE = "handshake"
    CHANGE = "change_cipher_spec"
    ALERT = "alert"
    DATA = "data"


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TlsSession:
    """Follows hellos and ChangeCipherSpec, and gives every record its role.

    Attributes:
        started: a ClientHello or ServerHello was seen.
        server_hello: the ServerHello, HelloRetryRequests aside.
        retry: the HelloRetryRequest: it settles version and suite too.
        finished: where the client's part of the handshake ends.
        changed: the first frame with a ChangeCipherSpec of each side, by "from the client".
        messages: the handshake messages that end in the latest packet.
        answered: the server acknowledges a last flight of the client's that was not captured.
        randoms: of the hellos that were read, in hexadecimal, with the frame; they tell one from another.
        stands_on_tcp: tshark sees TLS directly over TCP, and not inside another protocol.
        only_data: the latest packet holds nothing but application data, after the client's Finished.
    """

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.started = False
        self.server_hello: ServerHello | None = None
        self.retry: ServerHello | None = None
        self.finished = FinishedFinder()
        self.changed: dict[bool, int] = {}
        self.messages: list[HandshakeMessage] = []
        self.randoms: dict[str, int] = {}
        self.stands_on_tcp = False
        self.only_data = False
        self._frame = 0
        self._roles: tuple[tuple[TlsRecord, Role], ...] = ()
        self.answered = False
        self._answered_from = 0
        self._client_spoke = False
        self._early_data = False

    def records(self, packet: Packet) -> tuple[tuple[TlsRecord, Role], ...]:
        """Return the packet's records with their roles; asking twice for a packet gives the same answer."""
        if packet.frame != self._frame:
            self._frame = packet.frame
            self.stands_on_tcp = self.stands_on_tcp or _ON_TCP in packet.protocols
            records = records_of(packet)
            decided = self.finished.frame is not None and not packet.has(TYPE)
            if decided and _is_application_data(records):
                self.messages, self.only_data = [], True
                self._roles = tuple([(record, Role.DATA) for record in records])
                return self._roles
            self.only_data = False
            self.messages = messages_of(packet) if packet.has(TYPE) else []
            if self.messages:
                self._note_hellos(packet)
            self._client_spoke = self._client_spoke or (packet.from_client and self.server_hello is not None)
            self._roles = tuple([(record, self._role(packet, record)) for record in records])
        return self._roles

    @property
    def choice(self) -> ServerHello | None:
        """What the server chose: its ServerHello, or before that its HelloRetryRequest."""
        return self.server_hello or self.retry

    def _note_hellos(self, packet: Packet) -> None:
        ssl2 = tls_ssl2.is_ssl2(packet)
        for message in self.messages:
            if len(self.randoms) < _RANDOMS_KEPT and (random := message.text(RANDOM)):
                self.randoms.setdefault(random.replace(":", ""), packet.frame)
            if ssl2:
                self._note_ssl2(packet, message)
            elif message.kind in {SERVER_HELLO, HELLO_RETRY_REQUEST} and not packet.from_client:
                self._note_server_hello(packet, message)
            self.started = self.started or message.kind in {CLIENT_HELLO, SERVER_HELLO}
            early = (
                message.kind == CLIENT_HELLO and message.extension_length(EXTENSION_EARLY_DATA) is not None
            )
            self._early_data = self._early_data or early

    def _note_server_hello(self, packet: Packet, message: HandshakeMessage) -> None:
        hello = server_hello(packet, self._flow.seconds(packet.time_ns), message=message)
        if message.kind == HELLO_RETRY_REQUEST or hello.random == HELLO_RETRY_RANDOM:
            self.retry = self.retry or hello
        elif self.server_hello is None:
            self.server_hello = hello
            self._answered_from = packet.ack

    def _note_ssl2(self, packet: Packet, message: HandshakeMessage) -> None:
        if message.kind == tls_ssl2.SERVER_HELLO and not packet.from_client and self.server_hello is None:
            self.server_hello = tls_ssl2.server_hello(packet, self._flow.seconds(packet.time_ns))

    def _role(self, packet: Packet, record: TlsRecord) -> Role:
        if record.content_type == CHANGE_CIPHER_SPEC:
            self.changed.setdefault(packet.from_client, packet.frame)
            return Role.CHANGE
        if record.content_type == ALERT:
            return Role.ALERT
        choice = self.choice
        if choice is None:
            return self._role_without_server(packet, record)
        after_change = packet.from_client in self.changed
        if self.finished.see(packet, record, choice, after_change=after_change):
            return Role.HANDSHAKE
        if record.content_type != APPLICATION_DATA:
            return Role.HANDSHAKE
        servers_flight = not packet.from_client and self.finished.frame is None
        hidden = servers_flight and is_tls13(choice.version) and not self._answered(packet, choice)
        return Role.HANDSHAKE if hidden else Role.DATA

    def _role_without_server(self, packet: Packet, record: TlsRecord) -> Role:
        """Only the client was captured: what follows its ChangeCipherSpec is its Finished in any version.

        Up to TLS 1.2 the record says so; in TLS 1.3 it says "application data".
        """
        first = packet.from_client and True in self.changed and not (self._client_spoke or self._early_data)
        if record.content_type != APPLICATION_DATA or first:
            self._client_spoke = self._client_spoke or first
            return Role.HANDSHAKE
        return Role.DATA

    def _answered(self, packet: Packet, choice: ServerHello) -> bool:
        """The server acknowledges a flight of the client's that the capture does not have."""
        if self._client_spoke:
            return False
        expected = _RECORD_HEADER + finished_record_length(choice.cipher_suite)
        self.answered = self.answered or packet.ack >= self._answered_from + expected
        return self.answered


def _is_application_data(records: tuple[TlsRecord, ...]) -> bool:
    for record in records:
        if record.content_type != APPLICATION_DATA:
            return False
    return bool(records)


def session_of(flow: Flow) -> TlsSession:
    """Return the flow's TLS session, which all analyzers of the flow share."""
    session = known_session(flow)
    if session is None:
        session = flow.facts[_KEY] = TlsSession(flow)
    return session


def known_session(flow: Flow) -> TlsSession | None:
    """Return the flow's TLS session; None when no analyzer has asked for it."""
    session = flow.facts.get(_KEY)
    return session if isinstance(session, TlsSession) else None
