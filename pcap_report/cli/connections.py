"""``pcap-report connections``: a table like Wireshark's Conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.cli.messages import say_note
from pcap_report.cli.source import load_report, tell_what_was_cut_off
from pcap_report.cli.tables import Column, print_json, print_table

if TYPE_CHECKING:
    from pcap_report.cli.options.lists import TableFormat
    from pcap_report.cli.settings import Settings
    from pcap_report.engine import Options
    from pcap_report.model.connection import Client, Connection, Server

_COLUMNS: Final = (
    Column("id", "right"),
    Column("client", style="cyan"),
    Column("server", style="green"),
    Column("name", wide=True),
    Column("packets", "right"),
    Column("bytes", "right", optional=True),
    Column("sent", "right", optional=True),
    Column("received", "right", optional=True),
    Column("start_s", "right", optional=True),
    Column("duration_s", "right"),
    Column("state"),
)
_JSON_KEYS: Final = (
    "id",
    "protocol",
    "client",
    "server",
    "packets",
    "bytes",
    "client_packets",
    "server_packets",
    "client_payload_bytes",
    "server_payload_bytes",
    "first_frame",
    "last_frame",
    "start_s",
    "end_s",
    "conn_state",
    "history",
    "community_id",
    "display_filter",
)
"""Keys and values are those of the JSON report."""


def list_connections(capture: str, options: Options, form: TableFormat, settings: Settings) -> None:
    """Print the connections of a capture."""
    report = load_report(capture, options, settings)
    tell_what_was_cut_off(report, capture, settings)
    if form == "json":
        print_json([{key: getattr(one, key) for key in _JSON_KEYS} for one in report.connections])
        return
    if not report.connections:
        say_note(settings, f"there is no connection in {capture}")
    print_table(_COLUMNS, [_row(one) for one in report.connections], settings)


def _row(one: Connection) -> list[str]:
    return [
        str(one.id),
        _end(one.client),
        _end(one.server),
        one.server.names[0] if one.server.names else "-",
        str(one.packets),
        str(one.bytes),
        str(one.client_payload_bytes),
        str(one.server_payload_bytes),
        f"{one.start_s:.3f}",
        f"{one.end_s - one.start_s:.3f}",
        one.conn_state,
    ]


def _end(end: Client | Server) -> str:
    return f"[{end.ip}]:{end.port}" if ":" in end.ip else f"{end.ip}:{end.port}"
