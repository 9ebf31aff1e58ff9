"""Ask tshark about statements: does each filter select exactly its frames, do the values stand in them?"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from pcap_report.capture.counting import LONGEST_FILTER, Counted, count_frames
from pcap_report.verify.bundles import bundles, stream_of, within_frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark
    from pcap_report.verify.records import Verdict
    from pcap_report.verify.statements import Statement

_STREAM: Final = "tcp.stream"
_SHOWN: Final = 5
_Key: TypeAlias = tuple[str, tuple[int, ...]]


class Doubt(NamedTuple):
    """Why a statement is not proved."""

    verdict: Verdict
    reason: str


def doubts(
    tshark: Tshark,
    capture: Path,
    statements: Sequence[Statement],
    within: str | None = None,
    options: Sequence[str] = (),
) -> list[list[Doubt]]:
    """Return, for every statement, what speaks against it: nothing when tshark confirms it.

    Args:
        tshark: which one.
        capture: the capture file.
        statements: what is stated.
        within: a display filter that the reading was limited to.
        options: more options of tshark, such as a key log.
    """
    return _Inquiry(tshark, capture, within, tuple(options)).doubts(statements)


class _Inquiry:
    def __init__(self, tshark: Tshark, capture: Path, within: str | None, options: tuple[str, ...]) -> None:
        self._tshark = tshark
        self._options = options
        self._capture = capture
        self._within = within

    def doubts(self, statements: Sequence[Statement]) -> list[list[Doubt]]:
        askable = [one for one in statements if _askable(one)]
        joined, alone = bundles(askable, self._within)
        unknown = self._tshark.unknown_fields({value.field for one in statements for value in one.values})
        fields = dict.fromkeys(value.field for one in statements for value in one.values)
        frames = {frame for one in statements for frame in one.frames}
        frames.update(value.frame for one in statements for value in one.values)
        known = [_STREAM, *(name for name in fields if name not in unknown and name != _STREAM)]
        found = self._count([one.condition for one in joined], known, frames)
        closer = [
            one for bundle in joined if found.counts.get(bundle.condition) != 0 for one in bundle.members
        ]
        closer += [*alone, *(one for one in askable if not _placed(one, found))]
        counts = self._closer(closer, found)
        return [[*self._about(one, found, counts), *_wrong_values(one, found, unknown)] for one in statements]

    def _count(self, filters: Sequence[str], fields: Sequence[str], frames: set[int]) -> Counted:
        return count_frames(self._tshark, self._capture, filters, fields, frames, self._options)

    def _closer(self, statements: Sequence[Statement], found: Counted) -> dict[_Key, dict[str, int]]:
        """Ask about statements one by one; a tshark that broke down is not asked again."""
        if not statements:
            return {}
        filters = dict.fromkeys(condition for one in statements for condition in self._conditions(one))
        short = [condition for condition in filters if len(condition.encode()) <= LONGEST_FILTER]
        answer = found if found.breakdown else self._count(short, (), set())
        found.breakdown = answer.breakdown
        counts = answer.counts
        return {(one.display_filter, one.frames): counts for one in statements}

    def _conditions(self, one: Statement) -> list[str]:
        whole = self._limited(one.display_filter)
        return [whole, *within_frames(whole, one.frames)]

    def _limited(self, display_filter: str) -> str:
        return f"({self._within}) && ({display_filter})" if self._within else display_filter

    def _about(self, one: Statement, found: Counted, closer: dict[_Key, dict[str, int]]) -> Iterator[Doubt]:
        if not _askable(one):
            yield Doubt("not_provable", "it has no display filter that could be asked")
            return
        counts = closer.get((one.display_filter, one.frames))
        if counts is None:
            return
        whole, *pieces = self._conditions(one)
        selected = counts.get(whole)
        wanted = len(set(one.frames))
        common = sum(counts.get(piece, 0) for piece in pieces)
        if selected is None:
            why = found.breakdown or "it does not understand the display filter"
            yield Doubt("not_provable", f"tshark did not answer: {why}")
        elif not selected == common == wanted:
            yield Doubt(
                "refuted", f"the filter selects {selected} frames, {common} of the {wanted} that are stated"
            )


def _askable(one: Statement) -> bool:
    text = one.display_filter
    return bool(text.strip()) and text.isprintable() and len(text.encode(errors="replace")) <= LONGEST_FILTER


def _placed(one: Statement, found: Counted) -> bool:
    """Tell whether the frames exist, and are of the stream that the filter names."""
    stream = stream_of(one.display_filter)
    if stream is None:
        return found.seen.issuperset(one.frames)
    return all(str(stream) in found.values.get((frame, _STREAM), ()) for frame in one.frames)


def _wrong_values(one: Statement, found: Counted, unknown: frozenset[str]) -> Iterator[Doubt]:
    stated = Counter((value.frame, value.field, value.value) for value in one.values)
    for (frame, field, value), times in stated.items():
        if field in unknown:
            yield Doubt("not_provable", f"this tshark has no field {field}")
            continue
        there = found.values.get((frame, field), Counter())
        if there[value] < times and found.breakdown:
            yield Doubt("not_provable", f"tshark did not answer: {found.breakdown}")
            continue
        if there[value] < times:
            shown = ", ".join(list(there)[:_SHOWN]) or "nothing"
            yield Doubt("refuted", f"{field} is not {value} in frame {frame} but {shown}")
