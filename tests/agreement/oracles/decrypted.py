"""tshark with the keys of a capture (``oracles/tshark-decrypted``): plaintext, HTTP and HTTP/2 inside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pcap_report.engine import Options
from tests.agreement.comparison import Comparison
from tests.analyzed import analyzed

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.report import Report
    from tests.agreement.report_index import ReportIndex


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Hold what the keys open against what tshark opens with them."""
    del index  # its report was made without keys
    comparison = Comparison(capture, "tshark-decrypted")
    report = _opened(place.parents[2], capture)
    if report is None:
        return [comparison]
    theirs = json.loads(place.read_text("utf-8"))
    for stream in theirs.get("plaintext", ()):
        _compare_plaintext(comparison, report, stream)
    said = _said(report)
    for message in theirs.get("http", ()):
        first = [*message["method"][:1], *map(str, message["code"][:1])]
        for word in first:
            found = said.get((message["frame"], message["stream"]), ())
            comparison.check(
                "HTTP inside TLS", f"frame {message['frame']}", word if word in found else "", word
            )
    for message in theirs.get("http2", ()):
        for word in (*message["path"], *map(str, message["status"])):
            found = said.get((message["frame"], message["stream"]), ())
            comparison.check(
                "HTTP/2 inside TLS", f"frame {message['frame']}", word if word in found else "", word
            )
    return [comparison]


def _opened(folder: Path, capture: str) -> Report | None:
    """Analyze a capture with its key log; None where it has none."""
    for line in (folder / "keys.tsv").read_text("utf-8").splitlines():
        name, kind, keys = [*line.split("\t"), "", ""][:3]
        if name == capture and kind == "keylog":
            (path,) = folder.glob(f"*/{capture}")
            return analyzed(path, Options(keylog=folder / keys))
    return None


def _compare_plaintext(comparison: Comparison, report: Report, stream: dict[str, Any]) -> None:
    connection = next((one for one in report.connections if one.id == stream["stream"]), None)
    inside = connection.inside if connection else None
    where = f"stream {stream['stream']}"
    if connection is None or inside is None:
        comparison.check("plaintext", where, None, stream.get("bytes_0"))
        return
    client_first = stream["node0"] == f"{connection.client.ip}:{connection.client.port}"
    ours = (
        (inside.client_bytes, inside.server_bytes)
        if client_first
        else (inside.server_bytes, inside.client_bytes)
    )
    for side, size in enumerate(ours):
        comparison.check("plaintext", f"{where} side {side}", size, stream.get(f"bytes_{side}", 0))


def _said(report: Report) -> dict[tuple[int, int], set[str]]:
    """What HTTP says, by frame and connection."""
    found: dict[tuple[int, int], set[str]] = {}
    for one in report.http:
        if one.connection is None:
            continue
        if one.frame is not None:
            found.setdefault((one.frame, one.connection), set()).update((one.method or "", one.path or ""))
        if one.response_frame is not None:
            found.setdefault((one.response_frame, one.connection), set()).add(str(one.status))
    return found
