"""One packet as the reader hands it to the flow table and the analyzers.

This is the only record that is made once per packet, so it is slotted, converts the core columns once,
and leaves everything else as text in its row until somebody asks. The row's rear, which few packets have
anything in, is not even divided into columns before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mypy_extensions import mypyc_attr

if TYPE_CHECKING:
    from collections.abc import Sequence

AGGREGATOR: Final = "\x1f"
"""Separates the values of a field that occurs several times in a frame."""

_DECIMALS: Final = 9
FIN: Final = 0x001
SYN: Final = 0x002
RST: Final = 0x004
PSH: Final = 0x008
ACK: Final = 0x010


def whole_number(value: str) -> int:
    """Read a number as tshark prints it: decimal, hexadecimal, or (4.2 and newer) True and False."""
    if value == "True":
        return 1
    return 0 if value == "False" else int(value, 0)


def nanoseconds(seconds: str) -> int:
    """Read seconds with decimals exactly; a float would lose the nanoseconds.

    Where a file's clock is damaged a fraction may be more than a second. tshark prints it as a number of
    nanoseconds: ``7.1748178784``, since 4.2 ``7.(1748178784 nanoseconds)``, and cuts that off.
    """
    if seconds[-10:-9] == "." and seconds[0] != "-":
        return int(seconds[:-10] + seconds[-9:])
    whole, _, fraction = seconds.partition(".")
    digits = fraction.lstrip("(").split(" ", 1)[0]
    rest = int(digits if len(fraction) > _DECIMALS else digits.ljust(_DECIMALS, "0"))
    value = int(whole or 0) * 1_000_000_000
    return value - rest if seconds.startswith("-") else value + rest


def numbers_in(value: str) -> list[int]:
    """Read all numbers of a field's text, as tshark puts them side by side."""
    return [whole_number(one) for one in value.split(AGGREGATOR)] if value else []


def renumbered(value: str, numbers: Sequence[int], first: int) -> str:
    """Return a field's text with other numbers.

    Args:
        value: the text, with all its values.
        numbers: what to write instead.
        first: the number that the first of them stands for.
    """
    return AGGREGATOR.join(str(numbers[one - first]) for one in numbers_in(value))


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Packet:
    """A frame of the capture.

    Attributes:
        frame: frame number, Wireshark's.
        time_ns: capture time in nanoseconds since the Unix epoch.
        length: bytes on the wire (``frame.len``).
        captured: bytes in the file (``frame.cap_len``); less than ``length`` when snapped.
        protocols: tshark's protocol path, such as ``eth:ethertype:ip:tcp:tls``.
        source: sender's IP address of the innermost IP header, or "".
        destination: receiver's IP address, or "".
        source_mac: sender's MAC address, or "".
        destination_mac: receiver's MAC address, or "".
        stream: tshark's TCP stream number, or None when this is no TCP segment of a connection.
        source_port: TCP source port, 0 where there is none.
        destination_port: TCP destination port, 0 where there is none.
        seq: relative sequence number.
        ack: relative acknowledgement number.
        payload: bytes of TCP payload.
        flags: the TCP flags as a number.
        window: window field as sent, not scaled.
        from_client: the client of its connection sent it; set by the flow table.
        row: the columns in front; all of them after :meth:`whole_row`.
        rear: the other columns, not divided yet.
    """

    __slots__ = (
        "ack",
        "captured",
        "columns",
        "destination",
        "destination_mac",
        "destination_port",
        "flags",
        "frame",
        "from_client",
        "length",
        "payload",
        "protocols",
        "rear",
        "row",
        "seq",
        "source",
        "source_mac",
        "source_port",
        "stream",
        "time_ns",
        "tls_records",
        "window",
    )

    frame: int
    time_ns: int
    length: int
    captured: int
    protocols: str
    source: str
    destination: str
    source_mac: str
    destination_mac: str
    stream: int | None
    source_port: int
    destination_port: int
    seq: int
    ack: int
    payload: int
    flags: int
    window: int
    row: list[str]
    rear: str
    columns: dict[str, int]
    from_client: bool
    tls_records: object
    """Cache of :func:`pcap_report.analyzers.tls_records.records_of`."""

    def raw(self, field: str) -> str:
        """Return a declared field's text as it stands in the row, with all its values; "" for none."""
        column = self.columns.get(field)
        if column is None:
            return ""
        try:
            return self.row[column]
        except IndexError:
            return self.whole_row()[column]

    def text(self, field: str) -> str | None:
        """Return the first value of a declared field, or None where the frame has none."""
        value = self.raw(field)
        if not value:
            return None
        return value.split(AGGREGATOR, 1)[0] if AGGREGATOR in value else value

    def texts(self, field: str) -> list[str]:
        """Return all values of a declared field, in the order of their occurrence."""
        value = self.raw(field)
        return value.split(AGGREGATOR) if value else []

    def number(self, field: str) -> int | None:
        """Return the first value as a whole number; understands tshark's hexadecimal."""
        value = self.text(field)
        return None if value is None else whole_number(value)

    def numbers(self, field: str) -> list[int]:
        """Return all values as whole numbers."""
        return numbers_in(self.raw(field))

    def has(self, field: str) -> bool:
        """Tell whether the field occurs in the frame."""
        return self.raw(field) != ""

    def whole_row(self) -> list[str]:
        """Return all columns, dividing the row's rear if nobody did so before."""
        self.row += self.rear.split("\t")
        return self.row

    def line(self) -> str:
        """Return the row as a line of tshark's, with all its columns."""
        row = "\t".join(self.row)
        return row if len(self.row) == len(self.columns) else f"{row}\t{self.rear}"

    @property
    def is_syn(self) -> bool:
        """A SYN without ACK: the first step of a handshake."""
        return self.flags & (SYN | ACK) == SYN

    @property
    def is_syn_ack(self) -> bool:
        """A SYN with ACK: the second step."""
        return self.flags & (SYN | ACK) == (SYN | ACK)

    @property
    def is_pure_ack(self) -> bool:
        """An acknowledgement and nothing else."""
        return self.flags & (SYN | ACK | FIN | RST) == ACK and self.payload == 0
