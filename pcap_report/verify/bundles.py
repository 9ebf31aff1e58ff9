"""Put statements together into few filters that select no frame at all when every statement is true.

``(F && !S) || (!F && S)`` selects the frames in which a filter F and the set S of stated frames differ. Most
filters begin with the connection that they speak of. That condition is asked once for all of them, so that
thousands of statements cost a packet one comparison for each connection, and not one for each statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.capture.counting import LONGEST_FILTER
from pcap_report.model.filters import frame_filter, frame_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcap_report.verify.statements import Statement

_STREAM: Final = re.compile(r"tcp\.stream == (\d{1,9})")
_RUNS_PER_FILTER: Final = 400
_JOIN: Final = " && "
_ORS: Final = ("||", " or ", " xor ")
_ROOM: Final = 200
"""Bytes that a bundle needs around its members."""


@dataclass
class Bundle:
    """Statements that one filter asks about.

    Attributes:
        condition: selects a frame only when one of the statements is wrong.
        members: the statements.
    """

    condition: str
    members: tuple[Statement, ...]


@dataclass
class _Group:
    guard: str
    stream: int | None
    members: list[Statement] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    size: int = 0


def bundles(
    statements: Iterable[Statement], within: str | None = None
) -> tuple[list[Bundle], list[Statement]]:
    """Return bundles, and the statements that are too long for one.

    Args:
        statements: whose filters are of one line.
        within: a display filter that the report was limited to.
    """
    groups: dict[str, _Group] = {}
    full: list[_Group] = []
    alone: list[Statement] = []
    for one in statements:
        guard, rest = _parted(one.display_filter)
        condition = _difference(rest, one.frames)
        size = 2 * len(condition.encode()) + _ROOM + len((within or "").encode())
        if size > LONGEST_FILTER:
            alone.append(one)
            continue
        group = groups.get(guard)
        if group is None or group.size + size > LONGEST_FILTER:
            if group is not None:
                full.append(group)
            group = groups[guard] = _Group(guard, stream_of(one.display_filter))
        group.members.append(one)
        group.conditions.append(condition)
        group.size += size
    return list(_joined([*full, *groups.values()], within)), alone


def stream_of(display_filter: str) -> int | None:
    """Return the TCP stream that a filter is limited to; None where it does not begin with one."""
    match = _STREAM.fullmatch(_parted(display_filter)[0])
    return int(match[1]) if match else None


def within_frames(display_filter: str, frames: Iterable[int]) -> list[str]:
    """A filter limited to some frames, in pieces when they are many; the pieces do not overlap."""
    runs = frame_runs(sorted(set(frames)))
    pieces = [runs[at : at + _RUNS_PER_FILTER] for at in range(0, len(runs), _RUNS_PER_FILTER)]
    return [f"({display_filter}) && {_any_of(piece)}" for piece in pieces]


def _any_of(runs: Sequence[tuple[int, int]]) -> str:
    return "frame.number in {" + ", ".join(f"{a}..{b}" if a != b else str(a) for a, b in runs) + "}"


def _difference(display_filter: str, frames: Iterable[int]) -> str:
    stated = sorted(set(frames))
    if not stated:
        return f"({display_filter})"
    inside = frame_filter(stated)
    return f"((({display_filter}) && !({inside})) || (!({display_filter}) && ({inside})))"


def _joined(groups: Iterable[_Group], within: str | None) -> Iterator[Bundle]:
    """Join the groups of neighbouring streams: a packet belongs to one stream, so it passes the others by."""
    ordered = sorted(groups, key=lambda one: (one.stream is None, one.stream or 0))
    waiting: list[_Group] = []
    for group in ordered:
        joins = group.stream is not None and sum(one.size for one in waiting) + group.size <= LONGEST_FILTER
        if waiting and not joins:
            yield _bundle(waiting, within)
            waiting = []
        waiting.append(group)
    if waiting:
        yield _bundle(waiting, within)


def _bundle(groups: Sequence[_Group], within: str | None) -> Bundle:
    parts = [_guarded(one) for one in groups]
    condition = " || ".join(parts)
    if len(groups) > 1:
        condition = f"tcp.stream in {{{groups[0].stream}..{groups[-1].stream}}} && ({condition})"
    if within:
        condition = f"({within}) && ({condition})"
    return Bundle(condition, tuple(member for one in groups for member in one.members))


def _guarded(group: _Group) -> str:
    inside = " || ".join(group.conditions)
    if not group.guard:
        return f"({inside})"
    if group.stream is not None:  # whether the frames are of this stream, their rows say
        return f"({group.guard} && ({inside}))"
    frames = {frame for one in group.members for frame in one.frames}
    outside = f" || (!({group.guard}) && {frame_filter(frames)})" if frames else ""
    return f"(({group.guard}) && ({inside})){outside}"


def _parted(display_filter: str) -> tuple[str, str]:
    """Part ``GUARD && REST``, where the whole is the two joined; the guard is empty where it cannot be."""
    guard, joint, rest = display_filter.partition(_JOIN)
    plain = joint and not set(guard) & set("(\"'|{[") and not _has_top_level_or(rest)
    return (guard, rest) if plain else ("", display_filter)


def _has_top_level_or(text: str) -> bool:
    """Tell whether a filter may hold an ``or`` outside parentheses; where quotation marks stand, it may."""
    depth = 0
    for place, letter in enumerate(text):
        if letter in "({[":
            depth += 1
        elif letter in ")}]":
            depth -= 1
            if depth < 0:
                return True
        elif depth == 0 and (letter in "\"'^" or text.startswith(_ORS, place)):
            return True
    return depth != 0
