"""Cut a capture into shards, let processes read them, and put together what they found."""

from __future__ import annotations

import pickle
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.shards import Shard, cut
from pcap_report.engine.sharding.counting import counted
from pcap_report.engine.sharding.merge import Merger
from pcap_report.engine.sharding.part import NotSeparableError, ShardPart
from pcap_report.engine.sharding.task import ShardTask, read_shard
from pcap_report.errors import ExitCode, TsharkError, UsageError
from pcap_report.private_folder import PrivateFolder
from pcap_report.processes import work_through

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import FileFacts
    from pcap_report.capture.tshark import Tshark
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.options import Options
    from pcap_report.engine.reading import Reading

_LOADED_EARLY: Final = 48 << 20
"""Bytes of results that are loaded while shards are read; in memory they are five times as large."""
_PRELOADED: Final = ("pcap_report.engine.sharding.task", "pcap_report.engine.sharding.run")


@dataclass(frozen=True)
class Outcome:
    """How tshark ended, all shards together; what a reader of the whole capture says of itself.

    Attributes:
        missing_fields: declared fields that this tshark does not know.
        remark: what tshark said when it stopped, "" for nothing.
        complete: tshark read everything to its end.
        breakdown: None; where a tshark breaks down, the capture is read as a whole.
        last_frame: the last frame.
        damaged_rows: rows whose columns did not add up.
    """

    missing_fields: tuple[str, ...]
    remark: str
    complete: bool
    last_frame: int
    damaged_rows: int
    breakdown: None = None


@dataclass(frozen=True)
class FactsTask:
    """Read what the bytes of the capture file say."""

    path: Path
    form: CaptureFormat
    result: Path


@dataclass(frozen=True)
class Cut:
    """A capture that is to be read in shards.

    Attributes:
        path: the capture file; its facts are the report's.
        source: the file with the packets: the same one, or a copy without secrets.
        form: its format.
        count: how many shards.
        workers: processes at a time.
    """

    path: Path
    source: Path
    form: CaptureFormat
    count: int
    workers: int


def work(task: ShardTask | FactsTask) -> None:
    """Do one of the tasks."""
    if isinstance(task, ShardTask):
        read_shard(task)
        return
    with task.result.open("xb") as file:
        pickle.dump(file_facts(task.path, task.form), file)


class ShardedReading:
    """A reading in shards; what it leaves lies in files until it is closed.

    Attributes:
        outcome: how tshark ended.
        reading: what was read.
        facts: what the bytes of the file say.
    """

    outcome: Outcome
    reading: Reading
    facts: FileFacts

    def __init__(self, capture: Cut, tshark: Tshark, options: Options) -> None:
        self._capture = capture
        self._tshark = tshark
        self._options = options
        self._tasks: list[ShardTask] = []
        self._folder = PrivateFolder()

    def close(self) -> None:
        """Remove the files."""
        self._folder.close()

    def read(self, kinds: Sequence[AnalyzerKind], attempts: Attempts) -> bool:
        """Read the capture; False where it must be read as a whole, also because a process was killed.

        Raises:
            TsharkError: a shard could not be read.
        """
        folder = self._folder.path
        facts = FactsTask(self._capture.path, self._capture.form, folder / "facts")
        try:
            found = self._found(facts, folder)
            if found is None or not self._tasks:
                return False
            parts = [found.get(task.shard) or _loaded(task) for task in self._tasks]
            found.clear()
            self.reading = Merger(kinds, attempts, self._tasks, parts).reading(None)
        except NotSeparableError:
            return False
        with facts.result.open("rb") as file:
            self.facts = pickle.load(file)  # noqa: S301 - written by us, into a folder of ours
        self.outcome = _outcome(parts)
        return True

    def _found(self, facts: FactsTask, folder: Path) -> dict[Shard, ShardPart] | None:
        """Let processes read the shards, and load what some found; None where one was killed."""
        found: dict[Shard, ShardPart] = {}
        room = _LOADED_EARLY
        progress = self._options.progress or (lambda _: None)

        def tell() -> None:
            progress(sum(counted(task.count) for task in self._tasks))

        tasks = self._jobs(facts, folder)
        jobs = work_through(work, tasks, self._capture.workers, tell, preloaded=_PRELOADED)
        with closing(jobs) as results:
            for task, broken in results:
                if broken is not None and broken.died:
                    return None
                if broken is not None:
                    kind = UsageError if broken.exit_code == ExitCode.USAGE else TsharkError
                    raise kind(f"A shard of the capture could not be read: {broken.message}")
                size = task.result.stat().st_size
                if isinstance(task, ShardTask) and size <= room:
                    room -= size
                    found[task.shard] = _loaded(task)
        return found

    def _jobs(self, facts: FactsTask, folder: Path) -> Iterator[ShardTask | FactsTask]:
        """The file is walked over in a process of its own while it is cut in this one."""
        yield facts
        capture = self._capture
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="origin") as pool:
            origin = pool.submit(_origin, self._tshark, capture.source)
            shards = cut(capture.source, capture.form, capture.count, folder) or []
            origin_ns = origin.result()
        if origin_ns is None:
            return
        self._tasks = [
            ShardTask(shard, capture.path.name, self._tshark, self._options.analyzers, origin_ns)
            for shard in sorted(shards, key=lambda one: -one.count)
        ]
        yield from self._tasks


def _origin(tshark: Tshark, path: Path) -> int | None:
    """Ask tshark for the time of the first packet, in nanoseconds; None where it has none."""
    for packet in CaptureReader(tshark, path, (), options=["-c", "1"]):
        return packet.time_ns if packet.row[1] else None
    return None


def _loaded(task: ShardTask) -> ShardPart:
    with task.result.open("rb") as file:
        part = pickle.load(file)  # noqa: S301 - written by us, into a folder of ours
    if not isinstance(part, ShardPart):
        raise NotSeparableError(str(part))
    return part


def _outcome(parts: Sequence[ShardPart]) -> Outcome:
    return Outcome(
        parts[0].missing_fields,
        " ".join(dict.fromkeys(part.remark for part in parts if part.remark)),
        all(part.complete for part in parts),
        sum(part.packets for part in parts),
        sum(part.damaged_rows for part in parts),
    )
