"""What earlier runs learned of a tshark, in the user's cache folder; valid for that very binary only."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any

from pcap_report.cache_folder import cache_folder
from pcap_report.files import clear_drafts, draft_beside


def recall(program: str, what: str) -> dict[str, Any] | None:
    """Return what was kept of this binary; None when nothing usable is there."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(_place(program, what).read_text("utf-8"))
        if kept["stamp"] == _stamp(program):
            return dict(kept)
    return None


def keep(program: str, what: str, values: dict[str, Any]) -> None:
    """Keep what was learned; a cache that cannot be written is no error."""
    with contextlib.suppress(OSError):
        target = _place(program, what)
        text = json.dumps({"stamp": _stamp(program), **values})
        target.parent.mkdir(parents=True, exist_ok=True)
        clear_drafts(target.parent)
        with draft_beside(target) as draft:
            draft.write_text(text, encoding="utf-8")


def forget(program: str, what: str) -> None:
    """Let go of what was kept."""
    with contextlib.suppress(OSError):
        _place(program, what).unlink(missing_ok=True)


def _place(program: str, what: str) -> Path:
    folder = cache_folder()
    if folder is None:
        raise FileNotFoundError
    name = re.sub(r"[^A-Za-z0-9]+", "-", program).strip("-")
    return folder / f"{name}{what}.json"


def _stamp(program: str) -> list[int]:
    status = Path(program).stat()
    return [status.st_size, status.st_mtime_ns]
