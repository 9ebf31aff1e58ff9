"""tshark with the keys of a capture (``oracles/tshark-decrypted``): plaintext, which no report takes yet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.agreement.comparison import Comparison

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agreement.report_index import ReportIndex


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Count what the keys would open."""
    comparison = Comparison(capture, "tshark-decrypted")
    theirs = json.loads(place.read_text("utf-8"))
    for stream in theirs.get("plaintext", ()):
        comparison.lacking("plaintext", f"stream {stream.get('stream')}", stream.get("bytes_0"))
    for message in theirs.get("http", ()):
        if any(
            one.frame == message["frame"] or one.response_frame == message["frame"]
            for one in index.report.http
        ):
            continue
        comparison.lacking(
            "HTTP inside TLS", f"frame {message['frame']}", message["method"] or message["code"]
        )
    for message in theirs.get("http2", ()):
        comparison.lacking("HTTP/2 inside TLS", f"frame {message['frame']}", "message")
    return [comparison]
