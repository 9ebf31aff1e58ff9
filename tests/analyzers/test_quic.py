"""QUIC: how connections are told apart, what their first packets say, what the rest weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pcap_report.engine import analyze
from tests.dialogue import tls
from tests.dialogue.quic import PING, V1, V2, QuicEnd, QuicTalk, ack, close, crypto, hello, server_hello
from tests.dialogue.told import told

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection
    from pcap_report.model.quic import Quic, QuicPackets
    from tests.dialogue.recording import Frame, Recording

TOKEN = b"address proved"


def shaken(client: QuicEnd, server: QuicEnd) -> tuple[Frame, Frame, Frame]:
    """The handshake: three datagrams, and then both have keys."""
    first = client.sends(client.initial(crypto(hello())), full=True)
    client.dcid = server.scid
    answer = server.sends(server.initial(ack(0), crypto(server_hello())), server.handshake(800))
    done = client.sends(client.initial(ack(0)), client.handshake(60), client.one_rtt(40))
    return first, answer, done


def quic_of(connection: Connection) -> Quic:
    assert connection.quic is not None
    return connection.quic


def packets_of(connection: Connection, kind: str) -> QuicPackets:
    (found,) = [one for one in quic_of(connection).packets if one.type == kind]
    return found


@pytest.mark.parametrize(("version", "name"), [(V1, "QUIC v1"), (V2, "QUIC v2")])
def test_a_handshake(recording: Recording, version: int, name: str) -> None:
    client, server = QuicTalk(recording, version=version)
    first, answer, done = shaken(client, server)
    data = server.sends(server.one_rtt(500))

    found = recording.connection()
    quic, handshake = quic_of(found), found.tls_handshake
    assert (found.protocol, found.display_filter) == ("quic", "quic.connection.number == 0")
    assert (found.client.port, found.server.port, found.orientation) == (50000, 443, "tls")
    assert (found.conn_state, found.history) == ("SF", "Dd")
    assert (quic.version, quic.original_version, quic.outcome) == (name, name, "complete")
    assert (quic.client_initial_dcid, quic.client_scid, quic.server_scid) == ("aa" * 8, "c1" * 4, "5e" * 8)
    assert quic.rtt_ms == pytest.approx(1.0)
    assert handshake is not None
    assert handshake.client_hello is not None
    assert handshake.server_hello is not None
    assert (handshake.sni, handshake.version, handshake.outcome) == ("quic.example", "TLS 1.3", "complete")
    assert handshake.client_hello.ja4 is not None
    assert handshake.client_hello.ja4.startswith("q13d")
    assert (handshake.client_hello.frame, handshake.server_hello.frame) == (first.number, answer.number)
    assert handshake.encrypted_from_frame == answer.number
    assert handshake.client_finished_frame == done.number
    assert packets_of(found, "initial").frames == (first.number, answer.number, done.number)
    assert packets_of(found, "one_rtt").server_first_frame == data.number


def test_coalesced_packets_are_counted_each(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    shaken(client, server)

    found = recording.connection()
    initial, handshake = packets_of(found, "initial"), packets_of(found, "handshake")
    assert (initial.client_packets, initial.server_packets) == (2, 1)
    assert (handshake.client_packets, handshake.server_packets) == (1, 1)
    assert packets_of(found, "one_rtt").client_bytes == 1 + 8 + 40
    assert found.packets == 3


def test_one_rtt_packets_in_bursts(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    shaken(client, server)
    request = client.sends(client.one_rtt(300))
    recording.after(ms=50)
    answers = [server.sends(server.one_rtt(1000)) for _ in range(3)]

    found = recording.connection().app_data
    assert found is not None
    assert found.encrypted
    assert [(one.direction, one.frames, one.records) for one in found.bursts] == [
        ("client_to_server", (request.number - 1, request.number), 2),
        ("server_to_client", tuple(one.number for one in answers), 3),
    ]


def test_a_hello_in_two_datagrams_with_its_pieces_out_of_order(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    message = hello()
    one = client.sends(client.initial(crypto(message[90:], 90)), full=True)
    two = client.sends(client.initial(PING, crypto(message[40:90], 40), crypto(message[:40])), full=True)
    server.sends(server.initial(ack(1)))

    found = recording.connection()
    assert found.tls_handshake is not None
    assert found.tls_handshake.client_hello is not None
    assert found.tls_handshake.client_hello.frames == (one.number, two.number)
    assert (found.tls_handshake.sni, found.tls_handshake.outcome) == ("quic.example", "incomplete")
    assert told(found, "tls_handshake")["client_hello.segments"] == (one.number, two.number)


def test_a_hello_sent_again_is_read_once(recording: Recording) -> None:
    client, _ = QuicTalk(recording)
    first = client.sends(client.initial(crypto(hello())), full=True)
    client.sends(client.initial(crypto(hello())), full=True)

    found = recording.connection()
    assert found.tls_handshake is not None
    assert found.tls_handshake.client_hello is not None
    assert found.tls_handshake.client_hello.frames == (first.number,)
    assert (found.conn_state, quic_of(found).outcome) == ("S0", "unanswered")


def test_retry(recording: Recording) -> None:
    client, server = talk = QuicTalk(recording)
    client.sends(client.initial(crypto(hello())), full=True)
    server.scid = b"\x77" * 8
    asked = server.sends(server.retry(TOKEN))
    client.token, client.dcid = TOKEN, server.scid
    talk.first_dcid, server.scid = server.scid, b"\x5e" * 8
    brought = client.sends(client.initial(crypto(hello())), full=True)
    server.sends(server.initial(ack(1), crypto(server_hello())), server.handshake(700))

    found = recording.connection()
    retry = quic_of(found).retry
    assert retry is not None
    assert (retry.frame, retry.second_initial_frame) == (asked.number, brought.number)
    assert (retry.token_length, retry.scid) == (len(TOKEN), "77" * 8)
    assert quic_of(found).server_scid == "5e" * 8
    assert told(found, "quic")["retry"] == (asked.number,)


def test_version_negotiation(recording: Recording) -> None:
    client, server = talk = QuicTalk(recording, version=0x1A2A3A4A)
    client.sends(client.initial(crypto(hello())), full=True)
    asked = server.sends(server.version_negotiation(0x0A0A0A0A, V1, V2))
    talk.version, talk.first_dcid = V1, b"\xbb" * 8
    shaken(client, server)

    found = recording.connection()
    quic = quic_of(found)
    assert quic.version_negotiation is not None
    assert quic.version_negotiation.frame == asked.number
    assert quic.version_negotiation.versions == ("QUIC v1", "QUIC v2")
    assert (quic.original_version, quic.version) == ("0x1a2a3a4a", "QUIC v1")


def test_early_data(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    client.sends(client.initial(crypto(hello())), client.zero_rtt(300), full=True)
    early = client.sends(client.zero_rtt(900))
    server.sends(server.initial(ack(0)))

    packets = packets_of(recording.connection(), "zero_rtt")
    assert (packets.client_packets, packets.server_packets) == (2, 0)
    assert packets.frames == (early.number - 1, early.number)


def test_the_server_turns_the_client_away(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    client.sends(client.initial(crypto(hello())), full=True)
    refused = server.sends(server.initial(ack(0), close(0x100 | 120, "no <b>such</b> protocol")))

    found = recording.connection()
    (one,) = quic_of(found).closes
    assert (one.frame, one.sender, one.kind) == (refused.number, "server", "transport")
    assert (one.error, one.reason) == (
        "CRYPTO_ERROR (no_application_protocol)",
        "no <b>such</b> protocol",
    )
    assert quic_of(found).outcome == "failed"
    assert found.tls_handshake is not None
    (alert,) = found.tls_handshake.alerts
    assert (alert.frame, alert.description) == (refused.number, "no_application_protocol")
    assert told(found, "quic")["close.1"] == (refused.number,)


def test_two_connections_of_the_same_two_ends(recording: Recording) -> None:
    shaken(*QuicTalk(recording))
    second = QuicTalk(recording, first_dcid=b"\xdd" * 8)
    second.client.scid, second.server.scid = b"\xc2" * 4, b"\x5f" * 8
    shaken(*second)

    report = recording.report()
    assert [one.display_filter for one in report.connections] == [
        "quic.connection.number == 0",
        "quic.connection.number == 1",
    ]
    assert [one.packets for one in report.connections] == [3, 3]
    assert [one.id for one in report.connections] == [0, 1]


def test_an_id_agreed_on_in_secret_stays_with_its_connection(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    shaken(client, server)
    client.dcid = b"\x99" * 8
    moved = client.sends(client.one_rtt(100))

    found = recording.connection()
    assert (found.packets, found.last_frame) == (4, moved.number)
    assert quic_of(found).unnumbered_frames == 1
    assert found.display_filter == "udp.stream == 0 && quic"


def test_a_client_that_moves_stays_the_client(recording: Recording) -> None:
    client, server = QuicTalk(recording)
    shaken(client, server)
    client.address = ("192.168.1.77", 50123)
    client.sends(client.one_rtt(100))
    server.sends(server.one_rtt(100))

    found = recording.connection()
    assert (found.client.port, found.client_packets, found.server_packets) == (50000, 3, 2)
    assert quic_of(found).udp_streams == (0, 1)


def test_ids_go_on_behind_the_tcp_streams(recording: Recording) -> None:
    recording.talk().established().closed()
    shaken(*QuicTalk(recording))

    assert [(one.protocol, one.id) for one in recording.report().connections] == [("tcp", 0), ("quic", 1)]


def test_no_quic_no_record(recording: Recording) -> None:
    recording.talk().established().closed()
    assert recording.connection().quic is None


def _rows(log: Path) -> list[dict[str, str]]:
    lines = log.read_text("utf-8").splitlines()
    names = next(line for line in lines if line.startswith("#fields")).split("\t")[1:]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines if not line.startswith("#")]


def _zeek(captures: Path, log: str) -> list[tuple[Path, dict[str, str]]]:
    found = []
    for path in sorted((captures / "oracles" / "zeek").glob(f"*/scripts.base.protocols.quic.*/{log}")):
        capture = captures / "quic" / path.parent.parent.name
        found += [(capture, row) for row in _rows(path)]
    assert found
    return found


def _connection(capture: Path, row: dict[str, str]) -> Connection:
    ports = (int(row["id.orig_p"]), int(row["id.resp_p"]))
    (found,) = [one for one in analyze(capture).connections if (one.client.port, one.server.port) == ports]
    return found


def test_as_zeek_has_it_in_quic_log(captures_dir: Path) -> None:
    for capture, row in _zeek(captures_dir, "quic.log"):
        found = _connection(capture, row)
        quic, handshake = quic_of(found), found.tls_handshake
        assert handshake is not None
        assert handshake.client_hello is not None
        ours: dict[str, Any] = {
            "version": str(quic.version_number),
            "client_initial_dcid": quic.client_initial_dcid,
            "client_scid": quic.client_scid or "(empty)",
            "server_scid": quic.server_scid,
            "server_name": handshake.sni,
            "client_protocol": handshake.client_hello.alpn[0],
        }
        assert {name: row[name] for name in ours} == ours


def test_as_many_packets_as_in_zeeks_history(captures_dir: Path) -> None:
    letters = {"initial": "I", "handshake": "H", "zero_rtt": "Z"}
    for capture, row in _zeek(captures_dir, "quic.log"):
        found = quic_of(_connection(capture, row)).packets
        counted = {one.type: (one.client_packets, one.server_packets) for one in found if one.type in letters}
        history = row["history"]
        assert counted == {
            kind: (history.count(letter), history.count(letter.lower()))
            for kind, letter in letters.items()
            if letter in history.upper()
        }


def test_as_zeek_has_it_in_ssl_log(captures_dir: Path) -> None:
    for capture, row in _zeek(captures_dir, "ssl.log"):
        handshake = _connection(capture, row).tls_handshake
        assert handshake is not None
        assert handshake.server_hello is not None
        assert (handshake.version, row["version"]) == ("TLS 1.3", "TLSv13")
        assert handshake.cipher_suite == row["cipher"]
        assert handshake.server_hello.key_share_group == row["curve"]
        assert (handshake.sni, handshake.resumed) == (row["server_name"], row["resumed"] == "T")


def test_post_quantum_hellos(captures_dir: Path) -> None:
    (kyber,) = analyze(captures_dir / "quic" / "retina-quic_kyber.pcapng").connections
    (scattered,) = analyze(
        captures_dir / "quic" / "zeek-quic-multiple-initial-fragmented-crypto.pcap"
    ).connections

    hellos = [one.tls_handshake.client_hello for one in (kyber, scattered) if one.tls_handshake]
    assert [(one.sni, one.frames) for one in hellos if one] == [
        ("encrypted-tbn0.gstatic.com", (1, 2)),
        ("googleads.g.doubleclick.net", (1, 2, 3)),
    ]
    (one,) = quic_of(scattered).closes
    assert (one.sender, one.error, quic_of(scattered).outcome) == ("client", "NO_ERROR", "failed")


def test_beside_tcp_connections(captures_dir: Path) -> None:
    report = analyze(captures_dir / "quic" / "mercury-quic_reordered_frames.pcap")
    ids = [one.id for one in report.connections]
    assert len(set(ids)) == len(ids)
    found = [one for one in report.connections if one.protocol == "quic"]
    assert [one.tls_handshake.sni for one in found if one.tls_handshake] == [
        "accounts.google.com",
        "update.googleapis.com",
    ]
    assert [quic_of(one).outcome for one in found] == ["unanswered", "unanswered"]


def test_a_server_asks_for_another_key_share(recording: Recording) -> None:
    """HelloRetryRequest (RFC 8446, 4.1.4): both hellos of the client are in Initial packets."""
    client, server = QuicTalk(recording)
    first, retry = hello(), tls.hello_retry_request(group=tls.P256)[5:]
    one = client.sends(client.initial(crypto(first)), full=True)
    client.dcid = server.scid
    asked = server.sends(server.initial(ack(0), crypto(retry)), full=True)
    other = client.sends(client.initial(ack(0), crypto(hello(), len(first))), full=True)
    answer = server.sends(server.initial(ack(1), crypto(server_hello(), len(retry))), server.handshake(800))
    client.sends(client.initial(ack(1)), client.handshake(60), client.one_rtt(40))

    found = recording.connection()
    handshake = found.tls_handshake
    assert handshake is not None
    assert handshake.client_hello is not None
    assert handshake.server_hello is not None
    assert handshake.hello_retry_request is not None
    retried = handshake.hello_retry_request
    assert (handshake.client_hello.frame, handshake.server_hello.frame) == (one.number, answer.number)
    assert (retried.frame, retried.group) == (asked.number, "secp256r1")
    assert retried.second_client_hello_frame == other.number
    assert told(found, "tls_handshake")["hello_retry_request"] == (asked.number,)
    assert [other.number] in [list(step.frames) for step in found.steps if step.phase == "tls_handshake"]


def test_versions_that_a_server_offers_have_their_names(recording: Recording) -> None:
    client, server = QuicTalk(recording, version=0x1A2A3A4A)
    client.sends(client.initial(PING), full=True)
    offer = server.sends(server.version_negotiation(0xFF00001D, 0x51303530, 0x0A1A2A3A, 0x12345678, V1))

    negotiation = quic_of(recording.connection()).version_negotiation
    assert negotiation is not None
    assert (negotiation.frame, negotiation.versions) == (
        offer.number,
        ("QUIC draft-29", "gQUIC Q050", "0x12345678", "QUIC v1"),
    )
