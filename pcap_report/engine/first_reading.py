"""The first reading of a capture: in one pass, or in shards that are put together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Protocol

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.one_pass import processors
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.secrets_aside import begins_with_secrets, without_secrets
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.reading import Reading
from pcap_report.engine.sharding.plan import shard_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.capture.breakdown import Breakdown
    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import FileFacts
    from pcap_report.capture.tshark import Tshark
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.options import Options


class Ending(Protocol):
    """How tshark ended."""

    @property
    def missing_fields(self) -> tuple[str, ...]:
        """Declared fields that this tshark does not know."""

    @property
    def remark(self) -> str:
        """What tshark said when it stopped, "" for nothing."""

    @property
    def complete(self) -> bool:
        """Tell whether tshark read the file to its end."""

    @property
    def breakdown(self) -> Breakdown | None:
        """Why tshark stopped before its work was done; None when it ended by itself."""

    @property
    def last_frame(self) -> int:
        """The last frame that was read; 0 before the first."""

    @property
    def damaged_rows(self) -> int:
        """Rows of tshark's whose columns did not add up."""


@dataclass(frozen=True)
class CaptureFile:
    """A capture, and what reads it."""

    path: Path
    form: CaptureFormat
    tshark: Tshark


@dataclass(frozen=True)
class FirstReading:
    """What the first reading leaves: how tshark ended, what was read, what the file's bytes say."""

    ending: Ending
    reading: Reading
    facts: FileFacts


@contextmanager
def first_reading(
    capture: CaptureFile, kinds: Sequence[AnalyzerKind], attempts: Attempts, options: Options
) -> Iterator[FirstReading]:
    """Read a capture; what was read in other processes can be asked for until the context ends."""
    aside = begins_with_secrets(capture.path, capture.form)
    ways = _Ways(capture, kinds, attempts, options)
    with ExitStack() as stack:
        found = ways.in_shards(stack, aside=aside)
        if found is not None and found.facts.has_secrets and not aside:  # they stand between the packets
            found, aside = None, True
        yield found or ways.in_one_pass(aside=aside)


@dataclass(frozen=True)
class _Ways:
    """The ways to read a capture for what is asked.

    Each reads the packets as they travelled: secrets that the file holds are set aside.
    """

    capture: CaptureFile
    kinds: Sequence[AnalyzerKind]
    attempts: Attempts
    options: Options

    def in_shards(self, stack: ExitStack, *, aside: bool) -> FirstReading | None:
        """Read a large capture in shards; None where one pass is quicker, or the only exact way."""
        capture, options = self.capture, self.options
        if options.display_filter or options.plugins:
            return None  # a filter may speak of numbers; a file's analyzers are known in this process only
        workers = options.workers or processors()
        count = shard_count(capture.path, capture.form, workers, options.shards)
        if count < 2:
            return None
        from pcap_report.engine.sharding.run import Cut, ShardedReading

        source = stack.enter_context(self._packets(aside=aside))
        cut = Cut(capture.path, source, capture.form, count, workers)
        sharded = ShardedReading(cut, capture.tshark, options)
        stack.callback(sharded.close)
        if not sharded.read(self.kinds, self.attempts):
            return None
        return FirstReading(sharded.outcome, sharded.reading, sharded.facts)

    def in_one_pass(self, *, aside: bool) -> FirstReading:
        """Read it in one pass, and what the file's bytes say beside it."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="file-facts") as pool:
            given_up = Event()
            facts_later = pool.submit(
                file_facts, self.capture.path, self.capture.form, lambda: not given_up.is_set()
            )
            try:
                reader, reading = self._pass(aside=aside)
                facts = facts_later.result()
            finally:
                given_up.set()  # an interruption does not wait for the end of the file
        if facts.has_secrets and not aside:  # they stand between the packets
            reader, reading = self._pass(aside=True)
        return FirstReading(reader, reading, facts)

    def _pass(self, *, aside: bool) -> tuple[CaptureReader, Reading]:
        options = self.options
        with self._packets(aside=aside) as source:
            fields = declared_fields(self.kinds)
            reader = CaptureReader(self.capture.tshark, source, fields, display_filter=options.display_filter)
            reading = Reading(self.kinds, self.attempts, options.progress)
            reader.meanwhile = reading.finish_one
            reading.read(reader)
        return reader, reading

    def _packets(self, *, aside: bool) -> AbstractContextManager[Path]:
        capture = self.capture
        return without_secrets(capture.path, capture.form) if aside else nullcontext(capture.path)
