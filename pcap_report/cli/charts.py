"""``--charts``: where the pictures of a Markdown report lie."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pcap_report.errors import UsageError
from pcap_report.files import clear_drafts, led_to

if TYPE_CHECKING:
    from pcap_report.cli.formats import Format

AUTO: Final = "auto"


def charts_folder(wish: str, target: Path | None, form: Format) -> Path:
    """Return the folder for the pictures, before the capture is read.

    Raises:
        UsageError: this report shows no files, or none can be written there.
    """
    if form.with_charts is None:
        hint = (
            "HTML and PDF hold their charts themselves." if form.name in {"html", "pdf"} else "-o report.md"
        )
        raise UsageError(f"--charts goes with Markdown, and this report is {form.name}", hint)
    if target is None or (target.exists() and not target.is_file()):
        message = "--charts writes files beside the report, and this report goes to no file"
        raise UsageError(message, "Name the file: -o report.md")
    folder = target.with_name(f"{target.stem}-files") if wish == AUTO else Path(wish)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and the charts need a folder", "Choose another --charts DIR.")
    if not folder.parent.is_dir():
        raise UsageError(f"There is no folder {folder.parent}", f"mkdir -p {folder.parent}")
    if not os.access(folder if folder.exists() else folder.parent, os.W_OK):
        raise UsageError(f"Nothing may be written to {folder}", "Choose another --charts DIR.")
    clear_drafts(folder)
    return folder


def link_to(folder: Path, target: Path) -> str:
    """Write the way from the report to the folder as links do: relative, with slashes, percent-encoded.

    Raises:
        UsageError: there is no such way.
    """
    try:
        way = os.path.relpath(led_to(folder), led_to(target).parent)
    except ValueError as error:  # two drives of Windows
        message = f"No link leads from {target} to {folder}"
        raise UsageError(message, "Choose a --charts DIR on the same drive.") from error
    return quote(Path(way).as_posix(), errors="surrogateescape")
