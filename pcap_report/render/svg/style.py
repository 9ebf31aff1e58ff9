"""Colours and rules of the pictures: one stylesheet for light, dark and paper, or colours that are fixed."""

from __future__ import annotations

import re
from typing import Final

from pcap_report.render.svg.measure import Font

TEXT: Final = Font(13)
SMALL: Final = Font(11)
STRONG: Final = Font(13, bold=True)
FONTS: Final = {"t": TEXT, "s": SMALL, "h": STRONG}
"""By class of the text element."""
FAMILIES: Final = (
    '"Noto Sans","Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans","DejaVu Sans",'
    '"Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif'
)

LIGHT: Final = {
    "fg": "#1f2328",
    "muted": "#57606a",
    "line": "#b9c2cc",
    "grid": "#e3e8ed",
    "paper": "#ffffff",
    "client": "#0a5cc2",
    "server": "#0b7f5b",
    "between": "#5b6b80",
    "again": "#c2570c",
    "reset": "#c81e2b",
    "alert": "#7a3fc0",
    "note": "#fff6cc",
    "edge": "#d9b53a",
    "open": "#eaf3fd",
    "secure": "#f3eefc",
    "data": "#eaf7f1",
    "close": "#fdf1e4",
}
DARK: Final = {
    "fg": "#e6edf3",
    "muted": "#9aa5b1",
    "line": "#4a5460",
    "grid": "#272e36",
    "paper": "#0d1117",
    "client": "#5aa9ff",
    "server": "#42c795",
    "between": "#8fa1b8",
    "again": "#ff9a4d",
    "reset": "#ff6b6b",
    "alert": "#c297ff",
    "note": "#3a3110",
    "edge": "#8a6d1a",
    "open": "#10203a",
    "secure": "#211a38",
    "data": "#0e271e",
    "close": "#2e2011",
}

_RULES: Final = (
    (".pr", f"font-family:{FAMILIES};max-width:100%;height:auto"),
    (".pr text", "fill:var(--pr-fg);stroke:none"),
    (".pr .t", f"font-size:{TEXT.size:g}px"),
    (".pr .h", f"font-size:{STRONG.size:g}px;font-weight:bold"),
    (".pr .s", f"font-size:{SMALL.size:g}px"),
    (".pr .s,.pr .n", "fill:var(--pr-muted)"),
    (".pr .m", "text-anchor:middle"),
    (".pr .e", "text-anchor:end"),
    (".pr .bg", "fill:var(--pr-paper)"),
    (".pr .life", "fill:none;stroke:var(--pr-line);stroke-width:1.5"),
    (".pr .grid", "fill:none;stroke:var(--pr-grid)"),
    (".pr .axis", "fill:none;stroke:var(--pr-line)"),
    (".pr .head", "fill:var(--pr-paper);stroke-width:1.5"),
    (".pr .note", "fill:var(--pr-note);stroke:var(--pr-edge)"),
    (".pr .dots", "stroke-dasharray:1 5;stroke-linecap:round"),
    (".pr .client", "fill:var(--pr-client);stroke:var(--pr-client)"),
    (".pr .server", "fill:var(--pr-server);stroke:var(--pr-server)"),
    (".pr .between", "fill:var(--pr-between);stroke:var(--pr-between)"),
    (".pr .ack", "stroke:var(--pr-muted)"),
    (".pr .again", "stroke:var(--pr-again);stroke-width:2"),
    (".pr .reset", "stroke:var(--pr-reset);stroke-width:2"),
    (".pr .alert", "fill:var(--pr-alert);stroke:var(--pr-alert)"),
    (".pr .shaft", "fill:none;stroke-width:1.5"),
    (".pr .ack.shaft", "stroke-width:1"),
    (".pr .dash", "stroke-dasharray:6 4"),
    (".pr .hollow", "fill:none"),
    (".pr .solid", "stroke:none"),
    (".pr .head.client,.pr .head.server,.pr .head.between", "fill:var(--pr-paper)"),
    (".pr .area", "stroke:none;fill-opacity:.14"),
    (".pr .lane", "stroke:none;fill-opacity:.1"),
    (".pr .open", "fill:var(--pr-open)"),
    (".pr .secure", "fill:var(--pr-secure)"),
    (".pr .data", "fill:var(--pr-data)"),
    (".pr .close", "fill:var(--pr-close)"),
    (".pr .bar", "stroke:none"),
    (".pr .bar.open", "fill:var(--pr-client)"),
    (".pr .bar.secure", "fill:var(--pr-alert)"),
    (".pr .bar.data", "fill:var(--pr-server)"),
    (".pr .bar.close", "fill:var(--pr-again)"),
    (".pr .bar.plain", "fill:var(--pr-between)"),
    (".pr a", "cursor:pointer"),
    (".pr a:hover text", "text-decoration:underline"),
)
_VARIABLE: Final = re.compile(r"var\(--pr-(\w+)\)")
_NARROW: Final = 640
"""Pixels of a window below which the narrow one of two pictures is shown."""


def page_style() -> str:
    """Return the stylesheet that a page needs once, whatever pictures it holds."""
    return "".join(
        (
            _schemes(),
            _written(),
            ".pr a:focus-visible{outline:2px solid var(--pr-client);outline-offset:2px}",
            ".pr-narrow{display:none}",
            f"@media screen and (max-width:{_NARROW}px)",
            "{.pr-narrow{display:block}.pr-wide{display:none}}",
            "@media print{.pr{break-inside:avoid}}",
        )
    )


def file_style() -> str:
    """Return the stylesheet of a picture that is a file of its own: light or dark, as its reader likes."""
    return _schemes() + _written()


def paper_style() -> str:
    """Return a stylesheet without variables and media queries, for readers of SVG that know neither."""
    return _VARIABLE.sub(lambda found: LIGHT[found[1]], _written())


def _schemes() -> str:
    light, dark = _variables(LIGHT), _variables(DARK)
    return f".pr{{{light}}}@media (prefers-color-scheme:dark){{.pr{{{dark}}}}}@media print{{.pr{{{light}}}}}"


def _variables(palette: dict[str, str]) -> str:
    return ";".join(f"--pr-{name}:{colour}" for name, colour in palette.items())


def _written() -> str:
    return "".join(f"{selector}{{{rules}}}" for selector, rules in _RULES)
