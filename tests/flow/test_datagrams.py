"""Which datagrams are of one QUIC connection: tshark's numbers say it, and the ids where those do not."""

from __future__ import annotations

from typing import Final

from pcap_report.capture.columns import CORE, Columns
from pcap_report.capture.rows import RowParser
from pcap_report.flow.datagrams import (
    FIELDS,
    QUIC_DCID,
    QUIC_FRAME_TYPE,
    QUIC_NUMBER,
    UDP_DESTINATION_PORT,
    UDP_LENGTH,
    UDP_SOURCE_PORT,
    UDP_STREAM,
    DatagramKind,
    DatagramTable,
)

_NAMES: Final = (*CORE, *FIELDS)
_PARSER: Final = RowParser(Columns(_NAMES, {name: place for place, name in enumerate(_NAMES)}, ()))
_CRYPTO: Final = "6"


def _connections(*datagrams: tuple[int, str]) -> list[list[int]]:
    """Let a client send Initial packets: tshark's number of the connection, and the id that they go to."""
    table = DatagramTable()
    for frame, (number, called) in enumerate(datagrams, 1):
        values = {
            "frame.number": str(frame),
            "frame.time_epoch": f"{frame}.0",
            "frame.len": "1292",
            "frame.cap_len": "1292",
            "frame.protocols": "eth:ethertype:ip:udp:quic",
            "ip.src": "192.0.2.1",
            "ip.dst": "198.51.100.2",
            UDP_STREAM: "0",
            UDP_SOURCE_PORT: "50000",
            UDP_DESTINATION_PORT: "443",
            UDP_LENGTH: "1258",
            QUIC_NUMBER: str(number),
            QUIC_FRAME_TYPE: _CRYPTO,
            QUIC_DCID: called,
        }
        packet = _PARSER.packet("\t".join(values.get(name, "") for name in _NAMES) + "\n")
        assert packet is not None
        table.place(packet, DatagramKind.QUIC, 0)
    return [list(flow.numbers) for flow in table.flows]


def test_a_hello_in_pieces_of_which_tshark_3_6_makes_connections() -> None:
    assert _connections((0, "aa" * 8), (1, "aa" * 8), (2, "aa" * 8)) == [[0, 1, 2]]


def test_a_new_connection_between_the_same_ends_has_an_id_of_its_own() -> None:
    assert _connections((0, "aa" * 8), (0, "aa" * 8), (1, "bb" * 8)) == [[0], [1]]


def test_packets_without_an_id_are_told_apart_by_tshark_alone() -> None:
    assert _connections((0, ""), (1, "")) == [[0], [1]]
