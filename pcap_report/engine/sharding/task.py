"""Read one shard, in a process of its own."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcap_report.analyzers.plugins import available_analyzers
from pcap_report.analyzers.registry import chosen
from pcap_report.capture.reader import CaptureReader
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.garbage import collection_paused
from pcap_report.engine.sharding.counting import Count
from pcap_report.engine.sharding.part import NotSeparableError, ShardPart
from pcap_report.engine.sharding.row_store import RowStore
from pcap_report.engine.sharding.shard_reading import Aside, Beside, Moments, ShardReading, in_the_capture
from pcap_report.processes import keep_to_the_end

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.shards import Shard
    from pcap_report.capture.tshark import Tshark


@dataclass(frozen=True)
class ShardTask:
    """Which shard to read, and how.

    Attributes:
        shard: the shard.
        name: of the whole capture; tshark's remarks are to speak of it.
        tshark: what reads.
        analyzers: ids of those asked for; None for all.
        origin_ns: time of the capture's first packet.
    """

    shard: Shard
    name: str
    tshark: Tshark
    analyzers: tuple[str, ...] | None
    origin_ns: int

    @property
    def result(self) -> Path:
        """Where the result goes: a :class:`ShardPart`, or a text that says why there is none."""
        return self.shard.path.with_suffix(".part")

    @property
    def rows(self) -> Path:
        """Where the rows go that must be read in the order of the whole capture."""
        return self.shard.path.with_suffix(".rows")

    @property
    def count(self) -> Path:
        """Where it stands how many packets were read."""
        return self.shard.path.with_suffix(".count")

    @property
    def stored(self) -> Path:
        """Where the rows of short connections go, and the analyzers of long ones."""
        return self.shard.path.with_suffix(".stored")


def read_shard(task: ShardTask) -> None:
    """Read a shard and leave its result, and what belongs to it, beside it."""
    found: ShardPart | str
    with collection_paused():
        try:
            found = _read(task)
        except NotSeparableError as error:
            found = str(error)
        with task.result.open("xb") as file:
            pickle.dump(found, file, protocol=5)
    task.shard.path.unlink()


def _read(task: ShardTask) -> ShardPart:
    kinds = chosen(available_analyzers(), task.analyzers)
    reader = CaptureReader(task.tshark, task.shard.path, declared_fields(kinds))
    part = ShardPart()
    attempts = Moments(kinds)
    with (
        task.rows.open("x", encoding="utf-8", errors="surrogateescape", newline="\n") as rows,
        task.stored.open("xb") as stored,
        Count(task.count) as count,
    ):
        beside = Beside(Aside(kinds, rows.write), RowStore(stored), count.tell)
        reading = ShardReading(kinds, attempts, part, task.origin_ns, beside)
        reading.read(in_the_capture(reader, task.shard.frames, reading))
        count.tell(reading.packets)
        if reader.breakdown or reading.packets != task.shard.count:
            raise NotSeparableError(f"tshark read {reading.packets} of {task.shard.count} frames")
        reading.finish(task.stored)
    keep_to_the_end(reading, part)
    part.remark = reader.remark.replace(task.shard.path.name, task.name)
    part.complete, part.damaged_rows = reader.complete, reader.damaged_rows
    part.missing_fields = reader.missing_fields
    part.failures = attempts.failures
    return part
