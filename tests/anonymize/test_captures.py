"""Real captures of others: nothing of them is left in Markdown and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.anonymize import anonymize, require_clean
from pcap_report.errors import NotACaptureError
from pcap_report.render.json_report import render_json
from pcap_report.render.markdown import render_markdown
from tests.analyzed import analyzed
from tests.anonymize.published import KEY, left_in

if TYPE_CHECKING:
    from pathlib import Path

CATEGORIES = [
    *("dns", "dtls", "http", "ipv6", "linktypes", "malformed", "mixed", "quic", "starttls", "tcp-phenomena"),
    *("tls-decrypt", "tls-nonstd-port", "tls12", "tls13", "tunnels", "weird"),
]
LARGEST = 300_000


def _require_nothing_left(path: Path) -> None:
    try:
        before = analyzed(path)
    except NotACaptureError:
        return
    done = anonymize(before, KEY)
    for render in (render_json, render_markdown):
        written = render(done.report)
        assert left_in(written, before) == set(), path.name
        require_clean(written, lambda how=render: how(done.blank), done.originals)  # type: ignore[misc]  # bound now


def _captures(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if {".pcap", ".pcapng", ".cap"} & set(path.suffixes))
    return sorted(path for path in found if path.is_file() and path.stat().st_size < LARGEST)


@pytest.mark.parametrize("category", CATEGORIES)
def test_nothing_is_left_of_captures(captures_dir: Path, category: str) -> None:
    for path in _captures(captures_dir / category):
        _require_nothing_left(path)


def test_nothing_is_left_of_replicas(replicas_dir: Path) -> None:
    for path in _captures(replicas_dir):
        _require_nothing_left(path)
