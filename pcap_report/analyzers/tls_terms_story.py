"""What is said about a TLS session beside its hellos: what came before, what was resumed or repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.filters import frame_filter, in_flow
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.flow import Flow
    from pcap_report.model.tls import TlsHandshake
    from pcap_report.model.tls_terms import ClientAuthentication, EarlyData, Renegotiation


def term_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    """Yield the statements, in the order of the story."""
    for name, text, frames in _stated(tls):
        if frames:
            yield claim(f"tls_handshake.{name}", text, frames, in_flow(flow, frame_filter(frames)))


def _stated(tls: TlsHandshake) -> Iterator[tuple[str, Message, Sequence[int]]]:
    if tls.plain_beginning:
        before = tls.plain_beginning
        yield (
            "plain_beginning",
            msg("Before TLS the two speak %(protocol)s, in the clear.", protocol=before.protocol)
            if before.protocol
            else msg("Before TLS the two speak in the clear."),
            before.frames,
        )
    if tls.plain_answer_frame is not None:
        text = msg(
            "The server's answer to the ClientHello is no TLS: it speaks another protocol on this port."
        )
        yield "plain_answer", text, [tls.plain_answer_frame]
    if tls.early_data:
        yield _early_data(tls.early_data)
    if tls.resumed and tls.server_hello:
        text = msg("The server goes on with an earlier session: no certificate has to be sent.")
        yield "resumption", text, [tls.server_hello.frame]
    if tls.client_authentication:
        yield from _authentication(tls.client_authentication)
    if tls.session_ticket:
        text = msg("The server hands the client a ticket for a later session.")
        yield "session_ticket", text, [tls.session_ticket.frame]
    if tls.renegotiation:
        yield _renegotiation(tls.renegotiation)


def _early_data(early: EarlyData) -> tuple[str, Message, Sequence[int]]:
    text = {
        True: msg("0-RTT: the client sends data before the server has answered, and the server takes them."),
        False: msg("0-RTT: the client sends data before the server has answered; the server refuses them."),
        None: msg("0-RTT: the client sends data before the server has answered."),
    }[early.accepted]
    return "early_data", text, early.frames


def _authentication(asked: ClientAuthentication) -> Iterator[tuple[str, Message, Sequence[int]]]:
    if asked.request_frame is not None:
        text = msg("The server asks the client for a certificate.")
        yield "client_authentication", text, [asked.request_frame]
    if asked.certificate_frame is not None and asked.certificates is not None:
        frames = sorted({asked.certificate_frame, asked.verify_frame or asked.certificate_frame})
        yield "client_certificate", _answer(asked.certificates, asked.verify_frame), frames


def _answer(certificates: int, verify_frame: int | None) -> Message:
    if not certificates:
        return msg("The client has no certificate to show: its message is empty.")
    if verify_frame is None:
        return msg_n(
            "The client sends %(count)s certificate.",
            "The client sends %(count)s certificates.",
            certificates,
        )
    return msg_n(
        "The client sends %(count)s certificate and proves that it holds the key (CertificateVerify).",
        "The client sends %(count)s certificates and proves that it holds the key (CertificateVerify).",
        certificates,
    )


def _renegotiation(again: Renegotiation) -> tuple[str, Message, Sequence[int]]:
    side = "client" if again.from_client else "server"
    text = (
        msg(
            "After their first handshake the two shake hands again on the same connection (renegotiation),"
            " encrypted; the %(side_term)s begins.",
            side_term=side,
        )
        if again.completed
        else msg(
            "After their first handshake the %(side_term)s asks for another one on the same connection"
            " (renegotiation), encrypted; it does not come about.",
            side_term=side,
        )
    )
    return "renegotiation", text, again.frames
