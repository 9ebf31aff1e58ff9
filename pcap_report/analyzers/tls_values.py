"""The values of a frame's fields, taken one after the other in the order of the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy_extensions import mypyc_attr

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class ValueQueue:
    """Every field's values, each of which is taken once."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._left: dict[str, list[str]] = {}

    def left(self, field: str) -> list[str]:
        """Return the values of a field that nobody has taken yet."""
        if field not in self._left:
            self._left[field] = self._packet.texts(field)
        return self._left[field]

    def take(self, field: str, count: int = 1) -> list[str]:
        """Take the next values of a field: fewer when there are no more."""
        left = self.left(field)
        taken, self._left[field] = left[:count], left[count:]
        return taken

    def number(self, field: str) -> int | None:
        """Take the next value of a field as a number; None when there is none."""
        return as_number(self.take(field))


def as_number(values: list[str]) -> int | None:
    """Read the first of some values as a number; None when there is none."""
    try:
        return int(values[0], 0) if values else None
    except ValueError:
        return None
