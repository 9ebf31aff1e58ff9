"""The same capture on two ways through the program: what comes out is the same, or differs for a reason."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from pcap_report import processes
from pcap_report.engine import Options, analyze
from pcap_report.engine.sharding import run
from pcap_report.errors import PcapReportError
from pcap_report.render.json_report import render_json
from tests.fuzz.trial import ROOT, Trial, command

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from pathlib import Path

_SHARDS: Final = 3
_ANOTHER: Final = ROOT / "samples" / "refused-and-unanswered.pcapng"
_OTHERS: Final = (_ANOTHER, ROOT / "samples" / "lossy-three-connections.pcapng")


def sharded(trial: Trial, shards: int = _SHARDS, *, in_processes: bool = False) -> None:
    """Read in shards and in one pass, the report is the same, byte for byte, and so is a refusal.

    Args:
        trial: of a capture.
        shards: how many.
        in_processes: read each in a process of its own, as for a user; that takes longer.
    """
    one = _outcome(trial.capture, Options(shards=1))
    through = processes.work_through if in_processes else _one_by_one

    def counted(work: Callable[[Any], None], jobs: Iterable[Any], *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as it is called
        return through(work, trial.count_shards(jobs), *more, **named)

    with mock.patch.object(run, "work_through", counted):
        many = _outcome(trial.capture, Options(shards=shards, workers=2))
    if one != many:
        place = next((at for at, pair in enumerate(zip(one, many, strict=False)) if len(set(pair)) > 1), 0)
        around = slice(max(place - 60, 0), place + 60)
        trial.expect(False, f"in {shards} shards {many[around]!r}, and in one pass {one[around]!r}")


def _one_by_one(
    work: Callable[[Any], None], jobs: Iterable[Any], *_: object, **__: object
) -> Generator[Any, None, None]:
    """Do in this process what else one process does for each shard: most of that is their start."""
    for job in jobs:
        work(job)
        yield job, None


def _outcome(capture: Path, options: Options) -> str:
    try:
        return render_json(analyze(capture, options))
    except PcapReportError as error:
        return f"{type(error).__name__}: {error.message}"


def compared(trial: Trial, work: Path, report: dict[str, Any]) -> None:
    """A capture differs from another one and not from itself; of a cut-off one that cannot be told."""
    cut = report["capture"]["truncated"]
    other = next(path for path in _OTHERS if _connections(path) != len(report["connections"]))
    for before, wanted in ((work / "report.json", {5} if cut else {0}), (other, {1, 5} if cut else {1})):
        done = command("diff", before, trial.capture, "-q", "-f", "json")
        trial.expect(
            done.status in wanted, f"diff with {before.name} ends with {done.status}: {done.err[-1500:]}"
        )


@cache
def _connections(capture: Path) -> int:
    return len(analyze(capture).connections)


def batched(trial: Trial, work: Path, report: dict[str, Any] | None) -> None:
    """In a batch, a spoiled capture fails for itself alone; it has the report that it has elsewhere."""
    folder = work / "reports"
    done = command("batch", trial.capture, _ANOTHER, "-q", "-o", folder, "--workers", "1", "-f", "md")
    if not trial.expect(done.status == 0, f"batch ends with {done.status}: {done.err[-1500:]}"):
        return
    index = json.loads((folder / "index.json").read_bytes())
    named = str(trial.capture)
    there = [one for one in index["captures"] if one["path"] == named]
    failed = [one for one in index["failures"] if one["path"] == named]
    trial.expect(len(there) + len(failed) == 1, f"batch has {len(there)} reports and {len(failed)} failures")
    trial.expect(bool(there) == (report is not None), f"batch: {failed or 'a report'}")
    trial.expect(all(one["exit_code"] == 3 for one in failed), f"batch: {failed}")
    drafts = [path.name for path in folder.rglob("*") if path.name.endswith(".part")]
    trial.expect(not drafts, f"batch leaves {drafts}")
    if there and report:
        found = json.loads((folder / "reports" / there[0]["summary"]["json_report"]).read_bytes())
        trial.expect(found == report, "batch has another report")


def proved_at_once(trial: Trial) -> None:
    """`analyze --verify` refutes nothing that we say ourselves."""
    done = command("analyze", trial.capture, "-q", "--verify", "-f", "json", "-o", "-")
    trial.expect(done.status == 0, f"analyze --verify ends with {done.status}: {done.err[-1500:]}")
