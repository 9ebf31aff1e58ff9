"""One frame: what the report says of it, and its layers."""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from pcap_report.engine.dissected import owned, with_dissected
from pcap_report.errors import UsageError
from pcap_report.mcp import answers, views
from pcap_report.mcp.budget import Item, fitted
from pcap_report.model.filters import frame_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.mcp.analysis import Analysis
    from pcap_report.mcp.arguments import OfFrame
    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.evidence import Claim

_HIDDEN: Final = "***"


async def explained(analysis: Analysis, asked: OfFrame) -> dict[str, Any]:
    """Tell what the report says of a frame, and take it apart.

    Raises:
        UsageError: there is no such frame, or only its capture could show it.
    """
    report = analysis.report
    if asked.frame > report.capture.packets and not report.capture.display_filter:
        raise UsageError(
            f"There is no frame {asked.frame}: {asked.capture} has {report.capture.packets}",
            "Frames are numbered from 1 on, as Wireshark does.",
        )
    name = f"frame {asked.frame} {asked.language}"
    found: tuple[int | None, list[Item]] | None = analysis.known(name)
    if found is None:
        found = _told(analysis, await _anatomy(analysis, asked.frame), asked)
        analysis.keep(name, found)
    connection, items = found
    head = answers.FrameStory(
        capture=asked.capture,
        frame=asked.frame,
        display_filter=frame_filter((asked.frame,)),
        connection=connection,
    )
    key = f"frame {analysis.key} {asked.frame} {asked.language}"
    return fitted(head, items, asked.budget, asked.cursor, key, ("display_filter",))


def _told(analysis: Analysis, anatomy: FrameAnatomy, asked: OfFrame) -> tuple[int | None, list[Item]]:
    items = [
        Item("statements", partial(views.statement, claim, asked.language, connection))
        for claim, connection in _said_of(analysis, asked.frame)
    ]
    anatomy = _without_secrets(analysis, anatomy)
    for layer in reversed(anatomy.layers):  # what is innermost is what the frame is for
        items += [Item("fields", partial(views.field_line, layer.protocol, one)) for one in layer.fields]
    return anatomy.connection, items


def _said_of(analysis: Analysis, frame: int) -> Iterator[tuple[Claim, int | None]]:
    """Yield the statements that speak of a frame, each with its connection."""
    report = analysis.report
    yield from ((claim, None) for claim in report.claims if _speaks_of(claim, frame))
    for one in report.connections:
        if one.first_frame <= frame <= one.last_frame:
            yield from ((claim, one.id) for claim in one.claims if _speaks_of(claim, frame))


def _speaks_of(claim: Claim, frame: int) -> bool:
    """Look a frame up: those of a claim are in ascending order."""
    place = bisect_left(claim.frames, frame)
    return place < len(claim.frames) and claim.frames[place] == frame


async def _anatomy(analysis: Analysis, frame: int) -> FrameAnatomy:
    """Return the layers of a frame: those of the report, or those that were made ahead of time.

    tshark is asked about a frame far inside a large capture, and as long as there is nothing ahead of time:
    it answers sooner than it takes all frames apart.
    """
    for one in analysis.report.anatomy:
        if one.frame == frame:
            return one
    if analysis.saved:
        raise UsageError(
            f"The saved report does not hold frame {frame}, and its capture is not at hand",
            "Name the capture instead.",
        )
    stored = analysis.frames()
    found = stored.frame(frame) if stored else None
    if found is not None:
        return owned(found, analysis.report)
    return await analysis.asked_of_tshark(_dissected, analysis, frame)


def _dissected(analysis: Analysis, frame: int) -> FrameAnatomy:
    return with_dissected(analysis.report, analysis.source.capture, [frame]).anatomy[-1]


def _without_secrets(analysis: Analysis, anatomy: FrameAnatomy) -> FrameAnatomy:
    """Hide what the innermost layer of a frame says where a password or the like goes over the wire."""
    secret: frozenset[int] = analysis.once(
        "frames with secrets",
        lambda: frozenset(frame for one in analysis.report.credentials for frame in (one.frame, *one.frames)),
    )
    if anatomy.frame not in secret or not anatomy.layers:
        return anatomy
    *outer, inner = anatomy.layers
    hidden = tuple(
        one if one.name.endswith((".command", ".method")) else replace(one, value=_HIDDEN, meaning=None)
        for one in inner.fields
    )
    return replace(anatomy, layers=(*outer, replace(inner, fields=hidden)))
