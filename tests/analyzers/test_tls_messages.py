"""Several handshake messages in a frame: every value goes to its message and its extension."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pcap_report.analyzers.tls_messages import messages_of
from pcap_report.analyzers.tls_session import SESSION_FIELDS
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import find_tshark
from tests.dialogue import tls
from tests.dialogue.certificates import chain
from tests.dialogue.tls_messages import (
    certificate_request,
    certificate_status,
    certificate_verify,
    certificates,
    in_one_record,
    new_session_ticket,
    psk_offer,
    server_hello12,
    server_hello_done,
    server_key_exchange,
)

if TYPE_CHECKING:
    from pcap_report.analyzers.handshake_message import HandshakeMessage
    from pcap_report.model.tls import ClientHello
    from tests.dialogue.recording import Recording

_SIG_ALGS = "tls.handshake.sig_hash_alg"


def messages(recording: Recording, payload: bytes, *, from_client: bool = False) -> list[HandshakeMessage]:
    talk = recording.talk().established()
    (talk.client if from_client else talk.server).data(payload)
    *_, packet = CaptureReader(find_tshark(), recording.write(), SESSION_FIELDS)
    return messages_of(packet)


def hello(recording: Recording) -> ClientHello:
    handshake = recording.connection().tls_handshake
    assert handshake is not None
    assert handshake.client_hello is not None
    return handshake.client_hello


def test_two_client_hellos_in_a_frame(recording: Recording) -> None:
    one = tls.client_hello(sni="one.example", alpn=("h2",), groups=(29,), key_shares=(29,), suites=(0x1301,))
    other = tls.client_hello(sni="other.example", alpn=("x", "y"), versions=(), suites=(0xC02F, 0xC030))
    first, second = messages(recording, one + other, from_client=True)

    assert (first.text("tls.handshake.extensions_server_name"), first.whole) == ("one.example", True)
    assert first.numbers("tls.handshake.ciphersuite") == [0x1301]
    assert first.texts("tls.handshake.extensions_alpn_str") == ["h2"]
    assert first.numbers("tls.handshake.extensions.supported_version") == [0x0304, 0x0303]
    assert (second.text("tls.handshake.extensions_server_name"), second.whole) == ("other.example", True)
    assert second.numbers("tls.handshake.ciphersuite") == [0xC02F, 0xC030]
    assert second.texts("tls.handshake.extensions_alpn_str") == ["x", "y"]
    assert second.numbers("tls.handshake.extensions.supported_version") == []


def test_the_identities_of_two_client_hellos_in_a_frame(recording: Recording) -> None:
    one = tls.client_hello(more=[psk_offer(b"ticket", b"a longer ticket")])
    other = tls.client_hello(sni="other.example", more=[psk_offer(b"x" * 200)])
    first, second = messages(recording, one + other, from_client=True)

    length = "tls.handshake.extensions.psk.identity.identity_length"
    assert (first.numbers(length), first.whole) == ([6, 15], True)
    assert (second.numbers(length), second.whole) == ([200], True)


def test_a_retry_and_a_server_hello_in_a_frame(recording: Recording) -> None:
    retry, answer = messages(recording, tls.hello_retry_request(group=tls.P384) + tls.server_hello())

    assert retry.number("tls.handshake.extensions_key_share_selected_group") == tls.P384
    assert retry.numbers("tls.handshake.extensions_key_share_group") == []
    assert answer.number("tls.handshake.extensions_key_share_group") == tls.X25519
    assert answer.numbers("tls.handshake.extensions_key_share_selected_group") == []
    assert retry.text("tls.handshake.random") != answer.text("tls.handshake.random")


def test_a_whole_flight_in_one_record(recording: Recording) -> None:
    leaf, issuer, _ = chain()
    flight = in_one_record(
        server_hello12(extensions=[tls.extension(23), tls.extension(0xFF01, b"\0")]),
        certificates(leaf.der, issuer.der),
        server_key_exchange(tls.P256),
        certificate_request(0x0403, 0x0804),
        server_hello_done(),
    )
    found = messages(recording, flight)

    assert [one.kind for one in found] == [2, 11, 12, 13, 14]
    answer, chain_message, exchange, request, done = found
    assert answer.extensions == [(23, 0), (0xFF01, 1)]
    assert answer.numbers(_SIG_ALGS) == []
    assert [bytes.fromhex(one) for one in chain_message.texts("tls.handshake.certificate")] == [
        leaf.der,
        issuer.der,
    ]
    assert exchange.number("tls.handshake.server_named_curve") == tls.P256
    assert exchange.numbers(_SIG_ALGS) == [0x0401]
    assert request.numbers(_SIG_ALGS) == [0x0403, 0x0804]
    assert done.number("tls.handshake.length") == 0
    assert all(one.whole for one in found)


def test_a_resumption_that_the_server_makes_possible(recording: Recording) -> None:
    """What stands beside the hellos in TLS 1.2: a stapled response, a ticket, the client's signature."""
    found = messages(
        recording, in_one_record(certificate_status(), new_session_ticket(7200), certificate_verify())
    )

    status, ticket, verify = found
    assert [one.kind for one in found] == [22, 4, 15]
    assert (status.number("tls.handshake.length"), ticket.number("tls.handshake.length")) == (9, 22)
    assert ticket.number("tls.handshake.session_ticket_lifetime_hint") == 7200
    assert verify.numbers(_SIG_ALGS) == [0x0401]


def test_a_certificate_request_of_tls13(recording: Recording) -> None:
    """Its signature algorithms are an extension (RFC 8446, 4.3.2), those for certificates another one."""
    algorithms = tls.extension(13, struct.pack("!HHH", 4, 0x0403, 0x0804))
    others = tls.extension(50, struct.pack("!HH", 2, 0x0603))
    body = b"\0" + struct.pack("!H", len(algorithms + others)) + algorithms + others
    hello, request = messages(recording, tls.server_hello() + tls.handshake(13, body))

    assert hello.kind == 2
    assert request.extensions == [(13, 6), (50, 4)]
    assert (request.numbers(_SIG_ALGS), request.whole) == ([0x0403, 0x0804], True)


def test_a_retry_of_an_old_draft(recording: Recording) -> None:
    """Before the 22nd draft of TLS 1.3, HelloRetryRequest was a message of its own, number 6."""
    share = tls.extension(40, struct.pack("!H", tls.P384))
    body = b"\x7f\x15\x13\x02" + struct.pack("!H", len(share)) + share
    (retry,) = messages(recording, tls.handshake(6, body))

    assert retry.number("tls.handshake.version") == 0x7F15
    assert retry.number("tls.handshake.ciphersuite") == 0x1302
    assert retry.number("tls.handshake.extensions_key_share_selected_group") == tls.P384


def test_signature_algorithms_of_other_extensions_are_none_of_the_hello(recording: Recording) -> None:
    """Delegated credentials (34) and signature_algorithms_cert (50) print into the same field."""
    listed = struct.pack("!HHH", 4, 0x0503, 0x0603)
    client, _ = recording.talk().established()
    client.data(tls.client_hello(more=[tls.extension(34, listed), tls.extension(50, listed)]))

    assert hello(recording).signature_algorithms == ("ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256")


def test_a_hello_whose_lengths_do_not_add_up(recording: Recording) -> None:
    client, _ = recording.talk().established()
    whole = tls.client_hello(more=[tls.extension(0xABCD, bytes(8))])
    at = whole.rindex(b"\xab\xcd\x00\x08")
    client.data(whole[: at + 3] + b"\x70" + whole[at + 4 :])

    found = hello(recording)
    assert (found.broken, found.ja3, found.ja4) == (True, None, None)
    assert found.sni == "www.example.org"


def test_a_hello_without_any_extension(recording: Recording) -> None:
    client, server = recording.talk().established()
    body = b"\x03\x01" + tls.RANDOM + b"\0" + b"\x00\x04\x00\x2f\x00\x35" + b"\x01\x00"
    client.data(tls.handshake(1, body, tls.TLS10))
    server.data(in_one_record(server_hello12(version=tls.TLS10, suite=0x2F)))

    found = hello(recording)
    assert (found.broken, found.extensions, found.supported_versions) == (False, (), ("TLS 1.0",))
    assert found.ja3 == "dac4920d4335e769327dbf4e1b759e15"  # MD5 of "769,47-53,,,"
    assert found.ja4 == "t10i020000_f54dd463d39b_000000000000"  # SHA-256 of "002f,0035"


def test_an_alpn_that_is_no_text(recording: Recording) -> None:
    """GREASE in ALPN (RFC 8701): tshark prints the two line feeds as four letters."""
    client, _ = recording.talk().established()
    client.data(tls.client_hello(alpn=("\n\n", "h2")))

    letters = hello(recording).ja4
    assert letters is not None
    assert letters.split("_")[0] == "t13d03070a"


def test_a_client_hello_in_several_records(recording: Recording) -> None:
    client, _ = recording.talk().established()
    body = tls.client_hello()[5:]
    client.data(tls.record(22, body[:50], tls.TLS10) + tls.record(22, body[50:], tls.TLS10))

    found = hello(recording)
    assert (found.frame, found.sni, found.broken) == (4, "www.example.org", False)
