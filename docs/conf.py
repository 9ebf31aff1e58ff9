"""How Sphinx builds the site: `make site`. Its sources are the Markdown files that GitHub shows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.site.links import local_pages  # noqa: E402 - found only now
from tools.site.navigation import navigation  # noqa: E402

project = "pcap-report"
copyright = "pcap-report contributors"
extensions = ["myst_parser"]

root_doc = "docs/index"
include_patterns = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "docs/*.md",
    "docs/reference/*.md",
    "docs/gallery/README.md",
    "samples/README.md",
    "examples/*/README.md",
]
exclude_patterns = ["build", "dist", ".*", "tests", "pcap_report", "templates", "**/node_modules"]

myst_heading_anchors = 4
myst_enable_extensions = ["strikethrough"]
# Blocks in languages that Pygments does not know stay as they are.
highlight_language = "text"
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "pcap-report"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = None
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """Give the index its navigation, which GitHub would show as a block of code, and links their pages."""

    def with_navigation(_app: Sphinx, name: str, source: list[str]) -> None:
        if name == root_doc:
            source[0] += navigation()
        source[0] = local_pages(source[0], name)

    app.connect("source-read", with_navigation)
