"""What the hellos say, over TLS, DTLS and QUIC alike: labels of their arrows, and statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.filters import at_frame, frame_filter, in_flow
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.evidence import Claim
    from pcap_report.model.flow import Flow
    from pcap_report.model.tls import ClientHello, HelloRetryRequest, ServerHello


def client_hello_lines(hello: ClientHello) -> list[Message]:
    """Return what a diagram tells of a ClientHello below its name."""
    label: list[Message] = []
    if hello.sni:
        label.append(msg("SNI=%(sni)s", sni=hello.sni))
    if hello.alpn:
        label.append(msg("ALPN=%(alpn)s", alpn=hello.alpn))
    if hello.supported_versions and hello.lists_versions:
        label.append(msg("Versions=%(versions)s", versions=hello.supported_versions))
    elif hello.supported_versions:
        label.append(msg("Versions up to %(version)s", version=hello.supported_versions[0]))
    if hello.key_share_groups:
        label.append(msg("KeyShare=%(groups)s", groups=hello.key_share_groups))
    return label


def server_hello_lines(answer: ServerHello) -> list[Message]:
    """Return what a diagram tells of a ServerHello below its name."""
    label: list[Message] = []
    if answer.version:
        label.append(msg("Version: %(version)s", version=answer.version))
    if answer.cipher_suite:
        label.append(msg("Suite: %(suite)s", suite=answer.cipher_suite))
    if answer.key_share_group:
        label.append(msg("KeyShare=%(groups)s", groups=(answer.key_share_group,)))
    return label


def fields_of(flow: Flow) -> str:
    """Return the beginning of the names of the handshake's tshark fields."""
    return "dtls.handshake" if flow.protocol == "dtls" else "tls.handshake"


def client_hello_claims(flow: Flow, hello: ClientHello) -> Iterator[Claim]:
    """Yield the statements about the client's offers."""
    field = fields_of(flow)
    where = at_frame(flow, hello.frame, f"{field}.type == 1")
    yield claim(
        "tls_handshake.client_hello",
        msg("ClientHello: the client opens the DTLS negotiation.")
        if flow.protocol == "dtls"
        else msg("ClientHello: the client opens the TLS negotiation."),
        [hello.frame],
        where,
        [(hello.frame, f"{field}.type", 1)],
    )
    if len(hello.frames) > 1:
        yield claim(
            "tls_handshake.client_hello.segments",
            msg_n(
                "The ClientHello travels in %(count)s segment.",
                "The ClientHello is too large for one segment and travels in %(count)s.",
                len(hello.frames),
            )
            if flow.protocol == "tcp"
            else msg(
                "The ClientHello is too large for one datagram: frames %(frames)s.", frames=hello.frames
            ),
            hello.frames,
            in_flow(flow, frame_filter(hello.frames)),
        )
    if hello.sni:
        yield claim(
            "tls_handshake.sni",
            msg("The client names the server it wants: SNI %(sni)s.", sni=hello.sni),
            [hello.frame],
            where,
            [(hello.frame, f"{field}.extensions_server_name", hello.sni)],
        )
    if hello.supported_versions:
        yield claim(
            "tls_handshake.offered_versions",
            _offered_versions(hello),
            [hello.frame],
            where,
        )
    if hello.alpn:
        yield claim(
            "tls_handshake.offered_alpn",
            msg("It offers the application protocols (ALPN) %(alpn)s.", alpn=hello.alpn),
            [hello.frame],
            where,
            [(hello.frame, f"{field}.extensions_alpn_str", name) for name in hello.alpn],
        )
    if hello.key_share_groups:
        yield claim(
            "tls_handshake.key_share",
            msg("It already sends key shares for %(groups)s.", groups=hello.key_share_groups),
            [hello.frame],
            where,
        )
    if hello.ack_frame:
        yield claim(
            "tls_handshake.client_hello.ack",
            msg("The server's TCP confirms the ClientHello with a bare ACK, without TLS payload (Len=0)."),
            [hello.ack_frame],
            at_frame(flow, hello.ack_frame, "tcp.len == 0"),
            [(hello.ack_frame, "tcp.len", 0)],
        )


def _offered_versions(hello: ClientHello) -> Message:
    versions = hello.supported_versions
    if not hello.lists_versions:
        return (
            msg(
                "It speaks versions up to %(version)s and offers, in this order of preference, cipher suites"
                " such as %(suite)s.",
                version=versions[0],
                suite=hello.cipher_suites[0],
            )
            if hello.cipher_suites
            else msg("It speaks versions up to %(version)s.", version=versions[0])
        )
    if not hello.cipher_suites:
        return msg("It offers %(versions)s.", versions=versions)
    return msg(
        "It offers %(versions)s and, in this order of preference, cipher suites such as %(suite)s.",
        versions=versions,
        suite=hello.cipher_suites[0],
    )


def retry_claim(flow: Flow, retry: HelloRetryRequest) -> Claim:
    """Return the statement about a HelloRetryRequest."""
    return claim(
        "tls_handshake.hello_retry_request",
        msg(
            "HelloRetryRequest: the server can use none of the key shares and asks for %(group)s.",
            group=retry.group,
        )
        if retry.group
        else msg("HelloRetryRequest: the server asks the client for another ClientHello."),
        [retry.frame],
        at_frame(flow, retry.frame, f"{fields_of(flow)}.type == 2"),
    )


def server_hello_claims(flow: Flow, answer: ServerHello) -> Iterator[Claim]:
    """Yield the statements about the server's choice."""
    field = fields_of(flow)
    where = at_frame(flow, answer.frame, f"{field}.type == 2")
    if answer.version and answer.cipher_suite:
        yield claim(
            "tls_handshake.server_hello",
            msg(
                "ServerHello: the server chooses %(version)s and the cipher suite %(suite)s.",
                version=answer.version,
                suite=answer.cipher_suite,
            ),
            [answer.frame],
            where,
            [(answer.frame, f"{field}.type", 2)],
        )
    if answer.key_share_group:
        yield claim(
            "tls_handshake.server_key_share",
            msg("Both sides compute their keys with the group %(group)s.", group=answer.key_share_group),
            [answer.frame],
            where,
        )
    if answer.alpn:
        yield claim(
            "tls_handshake.selected_alpn",
            msg("The server selects the application protocol %(alpn)s.", alpn=(answer.alpn,)),
            [answer.frame],
            where,
            [(answer.frame, f"{field}.extensions_alpn_str", answer.alpn)],
        )
