"""Several records in one frame: type, length and version of each stay together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.analyzers.app_data import AppDataAnalyzer
from pcap_report.analyzers.tls_handshake import TlsHandshakeAnalyzer
from pcap_report.analyzers.tls_records import pair_types, records_of
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import find_tshark
from tests.dialogue import tls

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording

CHANGE, HANDSHAKE, DATA = 20, 22, 23


@pytest.mark.parametrize(
    ("opened", "opaque", "lengths", "paired"),
    [
        ([], [], [], []),
        ([HANDSHAKE], [], [200], [(HANDSHAKE, False)]),
        ([], [DATA, DATA], [300, 400], [(DATA, True), (DATA, True)]),
        (
            [HANDSHAKE, CHANGE],
            [DATA, DATA],
            [122, 1, 36, 900],
            [(HANDSHAKE, False), (CHANGE, False), (DATA, True), (DATA, True)],
        ),
        ([CHANGE], [DATA], [1, 69], [(CHANGE, False), (DATA, True)]),
        # a ChangeCipherSpec after encrypted records is told by its length
        ([CHANGE], [DATA, DATA], [69, 1, 40], [(DATA, True), (CHANGE, False), (DATA, True)]),
        (
            [HANDSHAKE, HANDSHAKE, HANDSHAKE, CHANGE],
            [DATA],
            [90, 700, 4, 1, 40],
            [(HANDSHAKE, False)] * 3 + [(CHANGE, False), (DATA, True)],
        ),
    ],
)
def test_pairing(
    opened: list[int], opaque: list[int], lengths: list[int], paired: list[tuple[int, bool]]
) -> None:
    assert pair_types(opened, opaque, lengths) == paired


def records(recording: Recording, payload: bytes) -> list[tuple[int, int, bool]]:
    """What the fourth frame holds after the given payload of the server: type, length, opaque."""
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(payload)
    fields = (*TlsHandshakeAnalyzer.fields, *AppDataAnalyzer.fields)
    packets = list(CaptureReader(find_tshark(), recording.write(), fields))
    return [(one.content_type, one.length, one.opaque) for one in records_of(packets[4])]


def test_the_servers_flight_of_tls13(recording: Recording) -> None:
    hello = tls.server_hello()
    flight = hello + tls.change_cipher_spec() + tls.encrypted(36) + tls.encrypted(900) + tls.encrypted(69)
    assert records(recording, flight) == [
        (HANDSHAKE, len(hello) - 5, False),
        (CHANGE, 1, False),
        (DATA, 36, True),
        (DATA, 900, True),
        (DATA, 69, True),
    ]


def test_the_servers_flight_of_tls12(recording: Recording) -> None:
    hello = tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
    certificate = tls.certificate12(b"\x30\x00")
    assert records(recording, hello + certificate + tls.server_hello_done()) == [
        (HANDSHAKE, len(hello) - 5, False),
        (HANDSHAKE, len(certificate) - 5, False),
        (HANDSHAKE, 4, False),
    ]


def test_a_record_with_two_messages_is_one_record(recording: Recording) -> None:
    hello = tls.server_hello(version=tls.TLS12, suite=tls.ECDHE_RSA_AES_256_GCM)
    together = tls.record(22, hello[5:] + tls.server_hello_done()[5:])
    assert records(recording, together) == [(HANDSHAKE, len(together) - 5, False)]


def test_a_frame_without_tls_has_none(recording: Recording) -> None:
    client, _ = recording.talk(server_port=9999).established()
    client.data(b"hello")
    packets = list(CaptureReader(find_tshark(), recording.write(), TlsHandshakeAnalyzer.fields))
    assert [records_of(packet) for packet in packets] == [()] * 4
