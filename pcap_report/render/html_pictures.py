"""The drawings of a page: ladders and charts as figures, each drawn for wide and for narrow windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pcap_report.render.conversation import Conversation, nat_diagram
from pcap_report.render.envelopes import envelopes
from pcap_report.render.svg.ladder import ladder
from pcap_report.render.svg.ladder_pages import ladder_pages
from pcap_report.render.svg.nested_boxes import nested_boxes
from pcap_report.render.svg.round_trips import round_trips
from pcap_report.render.svg.sheet import Sheet, both_widths
from pcap_report.render.svg.throughput import throughput
from pcap_report.render.svg.time_sequence import time_sequence
from pcap_report.render.svg.timeline import timeline
from pcap_report.render.svg.traffic_bars import bytes_by_direction, bytes_by_protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step
    from pcap_report.model.report import Report
    from pcap_report.render.sequence import SequenceDiagram

Draw = Callable[[Sheet], str]
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_PAPER: Final = 1_300
"""Pixels of a picture that can be read on a sheet of A4."""
_CHARTS: Final = (time_sequence, throughput, round_trips)


class Pictures:
    """Draws for one page; each picture has ids of its own."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._drawn = 0
        self._phrases = Sheet("", language).phrases

    def whole(self, connection: Connection, steps: Sequence[Step]) -> str:
        """Draw a connection from end to end; an empty text without arrows."""
        return self._ladder(Conversation(connection, self._phrases).whole(steps))

    def phase(self, connection: Connection, steps: Sequence[Step], *phases: Phase) -> str:
        """Draw some phases of a connection."""
        return self._ladder(Conversation(connection, self._phrases).phase(steps, *phases))

    def nat(self, connection: Connection) -> str:
        """Draw the address translation on a connection's way."""
        return self._ladder(nat_diagram(connection, self._phrases))

    def packed(self, anatomy: FrameAnatomy) -> list[str]:
        """Draw the layers of a frame, box inside box."""
        return self._figures(_of(nested_boxes, envelopes(anatomy)))

    def charts(self, connection: Connection) -> list[str]:
        """Draw a connection over time."""
        return self._figures(*(_of(draw, connection) for draw in _CHARTS))

    def overview(self, report: Report) -> list[str]:
        """Draw the connections of a capture."""
        return self._figures(_of(timeline, report), _of(bytes_by_direction, report))

    def protocols(self, report: Report) -> list[str]:
        """Draw what the bytes of a capture belong to."""
        return self._figures(_of(bytes_by_protocol, report))

    def _ladder(self, diagram: SequenceDiagram | None) -> str:
        if diagram is None:
            return ""
        return self._figure(lambda sheet: _ladder(diagram, sheet), "ladder")

    def _figures(self, *draws: Draw) -> list[str]:
        return [figure for figure in (self._figure(draw, "chart") for draw in draws) if figure]

    def _figure(self, draw: Draw, kind: str) -> str:
        self._drawn += 1
        picture = both_widths(draw, Sheet(f"d{self._drawn}", self._language)).replace("\n", " ")
        title = _TITLE.search(picture)
        if not picture or title is None:
            return ""
        return f'<figure class="{kind}">{picture}<figcaption>{title[1]}</figcaption></figure>'


def _ladder(diagram: SequenceDiagram, sheet: Sheet) -> str:
    """Draw a wide ladder in pieces that fit on paper, a narrow one in one piece."""
    return ladder(diagram, sheet) if sheet.narrow else "".join(ladder_pages(diagram, sheet, _PAPER))


def _of(draw: Callable[..., str], subject: object) -> Draw:
    return lambda sheet: draw(subject, sheet)
