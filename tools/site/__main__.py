"""Build the site into build/site, and look at every link of it: ``make site``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from sphinx.cmd.build import main as sphinx_build

from pcap_report.render.environment import profiles
from pcap_report.render.html import LIMITS, render_html
from pcap_report.render.markdown import MarkdownOptions
from pcap_report.render.phrases import LANGUAGES
from tests.gallery.reports import NAMES, shown
from tools.site.check import faults

ROOT: Final = Path(__file__).resolve().parents[2]
SITE: Final = ROOT / "build" / "site"
_DOOR: Final = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>pcap-report</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"></head>
<body><a href="docs/index.html">pcap-report: documentation</a></body></html>
"""


def build(site: Path = SITE) -> int:
    """Build everything; a warning of Sphinx's or a link that leads nowhere is an error.

    Returns:
        0 when all is well.
    """
    arguments = ["-c", str(ROOT / "docs"), "-d", str(site.with_name("site-doctrees")), "-b", "html"]
    failed = sphinx_build([*arguments, "--fail-on-warning", "--keep-going", "-q", str(ROOT), str(site)])
    (site / "index.html").write_text(_DOOR, encoding="utf-8")
    _write_gallery(site / "docs" / "gallery")
    wrong = faults(site)
    sys.stderr.writelines(f"{one}\n" for one in wrong)
    return int(bool(failed or wrong))


def _write_gallery(folder: Path) -> None:
    """Write the reports of the samples as the pages that the program makes of them."""
    for name in NAMES:
        (folder / name).mkdir(parents=True, exist_ok=True)
        for profile in profiles():
            for language in LANGUAGES:
                options = MarkdownOptions(language=language, profile=profile, limits=LIMITS)
                page = render_html(shown(name), options)
                (folder / name / f"{profile}.{language}.html").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(build())
