"""Parquet tables over all reports of a batch, for DuckDB, Polars, pandas and whatever else reads Parquet."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcap_report.batch.places import Place
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

FOLDER: Final = "tables"
_Row = dict[str, Any]
"""Any: a row's values are of its columns' types."""

_TEXT, _NUMBER, _REAL, _FLAG, _TEXTS, _NUMBERS = "string", "int64", "float64", "bool", "texts", "numbers"
_OF_CAPTURE: Final = {"sha256": _TEXT, "file": _TEXT}


def tables_can_be_written() -> bool:
    """Tell whether the optional ``pcap-report[tables]`` is installed."""
    from importlib.util import find_spec

    return find_spec("pyarrow") is not None


def write_tables(place: Place, reports: Sequence[str]) -> tuple[str, ...]:
    """Write a file per table, a row group per report, and return their names relative to the folder.

    One report is in memory at a time. Nothing is written where pyarrow is not installed.

    Args:
        place: the folder of the batch.
        reports: names of JSON reports in it, in the order of the rows.

    Raises:
        OSError: they cannot be written here.
        UsageError: they cannot be written elsewhere.
    """
    if not tables_can_be_written():
        return ()
    import pyarrow as pa
    from pyarrow import parquet

    from pcap_report.render.json_report import read_json

    place.begin(FOLDER)
    with ExitStack() as stack:
        writers = {}
        for name, (columns, _) in TABLES.items():
            schema = pa.schema(
                [(column, _type(pa, kind)) for column, kind in {**_OF_CAPTURE, **columns}.items()]
            )
            draft = stack.enter_context(place.draft(f"{FOLDER}/{name}.parquet"))
            writers[name] = stack.enter_context(parquet.ParquetWriter(draft, schema, compression="zstd"))
        for report_name in reports:
            report = read_json(place.read(report_name))
            of_capture = {"sha256": report.capture.sha256, "file": report.capture.file}
            for name, (_, rows) in TABLES.items():
                found = [{**of_capture, **row} for row in rows(report)]
                if found:
                    writers[name].write_table(pa.Table.from_pylist(found, schema=writers[name].schema))
    return tuple(f"{FOLDER}/{name}.parquet" for name in TABLES)


def _type(pa: Any, kind: str) -> Any:  # noqa: ANN401 - pyarrow ships no types
    if kind == _TEXTS:
        return pa.list_(pa.string())
    if kind == _NUMBERS:
        return pa.list_(pa.int64())
    return {_TEXT: pa.string(), _NUMBER: pa.int64(), _REAL: pa.float64(), _FLAG: pa.bool_()}[kind]


def _connections(report: Report) -> Iterator[_Row]:
    for one in report.connections:
        yield {
            **{name: getattr(one, name) for name in _CONNECTION_FIELDS},
            "client_ip": one.client.ip,
            "client_port": one.client.port,
            "server_ip": one.server.ip,
            "server_port": one.server.port,
            "server_names": list(one.server.names),
            **_of_handshakes(one),
        }


def _of_handshakes(one: Connection) -> _Row:
    tcp, tls, data, end = one.tcp_handshake, one.tls_handshake, one.app_data, one.teardown
    return {
        "tcp_handshake": tcp.outcome if tcp else None,
        "rtt_ms": tcp.rtt_ms if tcp else None,
        "tls_version": tls.version if tls else None,
        "cipher_suite": tls.cipher_suite if tls else None,
        "alpn": tls.alpn if tls else None,
        "sni": tls.sni if tls else None,
        "client_data_bytes": data.client_bytes if data else None,
        "server_data_bytes": data.server_bytes if data else None,
        "teardown": end.outcome if end else None,
    }


def _findings(report: Report) -> Iterator[_Row]:
    for one in report.findings:
        row = {name: getattr(one, name) for name in _FINDING_FIELDS}
        yield {**row, "frames": list(one.frames)}


def _dns(report: Report) -> Iterator[_Row]:
    for one in report.dns:
        row = {name: getattr(one, name) for name in _DNS_FIELDS}
        yield {**row, "answers": list(one.answers), "led_to": list(one.led_to)}


def _claims(report: Report) -> Iterator[_Row]:
    yield from (_claim(one, None) for one in report.claims)
    for connection in report.connections:
        yield from (_claim(one, connection.id) for one in connection.claims)


def _claim(one: Any, connection: int | None) -> _Row:  # noqa: ANN401 - filled below
    return {
        "connection": connection,
        "id": one.id,
        "text": one.text,
        "display_filter": one.display_filter,
        "needs_keys": one.needs_keys,
        "frames": list(one.frames),
    }


_CONNECTION_FIELDS: Final = {
    "id": _NUMBER,
    "protocol": _TEXT,
    "packets": _NUMBER,
    "bytes": _NUMBER,
    "first_frame": _NUMBER,
    "last_frame": _NUMBER,
    "start_s": _REAL,
    "end_s": _REAL,
    "conn_state": _TEXT,
    "history": _TEXT,
    "community_id": _TEXT,
    "display_filter": _TEXT,
    "client_packets": _NUMBER,
    "server_packets": _NUMBER,
    "client_payload_bytes": _NUMBER,
    "server_payload_bytes": _NUMBER,
}
_ENDS_AND_HANDSHAKES: Final = {
    "client_ip": _TEXT,
    "client_port": _NUMBER,
    "server_ip": _TEXT,
    "server_port": _NUMBER,
    "server_names": _TEXTS,
    "tcp_handshake": _TEXT,
    "rtt_ms": _REAL,
    "tls_version": _TEXT,
    "cipher_suite": _TEXT,
    "alpn": _TEXT,
    "sni": _TEXT,
    "client_data_bytes": _NUMBER,
    "server_data_bytes": _NUMBER,
    "teardown": _TEXT,
}
_FINDING_FIELDS: Final = {
    "id": _TEXT,
    "severity": _TEXT,
    "summary": _TEXT,
    "connection": _NUMBER,
    "display_filter": _TEXT,
}
_DNS_FIELDS: Final = {
    "frame": _NUMBER,
    "response_frame": _NUMBER,
    "name": _TEXT,
    "type": _TEXT,
    "rcode": _TEXT,
    "rtt_ms": _REAL,
    "client": _TEXT,
    "server": _TEXT,
    "transport": _TEXT,
    "protocol": _TEXT,
    "connection": _NUMBER,
}
_CLAIM_FIELDS: Final = {
    "connection": _NUMBER,
    "id": _TEXT,
    "text": _TEXT,
    "display_filter": _TEXT,
    "needs_keys": _FLAG,
    "frames": _NUMBERS,
}

TABLES: Final[dict[str, tuple[dict[str, str], Callable[[Report], Iterator[_Row]]]]] = {
    "connections": ({**_CONNECTION_FIELDS, **_ENDS_AND_HANDSHAKES}, _connections),
    "findings": ({**_FINDING_FIELDS, "frames": _NUMBERS}, _findings),
    "dns": ({**_DNS_FIELDS, "answers": _TEXTS, "led_to": _NUMBERS}, _dns),
    "claims": (_CLAIM_FIELDS, _claims),
}
"""Name, columns and rows of each table."""
