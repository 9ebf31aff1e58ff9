"""Sessions that begin with a hello of SSL 2.0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue import tls
from tests.dialogue.tls_messages import (
    SSL2_DES,
    SSL2_RC4,
    server_hello12,
    ssl2_client_hello,
    ssl2_client_master_key,
    ssl2_server_hello,
)

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def test_a_session_of_ssl2(recording: Recording) -> None:
    client, server = recording.talk().established()
    hello = client.data(ssl2_client_hello(version=0x0002, kinds=(SSL2_RC4, SSL2_DES)))
    answer = server.data(ssl2_server_hello((SSL2_RC4, SSL2_DES)))
    client.data(ssl2_client_master_key(SSL2_RC4))

    found = recording.connection().tls_handshake
    assert found is not None
    assert found.client_hello is not None
    assert found.server_hello is not None
    assert (found.client_hello.frame, found.server_hello.frame) == (hello.number, answer.number)
    assert found.client_hello.cipher_suites == ("SSL_CK_RC4_128_WITH_MD5", "SSL_CK_DES_192_EDE3_CBC_WITH_MD5")
    assert (found.client_hello.ja3, found.client_hello.ja4, found.client_hello.random) == (None, None, None)
    assert (found.version, found.cipher_suite) == ("SSL 2.0", "SSL_CK_RC4_128_WITH_MD5")


def test_an_old_hello_that_opens_a_session_of_tls(recording: Recording) -> None:
    """RFC 5246, E.2: the version that the client would like stands in the old hello."""
    client, server = recording.talk().established()
    client.data(ssl2_client_hello(version=tls.TLS10, kinds=(0x00002F, SSL2_RC4)))
    server.data(tls.record(22, server_hello12(version=tls.TLS10, suite=0x002F), tls.TLS10))

    found = recording.connection().tls_handshake
    assert found is not None
    assert found.client_hello is not None
    assert found.client_hello.supported_versions == ("TLS 1.0",)
    assert found.client_hello.cipher_suites == ("TLS_RSA_WITH_AES_128_CBC_SHA", "SSL_CK_RC4_128_WITH_MD5")
    assert (found.version, found.cipher_suite) == ("TLS 1.0", "TLS_RSA_WITH_AES_128_CBC_SHA")
