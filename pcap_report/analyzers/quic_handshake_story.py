"""What the record of the TLS handshake inside QUIC says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import at_frame
from pcap_report.analyzers.proof import arrow, claim, note
from pcap_report.analyzers.tls_hello_story import (
    client_hello_claims,
    client_hello_lines,
    retry_claim,
    server_hello_claims,
    server_hello_lines,
)
from pcap_report.model.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.tls import TlsHandshake

PHASE: Final = "tls_handshake"


def steps(flow: Flow, tls: TlsHandshake) -> Sequence[Step]:
    """Return the arrows of the handshake."""
    return [*_hello_steps(flow, tls), *_retry_steps(flow, tls), *_end_steps(flow, tls)]


def _hello_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    hello, answer = tls.client_hello, tls.server_hello
    if hello:
        lines = client_hello_lines(hello)
        title = msg("QUIC Initial: ClientHello")
        yield arrow(flow, PHASE, "client", hello.frames, hello.time_s, title, *lines)
    if answer:
        with_more = tls.encrypted_from_frame == answer.frame
        title = (
            msg("QUIC Initial: ServerHello, and Handshake") if with_more else msg("QUIC Initial: ServerHello")
        )
        lines = server_hello_lines(answer)
        yield arrow(flow, PHASE, "server", [answer.frame], answer.time_s, title, *lines)


def _retry_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    retry = tls.hello_retry_request
    if retry is None:
        return
    label = msg("HelloRetryRequest: send a key share for %(group)s", group=retry.group)
    yield arrow(flow, PHASE, "server", [retry.frame], 0.0, label)
    if retry.second_client_hello_frame:
        again = msg("QUIC Initial: ClientHello, second try")
        yield arrow(flow, PHASE, "client", [retry.second_client_hello_frame], 0.0, again)


def _end_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    time_s = tls.server_hello.time_s if tls.server_hello else 0.0
    if tls.encrypted_from_frame and tls.server_hello:
        text = msg("From frame %(frame)s on, everything travels encrypted", frame=tls.encrypted_from_frame)
        yield note(PHASE, max(tls.encrypted_from_frame, tls.server_hello.frame), time_s, text)
    for alert in tls.alerts:
        label = msg("Alert: %(level)s %(alert)s", level=alert.level, alert=alert.description)
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
    found += _encryption_claims(flow, tls)
    found += _alert_claims(flow, tls)
    return found


def _encryption_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    if tls.encrypted_from_frame:
        yield claim(
            "tls_handshake.encrypted_from",
            msg("The first packet under keys that only the two ends know; Initial packets anyone can read."),
            [tls.encrypted_from_frame],
            at_frame(flow, tls.encrypted_from_frame),
        )
    if tls.client_finished_frame:
        yield claim(
            "tls_handshake.finished",
            msg("The client's last Handshake packet before it sends data: its Finished is in here."),
            [tls.client_finished_frame],
            at_frame(flow, tls.client_finished_frame, "quic.header_form == 1"),
        )


def _alert_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    for number, alert in enumerate(tls.alerts, start=1):
        yield claim(
            f"tls_handshake.alert.{number}",
            msg(
                "TLS alert from the %(sender_term)s, as the error of a QUIC close: %(alert)s.",
                sender_term=alert.sender,
                alert=alert.description,
            ),
            [alert.frame],
            at_frame(flow, alert.frame, "quic.cc.error_code.tls_alert"),
        )
