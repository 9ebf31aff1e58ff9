"""Charts as SVG files that a Markdown report shows: Markdown itself can only draw few of them."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any, Final

from pcap_report.render.safe import markdown_text
from pcap_report.render.svg.round_trips import round_trips
from pcap_report.render.svg.sheet import Sheet
from pcap_report.render.svg.throughput import throughput
from pcap_report.render.svg.time_sequence import time_sequence
from pcap_report.render.svg.timeline import timeline
from pcap_report.render.svg.traffic_bars import bytes_by_direction, bytes_by_protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>\s*<desc[^>]*>(.*?)</desc>", re.DOTALL)
_TEXT: Final = 400
"""Columns of the text that stands for a picture."""


class ChartFiles:
    """Draws for one report.

    Attributes:
        files: name and SVG of each picture; the names are made of our words and of numbers.
    """

    def __init__(self, language: str, folder: str) -> None:
        """Prepare.

        Args:
            language: of the words in the pictures.
            folder: where the files will lie, as links in the report name it: percent-encoded.
        """
        self._language = language
        self._folder = folder
        self.files: dict[str, str] = {}

    def of_connection(self, connection: Connection) -> list[str]:
        """Draw a connection over time; returns what shows the pictures."""
        shown = (
            self._shown(f"connection-{connection.id}-time-sequence", time_sequence, connection),
            self._shown(f"connection-{connection.id}-throughput", throughput, connection),
            self._shown(f"connection-{connection.id}-round-trips", round_trips, connection),
        )
        return [one for one in shown if one]

    def of_connections(self, report: Report) -> list[str]:
        """Draw the connections side by side."""
        shown = (
            self._shown("connections-timeline", timeline, report),
            self._shown("connections-bytes", bytes_by_direction, report),
        )
        return [one for one in shown if one]

    def of_protocols(self, report: Report) -> list[str]:
        """Draw what the bytes belong to."""
        return [one for one in (self._shown("protocols-bytes", bytes_by_protocol, report),) if one]

    def _shown(self, name: str, draw: Callable[[Any, Sheet], str], subject: object) -> str:
        picture = draw(subject, Sheet("d", self._language, "file"))
        words = _TITLE.search(picture)
        if not picture or words is None:
            return ""
        self.files[f"{name}.svg"] = picture + "\n"
        text = markdown_text(unescape(f"{words[1]}: {words[2]}"), _TEXT)
        return f"![{text}]({self._folder}/{name}.svg)"
