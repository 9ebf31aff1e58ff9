"""Where a link of the repository leads on the site."""

from __future__ import annotations

import re
from typing import Final

_REPORT: Final = re.compile(r"\[([^\]]+)\]\(([\w-]+/\w+\.\w\w)\.(?:md|html)\)")
_GALLERY: Final = "docs/gallery/README"


def local_pages(source: str, name: str) -> str:
    """Let the gallery lead to the pages that the program makes of the samples, which the site has beside it.

    Args:
        source: a page's Markdown.
        name: its place in the repository, without the ending.
    """
    return _REPORT.sub(r'<a href="\2.html">\1</a>', source) if name == _GALLERY else source
