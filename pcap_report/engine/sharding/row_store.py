"""The rows of short connections, kept in a file until it is known which connections are told.

Only some hundreds of many thousands are: reading their rows once more is quicker than keeping for all what
their analyzers know.
"""

from __future__ import annotations

from array import array
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.model.packet import Packet

SHORT: Final = 200
"""Packets up to which a connection is short."""
PLACES: Final = "Q"
_ENCODING: Final = ("utf-8", "surrogateescape")


class RowStore:
    """Writes rows down, and remembers where those of each stream are."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self._size = 0
        self._places: dict[int, array[int]] = {}

    def add(self, stream: int, packet: Packet) -> None:
        """Keep the row of a packet, unless its connection is long already."""
        places = self._places.get(stream)
        if places is None:
            places = self._places[stream] = array(PLACES)
        if len(places) > SHORT:
            return
        places.append(self._size)
        line = (packet.line().rstrip("\t") + "\n").encode(*_ENCODING)
        self._size += len(line)
        self.file.write(line)

    def places(self, stream: int) -> array[int] | None:
        """Return where the rows of a stream are; None for a connection that is not short."""
        places = self._places.get(stream)
        return None if places is None or len(places) > SHORT else places


def rows_at(path: Path, places: array[int], columns: int) -> Iterator[str]:
    """Yield rows that were kept, with as many columns as they had."""
    with path.open("rb") as file:
        for place in places:
            file.seek(place)
            line = file.readline().decode(*_ENCODING).removesuffix("\n")
            yield line + "\t" * (columns - 1 - line.count("\t"))
