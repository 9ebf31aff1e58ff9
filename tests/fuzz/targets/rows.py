"""A line of tshark's becomes a packet or is counted as damaged, whatever stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.columns import CORE, Columns
from pcap_report.capture.rows import RowParser

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES: Final = (*CORE, "tcp.analysis.flags", "tls.record.length", "http.host", "dns.qry.name")
_COLUMNS: Final = Columns(_NAMES, {name: place for place, name in enumerate(_NAMES)}, (), len(CORE) + 2)
_ROWS: Final = (
    "7\t1700000000.123456789\t74\t60\teth:ethertype:ip:tcp\t02:00:00:00:00:01\t02:00:00:00:00:02\t\t192.168.1.10"
    "\t203.0.113.5\t\t\t3\t50000\t443\t1\t2\t20\t0x0018\t502\t1\t122\x1f1\t\t\n",
    "8\t-1.5\t74\t60\teth:ethertype:ip:gre:eth:ethertype:ipv6:tcp\ta\x1fb\tc\x1fd\t\t1\x1f2\t3\x1f4\t5\t6\t3\x1f4"
    "\t1\x1f2\t3\t4\t5\t6\t0x2\x1f0x3\t\t\t\thost\tname\n",
    "9\t\t74\t60\teth:ethertype:ip:icmp:ip:tcp\t\t\t\t1\x1f2\t3\x1f4\t\t\t3\t1\t2\t3\t4\t\t0x2\t0x10\t\t\t\t\n",
)


def seeds() -> Iterator[bytes]:
    """Rows as tshark prints them."""
    yield from (row.encode() for row in _ROWS)


def attempt(data: bytes) -> None:
    """Parse a line, twice: alone, and behind one that is whole."""
    line = data.decode("utf-8", "backslashreplace").split("\n", 1)[0]
    parser = RowParser(_COLUMNS)
    packet = parser.packet(line)
    assert parser.damaged in {0, 1}
    if packet is None:
        assert parser.damaged == 1, "a row is lost and not counted"
        return
    assert packet.frame == int(line.split("\t", 1)[0])
    for name in _NAMES:
        assert isinstance(packet.texts(name), list)
    again = parser.packet(_ROWS[0])
    assert again is not None
    assert (again.frame, again.seq, again.window) == (7, 1, 502)
