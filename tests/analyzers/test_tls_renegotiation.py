"""A second handshake on the same connection, and what only looks like one."""

from __future__ import annotations

from pcap_report.analyzers.tls_records import CHANGE_CIPHER_SPEC, HANDSHAKE, TlsRecord
from pcap_report.analyzers.tls_renegotiation import RenegotiationFinder
from pcap_report.model.packet import Packet

FIRST = (
    (True, 1, 200, (HANDSHAKE,)),
    (False, 1, 900, (HANDSHAKE,)),
    (True, 201, 120, (HANDSHAKE, CHANGE_CIPHER_SPEC, HANDSHAKE)),
    (False, 901, 51, (CHANGE_CIPHER_SPEC, HANDSHAKE)),
)
"""Side, sequence number, bytes and records of a full handshake up to TLS 1.2."""


def seen(*segments: tuple[bool, int, int, tuple[int, ...]]) -> RenegotiationFinder:
    finder = RenegotiationFinder()
    for number, (from_client, seq, payload, kinds) in enumerate(segments, 1):
        packet = Packet()
        packet.frame, packet.from_client, packet.seq, packet.payload = number, from_client, seq, payload
        finder.see(packet, [TlsRecord(kind, 40, 0x0303, opaque=False) for kind in kinds])
    return finder


def test_a_handshake_after_the_first_is_one() -> None:
    found = seen(*FIRST, (True, 321, 180, (HANDSHAKE,))).result()
    assert found is not None
    assert (found.frames, found.from_client, found.completed) == ((5,), True, False)


def test_what_is_sent_again_is_none() -> None:
    """Some segments that were sent again are taken apart again by tshark 4.6."""
    assert seen(*FIRST, *FIRST).result() is None
