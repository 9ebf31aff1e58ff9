"""Turn a row of the bulk pass into a Packet, once.

This runs for every packet, so what depends only on the protocol path is worked out once per path.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from pcap_report.capture.columns import CORE, Columns
from pcap_report.model.packet import AGGREGATOR, Packet, nanoseconds, whole_number

_IP: Final = frozenset(("ip", "ipv6"))
_QUOTING: Final = frozenset(("icmp", "icmpv6"))


class _PathShape(NamedTuple):
    """What a protocol path says about a frame."""

    is_segment: bool
    """There is a TCP segment that is not merely quoted in an ICMP error."""
    over_ipv6: bool
    """The IP header next to the segment (or, without one, the innermost) is IPv6."""
    eth_header: int
    """Which Ethernet header is the segment's, counted from 1; 0 where there is none."""
    ip_header: int
    """Which IP header of its version that is, counted from 1; 0 where there is none."""
    is_plain: bool
    """Every layer stands once, so no core column has more than one value."""


def _shape(path: str) -> _PathShape:
    layers = path.split(":")
    first_tcp = layers.index("tcp") if "tcp" in layers else len(layers)
    quoted = not _QUOTING.isdisjoint(layers[:first_tcp])
    versions = [layer for layer in layers[:first_tcp] if layer in _IP]
    own = versions[-1:]
    return _PathShape(
        is_segment=first_tcp < len(layers) and not quoted,
        over_ipv6=own == ["ipv6"],
        eth_header=layers[:first_tcp].count("eth"),
        ip_header=versions.count(own[0]) if own else 0,
        is_plain=all(layers.count(layer) <= 1 for layer in ("eth", "tcp"))
        and not _IP.isdisjoint(layers)
        and sum(layer in _IP for layer in layers) == 1,
    )


class RowParser:
    """Makes Packets out of the rows of one run."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns.index
        self._width = len(columns.names)
        self._tabs = self._width - 1
        self._front = columns.front
        self._has_rear = columns.front < self._width
        self._shapes: dict[str, _PathShape] = {}
        self.damaged = 0
        """Rows that did not have the right number of columns, or no number where one belongs."""

    def packet(self, line: str) -> Packet | None:
        """Parse a line, or return None when it is no row at all."""
        try:
            if line.count("\t") == self._tabs:
                return self._packet(line)
            self.damaged += 1
            whole = self._mended(line)
            return self._packet(whole) if whole else None
        except ValueError:
            self.damaged += line.count("\t") == self._tabs
            return None

    def _packet(self, line: str) -> Packet:
        row = line.rstrip("\n").split("\t", self._front)
        packet = Packet()
        packet.rear = row.pop() if self._has_rear else ""
        packet.row = row
        packet.columns = self._columns
        packet.tls_records = None
        packet.frame = int(row[0])
        packet.time_ns = nanoseconds(row[1])
        packet.length = int(row[2])
        packet.captured = int(row[3])
        path = packet.protocols = row[4]
        shape = self._shapes.get(path)
        if shape is None:
            shape = self._shapes[path] = _shape(path)
        if shape.is_plain:
            _add_plain_ends(packet, row, over_ipv6=shape.over_ipv6)
        else:
            _add_ends(packet, row, shape)
        if not (shape.is_segment and row[12]):
            _add_no_segment(packet)
        elif shape.is_plain and row[17] and row[19]:
            _add_plain_segment(packet, row)
        else:
            _add_segment(packet, row)
        return packet

    def _mended(self, line: str) -> str:
        """Give a row with too few or too many columns the right number; "" when it is no row at all."""
        row = line.rstrip("\n").split("\t")
        if len(row) < len(CORE) or not row[0].isdecimal():
            return ""
        return "\t".join((row + [""] * self._width)[: self._width])


def _add_plain_ends(packet: Packet, row: list[str], *, over_ipv6: bool) -> None:
    packet.source_mac = row[5] or row[7]
    packet.destination_mac = row[6]
    if over_ipv6:
        packet.source, packet.destination = row[10], row[11]
    else:
        packet.source, packet.destination = row[8], row[9]


def _add_ends(packet: Packet, row: list[str], shape: _PathShape) -> None:
    """Tunnels and quotes have several headers: the innermost addresses count, of IP and of Ethernet.

    What travels inside the TCP segment, as OpenFlow carries packets, is no header of it.
    """
    packet.source_mac = _of(row[5], shape.eth_header) or _first(row[7])
    packet.destination_mac = _of(row[6], shape.eth_header)
    if shape.over_ipv6:
        packet.source, packet.destination = _of(row[10], shape.ip_header), _of(row[11], shape.ip_header)
    elif shape.ip_header:
        packet.source, packet.destination = _of(row[8], shape.ip_header), _of(row[9], shape.ip_header)
    else:
        packet.source = packet.destination = ""


def _add_no_segment(packet: Packet) -> None:
    packet.stream = None
    packet.source_port = packet.destination_port = 0
    packet.seq = packet.ack = packet.payload = packet.flags = packet.window = 0


def _add_plain_segment(packet: Packet, row: list[str]) -> None:
    """The common case, without looking for several values or missing ones."""
    packet.stream = int(row[12])
    packet.source_port = int(row[13])
    packet.destination_port = int(row[14])
    packet.seq = int(row[15])
    packet.ack = int(row[16] or 0)
    packet.payload = int(row[17])
    packet.flags = int(row[18], 16)
    packet.window = int(row[19])


def _add_segment(packet: Packet, row: list[str]) -> None:
    packet.stream = int(_first(row[12]))
    packet.source_port = int(_first(row[13]) or 0)
    packet.destination_port = int(_first(row[14]) or 0)
    packet.seq = int(_first(row[15]) or 0)
    packet.ack = int(_first(row[16]) or 0)
    packet.payload = int(_first(row[17]) or 0)
    packet.flags = int(_first(row[18]) or "0", 16)
    packet.window = whole_number(_first(row[19]) or "0")


def _first(value: str) -> str:
    return value.split(AGGREGATOR, 1)[0] if AGGREGATOR in value else value


def _of(value: str, header: int) -> str:
    """Return the value of a header, counted from 1; the last one where there are fewer, or it is 0."""
    values = value.split(AGGREGATOR)
    return values[min(header, len(values)) - 1]
