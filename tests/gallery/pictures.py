"""The pictures of the README, drawn by the project itself: ladders, charts, the view on a terminal."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from pcap_report.render.conversation import Conversation
from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from pcap_report.render.svg.ladder import ladder
from pcap_report.render.svg.sheet import Sheet
from pcap_report.render.svg.throughput import throughput
from pcap_report.render.svg.time_sequence import time_sequence
from pcap_report.render.svg.timeline import timeline
from pcap_report.render.terminal import TerminalOptions, render_terminal
from tests.gallery.reports import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


_COLUMNS: Final = 100
_FORM: Final = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
font-family: "DejaVu Sans Mono", "Noto Sans Mono", Menlo, Consolas, "Liberation Mono", monospace;
font-size: {char_height}px; line-height: {line_height}px }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""
"""Rich's own would load a font from elsewhere."""
_NORMAL: Final = ("484f58", "ff6b6b", "42c795", "e6be5a", "5aa9ff", "c297ff", "56d4dd", "c9d1d9")
_BRIGHT: Final = ("6e7681", "ff9191", "6ee1af", "f5d782", "82c3ff", "d7b9ff", "82e6ec", "ffffff")
"""Black, red, green, yellow, blue, magenta, cyan, white."""


def _theme() -> TerminalTheme:
    normal, bright = ([_rgb(one) for one in colours] for colours in (_NORMAL, _BRIGHT))
    return TerminalTheme(_rgb("0d1117"), _rgb("e6edf3"), normal, bright)


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue


def pictures() -> dict[str, Callable[[], str]]:
    """Return, by its place in the gallery, what draws each picture."""
    return {
        "pictures/ladder.svg": partial(_ladder, "http-dns", 0),
        "pictures/ladder-losses.svg": partial(_ladder, "lossy-three-connections", 2),
        "pictures/time-sequence.svg": _time_sequence,
        "pictures/throughput.svg": _throughput,
        "pictures/timeline.svg": _timeline,
        "pictures/terminal.svg": _terminal,
    }


def _ladder(name: str, number: int) -> str:
    report = shown(name)
    sheet = Sheet("p", medium="file")
    connection = report.connections[number]
    steps = drawn_steps(connection, frame_labels(report.http, connection))
    diagram = Conversation(connection, sheet.phrases).whole(steps)
    assert diagram is not None
    return ladder(diagram, sheet) + "\n"


def _time_sequence() -> str:
    connection = shown("lossy-three-connections").connections[2]
    return time_sequence(connection, Sheet("p", medium="file")) + "\n"


def _throughput() -> str:
    connection = shown("lossy-three-connections").connections[2]
    return throughput(connection, Sheet("p", medium="file")) + "\n"


def _timeline() -> str:
    return timeline(shown("lossy-three-connections"), Sheet("p", medium="file")) + "\n"


def _terminal() -> str:
    """Draw what a terminal shows, as it is written there."""
    with _colourful():
        view = render_terminal(shown("http-dns"), TerminalOptions(width=_COLUMNS, color=True))
    console = Console(record=True, width=_COLUMNS, file=StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text.from_ansi(view.rstrip()), soft_wrap=True)
    title = "pcap-report analyze samples/http-dns.pcapng"
    drawn = console.export_svg(title=title, theme=_theme(), code_format=_FORM, unique_id="terminal")
    return re.sub(r"\n\s*", "\n", drawn).strip() + "\n"


@contextmanager
def _colourful() -> Iterator[None]:
    """Let Rich think of a terminal with the usual colours, whatever this one is."""
    kept = {name: os.environ.pop(name, None) for name in ("TERM", "COLORTERM", "NO_COLOR")}
    os.environ["TERM"] = "xterm"
    try:
        yield
    finally:
        del os.environ["TERM"]
        os.environ.update({name: value for name, value in kept.items() if value is not None})
