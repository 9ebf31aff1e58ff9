"""One analysis: the report, and what questions about it need."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar, TypeVarTuple

import anyio
import anyio.to_thread
import msgspec

from pcap_report.capture.errand import Errand
from pcap_report.capture.frame_store import PLACES, StoredFrames, stored_bytes
from pcap_report.mcp.worker import VERDICTS, StatementVerdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.mcp.source import Source
    from pcap_report.mcp.work import Work
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_T = TypeVar("_T")
_Given = TypeVarTuple("_Given")
_PER_BYTE: Final = 5
"""Bytes of memory that a byte of the report's JSON takes, with what questions make of it (measured)."""
_MADE: Final = 200


@dataclass(eq=False)
class Analysis:
    """A report, and what was made of it.

    Attributes:
        report: it, its texts in English.
        source: the capture, or the saved report, and the files that belong to it.
        key: stands for the files.
        size: bytes of the report as JSON.
        work: the process that made it; None for a saved report.
    """

    report: Report
    source: Source
    key: str
    size: int
    work: Work | None = None
    _made: OrderedDict[str, Any] = field(default_factory=OrderedDict)
    _verdicts: tuple[StatementVerdict, ...] | None = None
    _frames: StoredFrames | None = None
    _askers: anyio.CapacityLimiter = field(default_factory=partial(anyio.CapacityLimiter, 2))

    @property
    def saved(self) -> bool:
        """Whether it was read from a saved report."""
        return self.work is None

    def once(self, name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - what `make` returns
        """Return what was made under this name, or make it; what has not been asked for longest is let go."""
        if name not in self._made:
            self.keep(name, make())
        self._made.move_to_end(name)
        return self._made[name]

    def known(self, name: str) -> Any | None:  # noqa: ANN401 - what was kept
        """Return what was kept under this name; None where there is nothing."""
        return self._made.get(name)

    def keep(self, name: str, made: Any) -> None:  # noqa: ANN401 - anything
        """Keep something for the next question."""
        self._made[name] = made
        while len(self._made) > _MADE:
            self._made.popitem(last=False)

    def connection(self, number: int) -> Connection | None:
        """Return a connection by its number."""
        by_number: dict[int, Connection] = self.once(
            "connections by number", lambda: {one.id: one for one in self.report.connections}
        )
        return by_number.get(number)

    async def prepare(self) -> None:
        """Wait for everything that questions need."""
        await self.verdicts()
        if self.work is not None:
            await self.work.until(PLACES)

    async def verdicts(self) -> tuple[StatementVerdict, ...] | None:
        """Return tshark's verdicts on all statements, in their order; None where it could not be asked."""
        if self._verdicts is None and self.work is not None and await self.work.until(VERDICTS):
            self._verdicts = await anyio.to_thread.run_sync(_read_verdicts, self.work)
        return self._verdicts

    def frames(self) -> StoredFrames | None:
        """Return the frames that were taken apart ahead of time; None where there are none, or not yet."""
        if self._frames is None and self.work is not None:
            self._frames = _stored(self.work)
        return self._frames

    async def asked_of_tshark(self, ask: Callable[[*_Given], _T], *given: *_Given) -> _T:
        """Ask tshark something that nobody could know beforehand; of many who ask at once, some wait.

        When whoever asks is cancelled, tshark ends.
        """
        errand = Errand()
        try:
            with errand.begun():
                return await anyio.to_thread.run_sync(
                    ask, *given, abandon_on_cancel=True, limiter=self._askers
                )
        finally:
            errand.give_up()

    def memory(self) -> int:
        """Return about how many bytes of memory it takes."""
        return self.size * _PER_BYTE

    def disk(self) -> int:
        """Return how many bytes of a temporary folder it takes."""
        return 0 if self.work is None else self.size + stored_bytes(self.work.folder)


def _read_verdicts(work: Work) -> tuple[StatementVerdict, ...]:
    return msgspec.json.decode((work.folder / VERDICTS).read_bytes(), type=tuple[StatementVerdict, ...])


def _stored(work: Work) -> StoredFrames | None:
    try:
        return StoredFrames(work.folder)
    except FileNotFoundError:
        return None
