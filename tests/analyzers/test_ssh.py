"""What SSH shows before it encrypts."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from tests.dialogue.wire import proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.ssh import SshSession
    from tests.dialogue.recording import Recording
    from tests.dialogue.tcp import End

KEX = ("curve25519-sha256", "diffie-hellman-group14-sha256")
KEYS = ("ssh-ed25519", "rsa-sha2-256")
CIPHERS = ("aes128-ctr", "aes256-ctr")
MACS = ("hmac-sha2-256", "hmac-sha1")
NEW_KEYS = b"\x15"


def packet(payload: bytes) -> bytes:
    """The binary packet protocol before encryption (RFC 4253, 6)."""
    padding = 8 - (len(payload) + 5) % 8 + 4
    return struct.pack("!IB", 1 + len(payload) + padding, padding) + payload + bytes(padding)


def offer(
    kex: tuple[str, ...] = KEX,
    keys: tuple[str, ...] = KEYS,
    ciphers: tuple[str, ...] = CIPHERS,
    macs: tuple[str, ...] = MACS,
) -> bytes:
    """SSH_MSG_KEXINIT (RFC 4253, 7.1)."""
    lists = (kex, keys, ciphers, ciphers, macs, macs, ("none",), ("none",), (), ())
    names = b"".join(struct.pack("!I", len(text := ",".join(one).encode())) + text for one in lists)
    return packet(b"\x14" + bytes(16) + names + bytes(5))


def begun(recording: Recording) -> tuple[End, End]:
    """Both sides have named themselves: frames 4 and 5."""
    client, server = recording.talk(server_port=22).established()
    client.data(b"SSH-2.0-OpenSSH_9.6\r\n")
    server.data(b"SSH-2.0-dropbear_2022.83\r\n")
    return client, server


def only(recording: Recording) -> SshSession:
    (found,) = proved(recording.write()).ssh
    return found


def test_banners_offers_and_the_choice(recording: Recording) -> None:
    client, server = begun(recording)
    client.data(offer())
    server.data(offer(KEX[::-1], KEYS[1:], CIPHERS[::-1], MACS[1:]))

    found = only(recording)
    assert (found.connection, found.client, found.server) == (0, "192.168.1.10", "203.0.113.5")
    assert (found.client_banner, found.client_banner_frame) == ("SSH-2.0-OpenSSH_9.6", 4)
    assert (found.server_banner, found.server_banner_frame) == ("SSH-2.0-dropbear_2022.83", 5)
    assert found.version == "2"
    assert found.client_offer is not None
    assert found.server_offer is not None
    assert (found.client_offer.frame, found.client_offer.kex) == (6, KEX)
    assert (found.server_offer.frame, found.server_offer.host_key) == (7, KEYS[1:])
    chosen = found.chosen
    assert chosen is not None
    assert (chosen.kex, chosen.host_key) == (KEX[0], "rsa-sha2-256")
    assert (chosen.cipher_client_to_server, chosen.mac_server_to_client) == ("aes128-ctr", "hmac-sha1")
    assert chosen.compression_client_to_server == "none"
    assert found.encrypted_from_frame is None


def test_nothing_in_common(recording: Recording) -> None:
    client, server = begun(recording)
    client.data(offer(ciphers=("aes128-ctr",)))
    server.data(offer(ciphers=("3des-cbc",)))

    found = only(recording)
    assert found.chosen is not None
    assert (found.chosen.cipher_client_to_server, found.chosen.kex) == (None, KEX[0])


def test_one_side_only(recording: Recording) -> None:
    client, server = recording.talk(server_port=22).established()
    client.data(b"SSH-2.0-OpenSSH_9.6\r\n")
    client.data(offer())
    server.ack()

    found = only(recording)
    assert (found.server_banner, found.server_offer, found.chosen) == (None, None, None)
    assert found.client_offer is not None


def test_what_announces_an_extension_is_no_key_exchange(recording: Recording) -> None:
    client, server = begun(recording)
    client.data(offer(("ext-info-c", "kex-strict-c-v00@openssh.com", KEX[1])))
    server.data(offer(("ext-info-c", "kex-strict-c-v00@openssh.com", KEX[1])))

    chosen = only(recording).chosen
    assert chosen is not None
    assert chosen.kex == KEX[1]


def test_encrypted_behind_new_keys_of_the_same_side(recording: Recording) -> None:
    client, server = begun(recording)
    client.data(offer())
    server.data(offer())
    server.data(packet(NEW_KEYS))
    client.data(packet(NEW_KEYS))
    client.data(bytes(range(64)))
    server.data(bytes(range(64)))

    assert only(recording).encrypted_from_frame == 10


def test_version_1_99_speaks_2_with_a_client_that_does(recording: Recording) -> None:
    client, server = recording.talk(server_port=22).established()
    server.data(b"SSH-1.99-Cisco-1.25\n")
    client.data(b"SSH-2.0-OpenSSH_9.6\r\n")
    assert only(recording).version == "2"


def test_another_protocol_is_no_ssh(recording: Recording) -> None:
    client, server = recording.talk(server_port=80).established()
    client.data(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
    server.data(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert recording.report().ssh == ()


def test_as_zeek_says(captures_dir: Path) -> None:
    """Every column of its ssh.log that can be read without keys."""
    (found,) = proved(captures_dir / "tunnels" / "zeek-gre-sample.pcap").ssh
    assert (found.version, found.client_banner) == ("2", "SSH-2.0-OpenSSH_3.6.1p1")
    assert found.server_banner == "SSH-1.99-OpenSSH_3.1p1"
    chosen = found.chosen
    assert chosen is not None
    assert (chosen.cipher_client_to_server, chosen.mac_client_to_server) == ("blowfish-cbc", "hmac-md5")
    assert (chosen.compression_client_to_server, chosen.host_key) == ("zlib", "ssh-rsa")
    assert chosen.kex == "diffie-hellman-group-exchange-sha1"


@pytest.mark.parametrize(
    ("capture", "client", "server"),
    [
        (
            "tcp-phenomena/zeek-ssh-dups.pcap",
            "ec7378c1a92f5a8dde7e8b7a1ddf33d1",
            "b12d2871a1189eff20364cf5333619ee",
        ),
        (
            "tls-decrypt/pcapfs-system-tests.pcap",
            "0df0d56bb50c6b2426d8d40234bf1826",
            "a95c22bf8e9b19ed0a5dc74bb2f9c613",
        ),
    ],
)
def test_fingerprints_are_those_of_tshark(captures_dir: Path, capture: str, client: str, server: str) -> None:
    """HASSH and HASSHServer, as ``ssh.kex.hassh`` and ``ssh.kex.hasshserver`` have them."""
    (found,) = proved(captures_dir / capture).ssh
    assert found.client_offer is not None
    assert found.server_offer is not None
    assert (found.client_offer.fingerprint, found.server_offer.fingerprint) == (client, server)


def test_repeated_offers_count_once(captures_dir: Path) -> None:
    """Every frame of this capture stands in it several times."""
    (found,) = proved(captures_dir / "tcp-phenomena" / "zeek-ssh-dups.pcap").ssh
    assert found.client_offer is not None
    assert (found.client_banner_frame, found.client_offer.frame) == (4, 20)
