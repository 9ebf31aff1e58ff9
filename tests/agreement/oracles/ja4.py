"""Fingerprints of the reference implementations of JA4 (``oracles/ja4``): Rust, Python, the tshark plugin."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from tests.agreement.comparison import Comparison
from tests.agreement.report_index import End, ReportIndex, client, written

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection

Values = dict[str, str]

_LINE: Final = re.compile(r"^(- |  )(\w+):(?: (.*))?$")
_PASSED_OVER: Final = frozenset(
    ("stream", "src", "dst", "srcport", "dstport", "src_port", "dst_port", "transport")
)


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare every file, whichever implementation wrote it."""
    comparison = Comparison(capture, "ja4")
    for path in sorted(place.iterdir()):
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".snap":
            for values in snapshot(text):
                _compare_stream(comparison, index, values, path.name)
        elif path.suffix == ".json":
            for entry in json.loads(text):
                _compare_entry(comparison, index, entry, path.name)
    return [comparison]


def snapshot(text: str) -> list[Values]:
    """Read the list of streams out of a snapshot of the Rust implementation."""
    found: list[Values] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match or (match.group(1) == "  " and not found):
            continue
        if match.group(1) == "- ":
            if match.group(2) != "stream":
                continue
            found.append({})
        found[-1][match.group(2)] = (match.group(3) or "").strip("'\"")
    return found


# Any: a JSON document is read as it is
def _compare_entry(comparison: Comparison, index: ReportIndex, entry: dict[str, Any], source: str) -> None:
    layers = entry.get("_source", {}).get("layers")
    if layers is None:
        named = {
            key.lower(): str(value) for key, value in entry.items() if not isinstance(value, dict | list)
        }
        named = {("ja4" if key == "ja4.1" else key): value for key, value in named.items()}
        _compare_stream(comparison, index, {**named, "_outer": "T"}, source)
        return
    frame = int(layers["frame.number"][0])
    where = f"{source} frame {frame}"
    for field, values in layers.items():
        if field == "ja4.ja4":
            mine = [hello.ja4 for hello in _hellos(index) if hello.frame == frame]
            comparison.check("ja4", where, mine, values)
        elif field != "frame.number":
            comparison.lacking(field.removeprefix("ja4."), where, values)


def _hellos(index: ReportIndex) -> list[Any]:
    handshakes = [one.tls_handshake for one in index.report.connections if one.tls_handshake]
    return [one.client_hello for one in handshakes if one.client_hello]


def _compare_stream(comparison: Comparison, index: ReportIndex, values: Values, source: str) -> None:
    source_end = (values.get("src", ""), _port(values, "src"))
    other = (values.get("dst", ""), _port(values, "dst"))
    protocol = values.get("transport", "tcp")
    where = f"{source} {written(source_end)} → {written(other)}"
    ours = _find(index, values, source_end, other, protocol)
    if ours is None and protocol in {"quic", "udp"}:
        for field in sorted(set(values) - _PASSED_OVER):
            comparison.lacking(f"{field} (over UDP)", where, values[field])
        return
    comparison.check("stream", where, ours is not None, theirs=True)
    if ours is None:
        return
    if "_outer" not in values:
        comparison.check("client", where, written(client(ours)), written(source_end))
        comparison.check("stream number", where, ours.id, int(values["stream"]))
    _compare_values(comparison, ours, values, where)


def _find(
    index: ReportIndex, values: Values, source: End, destination: End, protocol: str
) -> Connection | None:
    """By the ends; the Python implementation gives the outermost addresses, so by ports there."""
    found = index.between(source, destination, "quic" if protocol in {"quic", "udp"} else "tcp")
    number = int(values.get("stream", -1))
    same = [one for one in found if one.id == number] or found
    if same or "_outer" not in values:
        return same[0] if same else None
    one = index.by_id.get(number)
    ports = {source[1], destination[1]}
    return one if one and {one.client.port, one.server.port} == ports else None


def _port(values: Values, side: str) -> int:
    return int(values.get(f"{side}_port") or values.get(f"{side}port") or 0)


def _compare_values(comparison: Comparison, ours: Connection, values: Values, where: str) -> None:
    handshake = ours.tls_handshake
    hello = handshake.client_hello if handshake else None
    known = {
        "ja4": hello.ja4 if hello else None,
        "tls_server_name": handshake.sni if handshake else None,
        "domain": handshake.sni if handshake else None,
    }
    for field, value in values.items():
        if field in _PASSED_OVER or field == "_outer" or not value:
            continue
        if field in known:
            comparison.check("server name" if field != "ja4" else field, where, known[field], value)
        else:
            comparison.lacking(field, where, value)
