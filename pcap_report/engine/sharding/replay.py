"""Read a connection once more from the rows that were kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.capture.columns import STREAM
from pcap_report.capture.rows import RowParser
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.connections import finished
from pcap_report.engine.reading import Reading
from pcap_report.engine.sharding.row_store import rows_at

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.capture.columns import Columns
    from pcap_report.engine.sharding.part import Loaded
    from pcap_report.model.packet import Packet


class Replay:
    """Reads rows once more.

    Args:
        kinds: the analyzers; only those of connections are asked.
        columns: of the rows.
        origin_ns: time of the capture's first packet.
    """

    def __init__(self, kinds: Sequence[AnalyzerKind], columns: Columns, origin_ns: int) -> None:
        self.kinds = [kind for kind in kinds if issubclass(kind, ConnectionAnalyzer)]
        self.columns = columns
        self.origin_ns = origin_ns

    def connection(self, path: Path, places: array[int], number: int) -> Loaded:
        """Return a connection as it was after its last packet.

        Args:
            path: the file with its rows.
            places: where they are.
            number: its number in the whole capture.
        """
        attempts = Attempts(self.kinds, self.kinds)  # what failed is known from the first time
        reading = Reading(self.kinds, attempts, None, self.origin_ns)
        reading.read(self._packets(path, places, number))
        flow = reading.table.flows[number]
        return flow, finished(flow, attempts), reading.kept.get(number, {})

    def _packets(self, path: Path, places: array[int], number: int) -> Iterator[Packet]:
        parser = RowParser(self.columns)
        for row in rows_at(path, places, len(self.columns.names)):
            packet = parser.packet(row)
            assert packet is not None  # it was a packet when the row was kept
            packet.row[STREAM] = str(number)
            packet.stream = number
            yield packet
