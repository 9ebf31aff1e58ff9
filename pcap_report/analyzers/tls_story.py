"""What the TLS handshake's record says: its statements and its arrows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import at_frame, frame_filter, in_flow
from pcap_report.analyzers.proof import arrow, claim, note
from pcap_report.analyzers.tls_hello import is_tls13
from pcap_report.analyzers.tls_hello_story import (
    client_hello_claims,
    client_hello_lines,
    retry_claim,
    server_hello_claims,
    server_hello_lines,
)
from pcap_report.analyzers.tls_terms_story import term_claims
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.evidence import Claim, Phase, Step
    from pcap_report.model.flow import Flow
    from pcap_report.model.tls import SecondLook, TlsHandshake

PHASE: Final = "tls_handshake"


def steps(flow: Flow, tls: TlsHandshake) -> Sequence[Step]:
    """Return the arrows and notes of the handshake."""
    return [*_hello_steps(flow, tls), *_retry_steps(flow, tls), *_end_steps(flow, tls)]


def _hello_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    hello, answer = tls.client_hello, tls.server_hello
    if hello:
        yield arrow(
            flow,
            PHASE,
            "client",
            hello.frames,
            hello.time_s,
            msg("TLS ClientHello"),
            *client_hello_lines(hello),
        )
        if hello.ack_frame:
            label = msg("ACK of the ClientHello")
            yield arrow(flow, PHASE, "server", [hello.ack_frame], hello.time_s, label, style="ack")
    if answer:
        with_change = tls.server_change_cipher_spec_frame == answer.frame
        title = msg("TLS ServerHello + ChangeCipherSpec") if with_change else msg("TLS ServerHello")
        lines = server_hello_lines(answer)
        yield arrow(flow, PHASE, "server", [answer.frame], answer.time_s, title, *lines)
    flight = tls.server_flight
    if flight and flight.reassembled_in and flight.segments and answer:
        label = msg("Segments of the same flight, reassembled in %(frame)s", frame=flight.reassembled_in)
        yield arrow(flow, PHASE, "server", flight.segments, answer.time_s, label)


def _retry_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    retry, hello = tls.hello_retry_request, tls.client_hello
    if retry is None or hello is None:
        return
    label = msg("HelloRetryRequest: send a key share for %(group)s", group=retry.group)
    yield arrow(flow, PHASE, "server", [retry.frame], hello.time_s, label)
    if retry.second_client_hello_frame:
        again = msg("TLS ClientHello, second try")
        yield arrow(flow, PHASE, "client", [retry.second_client_hello_frame], hello.time_s, again)


def _end_steps(flow: Flow, tls: TlsHandshake) -> Iterator[Step]:
    time_s = tls.server_hello.time_s if tls.server_hello else 0.0
    flight_end = tls.server_flight.frames[-1] if tls.server_flight else None
    changes = _both_change(tls)
    if changes:
        yield from _change_steps(flow, tls, time_s, changes)
    elif tls.encrypted_from_frame and flight_end:
        text = msg("From frame %(frame)s on, everything travels encrypted", frame=tls.encrypted_from_frame)
        yield note(PHASE, max(tls.encrypted_from_frame, flight_end), time_s, text)
    if tls.client_finished_frame and tls.server_hello:
        with_change = tls.client_change_cipher_spec_frame == tls.client_finished_frame
        label = msg("ChangeCipherSpec, Finished (encrypted)") if with_change else msg("Finished (encrypted)")
        yield arrow(flow, PHASE, "client", [tls.client_finished_frame], time_s, label)
    for alert in tls.alerts:
        text = (
            msg("Alert: %(level)s %(alert)s", level=alert.level, alert=alert.description)
            if alert.description
            else msg("Alert (encrypted)")
        )
        finished = tls.client_finished_frame
        late = alert.description is None and finished is not None and alert.frame > finished
        phase: Phase = "teardown" if late else PHASE
        yield arrow(flow, phase, alert.sender, [alert.frame], time_s, text, style="alert")


def _change_steps(flow: Flow, tls: TlsHandshake, time_s: float, changes: tuple[int, int]) -> Iterator[Step]:
    client, server = changes
    if tls.server_hello and server != tls.server_hello.frame:
        label = msg("ChangeCipherSpec, then Finished (encrypted)")
        yield arrow(flow, PHASE, "server", [server], time_s, label)
    text = msg(
        "Encrypted: the client from frame %(client)s on, the server from frame %(server)s on",
        client=client,
        server=server,
    )
    yield note(PHASE, max(client, server), time_s, text)


def _both_change(tls: TlsHandshake) -> tuple[int, int] | None:
    """Return the frames with the client's and the server's ChangeCipherSpec where they mean something.

    Up to TLS 1.2 each side encrypts from its own on (RFC 5246, 7.1).
    """
    client, server = tls.client_change_cipher_spec_frame, tls.server_change_cipher_spec_frame
    if client is None or server is None or tls.version is None or is_tls13(tls.version):
        return None
    return client, server


def claims(flow: Flow, tls: TlsHandshake) -> Sequence[Claim]:
    """Return the statements of the handshake, in the order of the story."""
    found: list[Claim] = [*_second_look_claims(flow, tls)]
    if tls.client_hello:
        found += client_hello_claims(flow, tls.client_hello)
    if tls.hello_retry_request:
        found.append(retry_claim(flow, tls.hello_retry_request))
    if tls.server_hello:
        found += server_hello_claims(flow, tls.server_hello)
    found += _encryption_claims(flow, tls)
    found += _alert_claims(flow, tls)
    found += term_claims(flow, tls)
    return found


def _second_look_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    hellos = (tls.client_hello, tls.server_hello)
    frames = [hello.frame for hello in hellos if hello is not None]
    if tls.second_look is not None and frames:
        name = "tls_handshake.second_look"
        yield claim(name, second_look_message(tls.second_look), frames, in_flow(flow, frame_filter(frames)))


def second_look_message(look: SecondLook) -> Message:
    """Say how TLS was read that Wireshark's default settings do not show, and how to see it there."""
    if look.decode_as_port is None:
        return msg(
            "Wireshark loses TLS here after a segment out of order, so it was read in a second look. To see"
            " the same, switch the preference tcp.reassemble_out_of_order on."
        )
    if not look.reassemble_out_of_order:
        return msg(
            "Wireshark does not take this connection for TLS by itself, so it was decoded as TLS in a second"
            " look. To see the same: Analyze > Decode As…, TCP port %(port)s, TLS.",
            port=look.decode_as_port,
        )
    return msg(
        "Wireshark does not take this connection for TLS by itself, so it was decoded as TLS in a second"
        " look. To see the same: Analyze > Decode As…, TCP port %(port)s, TLS, with the preference"
        " tcp.reassemble_out_of_order on.",
        port=look.decode_as_port,
    )


def _encryption_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    changes = [tls.server_change_cipher_spec_frame, tls.client_change_cipher_spec_frame]
    frames = [frame for frame in changes if frame is not None]
    if frames:
        yield claim(
            "tls_handshake.change_cipher_spec",
            msg("ChangeCipherSpec: in TLS 1.3 only for old middleboxes, without meaning.")
            if is_tls13(tls.version)
            else msg("ChangeCipherSpec: from here on the sender encrypts."),
            frames,
            in_flow(flow, "tls.record.content_type == 20", frame_filter(frames)),
        )
    flight = tls.server_flight
    if flight and flight.segments and flight.reassembled_in:
        yield claim(
            "tls_handshake.server_flight",
            msg(
                "Segments of the server's flight that carry only pieces of records; the last of these records"
                " is whole in frame %(frame)s.",
                frame=flight.reassembled_in,
            ),
            flight.segments,
            in_flow(flow, frame_filter(flight.segments)),
        )
    if tls.encrypted_from_frame:
        yield claim(
            "tls_handshake.encrypted_from",
            msg("The first encrypted record; from here on the content is hidden."),
            [tls.encrypted_from_frame],
            at_frame(flow, tls.encrypted_from_frame, "tls"),
        )
    if tls.client_finished_frame:
        yield claim(
            "tls_handshake.finished",
            msg(
                "The client's Finished, encrypted: its handshake is over. Wireshark labels the record"
                " Application Data, because that is what TLS 1.3 writes on the outside."
            )
            if is_tls13(tls.version)
            else msg("The client's Finished, encrypted: its handshake is over."),
            [tls.client_finished_frame],
            at_frame(flow, tls.client_finished_frame, "tls"),
        )


def _alert_claims(flow: Flow, tls: TlsHandshake) -> Iterator[Claim]:
    for number, alert in enumerate(tls.alerts, start=1):
        text = (
            msg(
                "TLS alert from the %(sender_term)s: %(level)s, %(alert)s.",
                sender_term=alert.sender,
                level=alert.level,
                alert=alert.description,
            )
            if alert.description
            else msg("An encrypted TLS alert from the %(sender_term)s.", sender_term=alert.sender)
        )
        hidden = alert.description is None and is_tls13(tls.version)
        kind = "tls" if hidden else "tls.record.content_type == 21"
        where = at_frame(flow, alert.frame, kind)
        yield claim(f"tls_handshake.alert.{number}", text, [alert.frame], where)
