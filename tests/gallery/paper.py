"""What a browser and the fonts of this machine have a hand in: a picture of a page, a PDF."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path

from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions
from pcap_report.render.pdf import render_pdf
from tests.browser.chromium import Chromium, find
from tests.gallery.reports import shown

_WIDTH, _HEIGHT = 1080, 1250


def page_picture(name: str = "lossy-three-connections") -> bytes | None:
    """Photograph the beginning of a page; None without a browser."""
    path = find()
    if path is None:
        return None
    with tempfile.TemporaryDirectory() as folder, Chromium(path) as browser:
        file = Path(folder, "page.html")
        file.write_text(render_html(shown(name), MarkdownOptions(limits=LIMITS)), encoding="utf-8")
        page = browser.page()
        page.size(_WIDTH, _HEIGHT)
        page.media(prefers_color_scheme="light")
        page.open(file)
        return base64.b64decode(page.screenshot())


def paper(name: str = "mcp-tls13") -> bytes:
    """Set a report on paper."""
    return render_pdf(shown(name), MarkdownOptions(profile="brief"))
