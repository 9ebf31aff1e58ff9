"""Display filters that select exactly the frames of a claim, written so that people can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.flow import Flow


def in_stream(stream: int, *conditions: str) -> str:
    """Join conditions for the packets of one TCP connection."""
    return " && ".join((f"tcp.stream == {stream}", *conditions))


def in_flow(flow: Flow, *conditions: str) -> str:
    """Join conditions for the packets of a connection over any transport, once all of them are known."""
    return " && ".join((flow.display_filter, *conditions))


def at_frame(flow: Flow, frame: int, *conditions: str) -> str:
    """Select one frame of a connection, and state what it fulfils."""
    return in_flow(flow, *conditions, frame_filter([frame]))


def frame_filter(frames: Iterable[int]) -> str:
    """Select frames by their numbers, runs as ranges: ``frame.number in {30..32, 73}``."""
    runs = frame_runs(sorted(set(frames)))
    if len(runs) == 1 and runs[0][0] == runs[0][1]:
        return f"frame.number == {runs[0][0]}"
    parts = (str(first) if first == last else f"{first}..{last}" for first, last in runs)
    return f"frame.number in {{{', '.join(parts)}}}"


def frame_runs(frames: Sequence[int]) -> list[tuple[int, int]]:
    """Put ascending numbers together into runs of neighbours: first and last of each."""
    runs: list[tuple[int, int]] = []
    for frame in frames:
        if runs and frame == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], frame)
        else:
            runs.append((frame, frame))
    return runs
