"""Frame numbers in few words: for the reader (``76–79, 82``) and for a display filter (``{76..79, 82}``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class FirstRanges(NamedTuple):
    """The first ranges of a set of frames, and how many frames they leave out."""

    text: str
    omitted: int


def frame_ranges(frames: Iterable[int], separator: str = ", ") -> str:
    """Write frames in order, runs of them as a range: ``76–79, 82``; no frames give an empty text."""
    return separator.join(_spelled(run, "–") for run in _runs(frames))


def first_ranges(frames: Iterable[int], limit: int, separator: str = ", ") -> FirstRanges:
    """Write at most `limit` ranges, and count the frames that are left out, for an "and 37 more"."""
    runs = _runs(frames)
    shown, rest = runs[: max(limit, 0)], runs[max(limit, 0) :]
    return FirstRanges(separator.join(_spelled(run, "–") for run in shown), sum(map(len, rest)))


def filter_ranges(frames: Iterable[int]) -> str:
    """Write the set that stands behind ``frame.number in`` (wireshark-filter(4), "Membership Operator").

    No frames give ``{0}``, which matches nothing: frames count from 1, and tshark refuses an empty set.
    """
    return "{" + (", ".join(_spelled(run, "..") for run in _runs(frames)) or "0") + "}"


def _runs(frames: Iterable[int]) -> list[range]:
    runs: list[range] = []
    for frame in sorted(set(frames)):
        if runs and runs[-1].stop == frame:
            runs[-1] = range(runs[-1].start, frame + 1)
        else:
            runs.append(range(frame, frame + 1))
    return runs


def _spelled(run: range, dash: str) -> str:
    return str(run.start) if len(run) == 1 else f"{run.start}{dash}{run[-1]}"
