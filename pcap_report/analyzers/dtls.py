"""What does a DTLS session show besides its hellos? Cookies, connection ids, repeats and fragments.

RFC 6347, 4.2.1 (HelloVerifyRequest) and 4.2.3 (fragments); RFC 9146 (connection ids).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.dtls_records import HANDSHAKE_LENGTH, HANDSHAKE_TYPE, is_dtls
from pcap_report.analyzers.dtls_session import CONNECTION_ID, session_of
from pcap_report.analyzers.filters import at_frame, frame_filter, in_flow
from pcap_report.analyzers.proof import claim
from pcap_report.analyzers.tls_hello import CLIENT_HELLO, SERVER_HELLO
from pcap_report.model.dtls import Dtls, DtlsConnectionId, DtlsDatagrams, HelloVerifyRequest
from pcap_report.model.message import msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

MESSAGE_NUMBER: Final = "dtls.handshake.message_seq"
FRAGMENT_LENGTH: Final = "dtls.handshake.fragment_length"
COOKIE_LENGTH: Final = "dtls.handshake.cookie_length"

_HELLO_VERIFY_REQUEST: Final = 3
_HELLOS: Final = (CLIENT_HELLO, SERVER_HELLO)
_REPEATED_LISTED: Final = 200
_MESSAGES_KEPT: Final = 1000


class DtlsAnalyzer(ConnectionAnalyzer[Dtls]):
    """The parts of a DTLS session that TLS over TCP does not have."""

    id = "dtls"
    transports = frozenset(("dtls",))
    fields = (HANDSHAKE_TYPE, HANDSHAKE_LENGTH, MESSAGE_NUMBER, FRAGMENT_LENGTH, COOKIE_LENGTH, CONNECTION_ID)

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session = session_of(flow)
        self._request: HelloVerifyRequest | None = None
        self._seen: set[tuple[bool, int, int]] = set()
        self._fragmented: set[tuple[bool, int]] = set()
        self._repeated: list[int] = []
        self._counts = {True: {True: [0, 0], False: [0, 0]}, False: {True: [0, 0], False: [0, 0]}}
        """Datagrams and bytes by "tshark takes it apart" and by "from the client"."""

    def on_packet(self, packet: Packet) -> None:
        self._session.see(packet)
        dissected = is_dtls(packet)
        count = self._counts[dissected][packet.from_client]
        count[0] += 1
        count[1] += packet.payload
        if dissected and packet.has(HANDSHAKE_TYPE) and len(self._seen) < _MESSAGES_KEPT:
            self._on_messages(packet)

    def _on_messages(self, packet: Packet) -> None:
        kinds = packet.numbers(HANDSHAKE_TYPE)
        numbers = packet.numbers(MESSAGE_NUMBER)
        wholes, parts = packet.numbers(HANDSHAKE_LENGTH), packet.numbers(FRAGMENT_LENGTH)
        for kind, number, whole, part in zip(kinds, numbers, wholes, parts, strict=False):
            if part < whole:
                self._fragmented.add((packet.from_client, number))
                continue
            message = (packet.from_client, kind, number)
            if message in self._seen and kind in _HELLOS and len(self._repeated) < _REPEATED_LISTED:
                self._repeated.append(packet.frame)
            self._seen.add(message)
        self._on_request(packet, kinds)

    def _on_request(self, packet: Packet, kinds: list[int]) -> None:
        request = self._request
        if _HELLO_VERIFY_REQUEST in kinds and request is None:
            self._request = HelloVerifyRequest(packet.frame, packet.number(COOKIE_LENGTH), None)
        elif CLIENT_HELLO in kinds and request and request.second_client_hello_frame is None:
            self._request = replace(request, second_client_hello_frame=packet.frame)

    def result(self) -> Dtls | None:
        _, streams, _ = self._known_to_tshark()
        return Dtls(
            udp_stream=streams[0] if streams else None,
            hello_verify_request=self._request,
            client_connection_id=self._id_of(client=True),
            server_connection_id=self._id_of(client=False),
            repeated_hellos=tuple(self._repeated),
            fragmented_messages=len(self._fragmented),
            datagrams=self._datagrams(dissected=True),
            undissected=self._datagrams(dissected=False),
        )

    def _known_to_tshark(self) -> tuple[tuple[int, ...], tuple[int, ...], int]:
        known = self.flow.facts.get("datagrams")
        return known if isinstance(known, tuple) else ((), (), 0)

    def _id_of(self, *, client: bool) -> DtlsConnectionId | None:
        known = self._session.ids.get(client)
        return DtlsConnectionId(*known) if known else None

    def _datagrams(self, *, dissected: bool) -> DtlsDatagrams:
        client, server = self._counts[dissected][True], self._counts[dissected][False]
        return DtlsDatagrams(client[0], client[1], server[0], server[1])

    def claims(self, result: Dtls) -> Sequence[Claim]:
        return list(self._claims(result))

    def _claims(self, result: Dtls) -> Iterator[Claim]:
        request = result.hello_verify_request
        if request:
            yield claim(
                "dtls.hello_verify_request",
                msg("HelloVerifyRequest: the server lets the client prove its address with a cookie."),
                [request.frame],
                at_frame(self.flow, request.frame, "dtls.handshake.type == 3"),
            )
        if result.repeated_hellos:
            yield claim(
                "dtls.repeated_hellos",
                msg_n(
                    "%(count)s hello was sent once more.",
                    "%(count)s hellos were sent once more.",
                    len(result.repeated_hellos),
                ),
                result.repeated_hellos,
                in_flow(self.flow, "dtls.handshake.type <= 2", frame_filter(result.repeated_hellos)),
            )
        for identity in (result.client_connection_id, result.server_connection_id):
            if identity:
                yield claim(
                    "dtls.connection_id."
                    + ("client" if identity is result.client_connection_id else "server"),
                    msg("This side wants to be called by the connection id %(dcid)s.", dcid=identity.id),
                    [identity.frame],
                    at_frame(self.flow, identity.frame, "dtls.connection_id"),
                )
