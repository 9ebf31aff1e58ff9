"""The upper part of the terminal view: what the capture is, and the table of its connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich import box
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render.judged import left_out
from pcap_report.render.outcomes import DATAGRAM_STATES, SEVERITIES, STATES
from pcap_report.render.safe import terminal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType

    from pcap_report.model.connection import Client, Connection, Server
    from pcap_report.model.evidence import Severity
    from pcap_report.model.report import Report
    from pcap_report.render.phrases import Phrases

CLIENT_STYLE: Final = "cyan"
SERVER_STYLE: Final = "green"
SEVERITY_STYLES: Final[dict[Severity, str]] = {
    "high": "bold red",
    "medium": "yellow",
    "low": "blue",
    "info": "dim",
}
NARROW: Final = 72
"""Columns below which a table has room for names only."""
_STATE: Final = 15
_SHORT: Final = 21
"""The longest IPv4 address with its port."""
_ROWS: Final = 30


def summary(report: Report, phrases: Phrases, title: str | None) -> RenderableType:
    """Draw the panel with the capture's facts."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold")
    grid.add_column(overflow="fold")
    for name, value in _facts(report, phrases):
        grid.add_row(Text(phrases.say(name)), value)
    head = Text(terminal_text(title or report.capture.file, 60), style="bold")
    return Panel(grid, title=head, title_align="left", border_style="blue", box=box.ROUNDED)


def _facts(report: Report, phrases: Phrases) -> Iterator[tuple[Message, Text]]:
    capture = report.capture
    if capture.stopped:
        read = msg(
            "tshark stopped after frame %(frame)s; this is what it read", frame=capture.stopped.after_frame
        )
        yield msg("Cut off"), Text(phrases.say(read), "red")
    elif capture.truncated:
        yield msg("Cut off"), Text(phrases.say(msg("the file ends too early; this is what is there")), "red")
    size = phrases.quantities.bytes(capture.bytes)
    yield msg("File"), Text(f"{terminal_text(capture.format)}, {size}")
    yield msg("SHA-256"), Text(terminal_text(capture.sha256))
    span = f" · {phrases.quantities.seconds(capture.duration_s)}" if capture.duration_s is not None else ""
    packets = msg_n("%(count)s packet", "%(count)s packets", capture.packets)
    yield msg("Packets"), Text(f"{phrases.say(packets)}{span}")
    if capture.first_packet_at:
        yield msg("First packet"), Text(terminal_text(capture.first_packet_at))
    names = [one.name for one in capture.interfaces if one.name]
    if names:
        yield msg("Interface"), Text(terminal_text(", ".join(names[:8])))
    if capture.display_filter:
        yield msg("Display filter"), Text(terminal_text(capture.display_filter))
    yield msg("Connections"), Text(_count_of_connections(report, phrases))
    if report.dns:
        yield msg("DNS look-ups"), Text(str(len(report.dns)))
    if report.http:
        yield msg("HTTP requests"), Text(str(len(report.http)))
    yield msg("Findings"), _count_of_findings(report, phrases)
    version = terminal_text(report.generator.tshark_version)
    yield msg("Read with"), Text(f"tshark {version}")


def _count_of_connections(report: Report, phrases: Phrases) -> str:
    text = str(len(report.connections))
    if not report.connections_omitted:
        return text
    more = msg_n("%(count)s more left out", "%(count)s more left out", report.connections_omitted)
    return text + phrases.marks.aside.format(phrases.say(more))


def _count_of_findings(report: Report, phrases: Phrases) -> Text:
    left = left_out(report)
    if not report.findings and not left:
        return Text(phrases.say(msg("none of the rules applies")), "dim")
    parts = []
    for severity, word in SEVERITIES.items():
        count = sum(one.severity == severity for one in report.findings)
        if count:
            of_it = msg("%(number)s %(severity_term)s", number=count, severity_term=word.text)
            parts.append(Text(phrases.say(of_it), SEVERITY_STYLES[severity]))
    if left:
        more = msg_n("%(count)s more left out", "%(count)s more left out", left)
        parts.append(Text(phrases.say(more), "dim"))
    return Text(phrases.marks.listed).join(parts)


def connections(report: Report, phrases: Phrases, width: int) -> RenderableType:
    """Draw the table of the connections; the first ones where there are very many."""
    shown = report.connections[:_ROWS]
    clients = [address(one.client) for one in shown]
    short = max(map(len, clients)) <= _SHORT
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=width >= NARROW, header_style="bold")
    table.add_column("#", justify="right")
    table.add_column(phrases.say(msg("Client")), style=CLIENT_STYLE, overflow="fold", no_wrap=short)
    table.add_column(phrases.say(msg("Server")), style=SERVER_STYLE, overflow="fold", ratio=1)
    numbers = [column for column in _NUMBERS if width >= column.from_width]
    for column in numbers:
        table.add_column(phrases.say(column.head), justify="right", no_wrap=True)
    table.add_column(phrases.say(msg("State")), overflow="fold", max_width=_STATE if width >= NARROW else 12)
    for one, client in zip(shown, clients, strict=True):
        name = terminal_text(one.server.names[0], 60) if one.server.names else ""
        server = "\n".join(filter(None, (name, address(one.server))))
        values = (column.value(one, phrases) for column in numbers)
        table.add_row(*map(Text, (str(one.id), client, server, *values)), _state(one, phrases))
    left = len(report.connections) - _ROWS
    if left > 0:
        more = phrases.say(msg_n("and %(count)s more", "and %(count)s more", left))
        table.caption = Text(f"{more}{phrases.marks.colon}pcap-report connections")
        table.caption_justify = "left"
    return table


class _Column(NamedTuple):
    head: Message
    from_width: int
    value: Callable[[Connection, Phrases], str]


_NUMBERS: Final = (
    _Column(msg("Packets"), NARROW, lambda one, _: str(one.packets)),
    _Column(msg("Size"), 96, lambda one, phrases: phrases.quantities.bytes(one.bytes)),
    _Column(msg("Start"), 112, lambda one, _: f"{one.start_s:.3f} s"),
    _Column(msg("Duration"), 96, lambda one, phrases: phrases.quantities.seconds(one.end_s - one.start_s)),
)
"""The columns that a terminal has room for from so many columns on."""


def _state(one: Connection, phrases: Phrases) -> Text:
    """Say how it ended in words, and below it Zeek's code, for those who look for it."""
    word = (STATES if one.protocol == "tcp" else DATAGRAM_STATES).get(one.conn_state)
    code = Text(terminal_text(one.conn_state), "dim")
    return Text("\n").join([Text(phrases.say(word)), code]) if word else code


def address(end: Client | Server) -> str:
    """Write an end with its port; an IPv6 address stands in brackets (RFC 3986, 3.2.2)."""
    shown = terminal_text(end.ip)
    return f"[{shown}]:{end.port}" if ":" in shown else f"{shown}:{end.port}"
