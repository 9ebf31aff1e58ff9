"""TLS sessions up to where the application speaks; each frame is counted in its docstring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialogue import tls

if TYPE_CHECKING:
    from tests.dialogue.tcp import Talk


def tls13(talk: Talk) -> Talk:
    """TCP and TLS 1.3: frames 1 to 6; 5 has the server's flight, 6 the client's Finished."""
    talk.established()
    talk.client.data(tls.client_hello())
    talk.server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    talk.client.data(tls.change_cipher_spec() + tls.finished13())
    return talk


def tls12(talk: Talk) -> Talk:
    """TCP and TLS 1.2: frames 1 to 7; 6 has the client's Finished, 7 the server's."""
    talk.established()
    talk.client.data(tls.client_hello(versions=()))
    talk.server.data(
        tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
        + tls.certificate12(b"\x30\x00")
        + tls.server_hello_done()
    )
    talk.client.data(tls.client_key_exchange() + tls.change_cipher_spec() + tls.finished12())
    talk.server.data(tls.change_cipher_spec() + tls.finished12())
    return talk
