"""What the record of a DTLS handshake says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers.filters import at_frame, frame_filter, in_flow
from pcap_report.analyzers.proof import arrow, claim, note, side_of
from pcap_report.analyzers.tls_hello_story import (
    client_hello_claims,
    client_hello_lines,
    retry_claim,
    server_hello_claims,
    server_hello_lines,
)
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Side, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet
    from pcap_report.model.tls import TlsHandshake

PHASE: Final = "tls_handshake"

FINISHED: Final = 20
HELLO_RETRY_REQUEST: Final = -1
CHANGE_CIPHER_SPEC_MESSAGE: Final = -2
"""No handshake messages on the wire, but told like them."""
_MESSAGES: Final = {
    HELLO_RETRY_REQUEST: "HelloRetryRequest",
    CHANGE_CIPHER_SPEC_MESSAGE: "ChangeCipherSpec",
    1: "ClientHello",
    2: "ServerHello",
    3: "HelloVerifyRequest",
    4: "NewSessionTicket",
    11: "Certificate",
    12: "ServerKeyExchange",
    13: "CertificateRequest",
    14: "ServerHelloDone",
    15: "CertificateVerify",
    16: "ClientKeyExchange",
    FINISHED: "Finished",
    22: "CertificateStatus",
}
_FLIGHTS_SHOWN: Final = 30


class _Datagram(NamedTuple):
    frame: int
    side: Side
    messages: tuple[str, ...]


class Flights:
    """The datagrams of the handshake with the messages in each, for the arrows."""

    def __init__(self) -> None:
        self.datagrams: list[_Datagram] = []

    def add(self, flow: Flow, packet: Packet, kinds: Sequence[int]) -> None:
        """Take a datagram with handshake messages."""
        names = tuple(dict.fromkeys(_MESSAGES.get(kind, str(kind)) for kind in kinds))
        if names and len(self.datagrams) < _FLIGHTS_SHOWN:
            self.datagrams.append(_Datagram(packet.frame, side_of(packet.from_client), names))
            flow.mark(packet)


def steps(flow: Flow, tls: TlsHandshake, flights: Flights) -> Sequence[Step]:
    """Return an arrow for every datagram of the handshake, and for alerts."""
    hello, answer = tls.client_hello, tls.server_hello
    details: dict[int, list[Message]] = {}
    if hello:
        details[hello.frame] = client_hello_lines(hello)
    if answer:
        details[answer.frame] = server_hello_lines(answer)
    found = [
        arrow(flow, PHASE, one.side, [one.frame], 0.0, _title(one), *details.get(one.frame, ()))
        for one in flights.datagrams
    ]
    return [*found, *_late_steps(flow, tls)]


def _title(datagram: _Datagram) -> Message:
    return msg("DTLS %(messages)s", messages=datagram.messages)


def _late_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    time_s = tls.server_hello.time_s if tls.server_hello else 0.0
    if tls.encrypted_from_frame:
        text = msg("From frame %(frame)s on, everything travels encrypted", frame=tls.encrypted_from_frame)
        yield note(PHASE, tls.encrypted_from_frame, time_s, text)
    for alert in tls.alerts:
        label = (
            msg("Alert: %(level)s %(alert)s", level=alert.level, alert=alert.description)
            if alert.description
            else msg("Alert (encrypted)")
        )
        yield arrow(flow, PHASE, alert.sender, [alert.frame], time_s, label, style="alert")


def claims(flow: Flow, tls: TlsHandshake) -> Sequence[Claim]:
    """Return the statements of the handshake, in the order of the story."""
    found: list[Claim] = []
    if tls.client_hello:
        found += client_hello_claims(flow, tls.client_hello)
    if tls.hello_retry_request:
        found.append(retry_claim(flow, tls.hello_retry_request))
    if tls.server_hello:
        found += server_hello_claims(flow, tls.server_hello)
    return [*found, *_encryption_claims(flow, tls), *_alert_claims(flow, tls)]


def _encryption_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    changes = [tls.server_change_cipher_spec_frame, tls.client_change_cipher_spec_frame]
    frames = [frame for frame in changes if frame is not None]
    if frames:
        yield claim(
            "tls_handshake.change_cipher_spec",
            msg("ChangeCipherSpec: from here on the sender encrypts."),
            frames,
            in_flow(flow, "dtls.record.content_type == 20", frame_filter(frames)),
        )
    if tls.encrypted_from_frame:
        yield claim(
            "tls_handshake.encrypted_from",
            msg("The first encrypted record; from here on the content is hidden."),
            [tls.encrypted_from_frame],
            at_frame(flow, tls.encrypted_from_frame),
        )
    if tls.client_finished_frame:
        yield claim(
            "tls_handshake.finished",
            msg("The client's Finished, told by its size: its handshake is over.")
            if tls.version == "DTLS 1.3"
            else msg("The client's Finished, encrypted: its handshake is over."),
            [tls.client_finished_frame],
            at_frame(flow, tls.client_finished_frame),
        )


def _alert_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    for number, alert in enumerate(tls.alerts, start=1):
        text = (
            msg(
                "DTLS alert from the %(sender_term)s: %(level)s, %(alert)s.",
                sender_term=alert.sender,
                level=alert.level,
                alert=alert.description,
            )
            if alert.description
            else msg("An encrypted DTLS alert from the %(sender_term)s.", sender_term=alert.sender)
        )
        where = at_frame(flow, alert.frame, "dtls.record.content_type == 21")
        yield claim(f"tls_handshake.alert.{number}", text, [alert.frame], where)
