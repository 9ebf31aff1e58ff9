"""docs/reference/differences.md: where others say something else, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

from tools.reference.markdown import cell, code, table

_KNOWN: Final = Path(__file__).resolve().parents[2] / "tests" / "agreement" / "known_differences.toml"
_BEGINNING: Final = """\
# Where other tools say something else

The reports are held against what Zeek, Suricata, Wireshark, Arkime, nDPI and others say of public captures
(`make agree`). Where they differ, the frames were looked at: a fault of ours is mended, and what is left is
listed here, with the display filter that shows who is right. `*` stands for anything.
"""


def differences_page() -> str:
    """Write the page."""
    known = tomllib.loads(_KNOWN.read_text(encoding="utf-8"))["difference"]
    lines = [_BEGINNING]
    for oracle in dict.fromkeys(one["oracle"] for one in known):
        rows = [
            (
                code(one["capture"]),
                code(one["field"]),
                code(str(one["ours"])),
                code(str(one["theirs"])),
                cell(one["reason"]),
                code(one["proof"]) if one.get("proof") else "",
            )
            for one in known
            if one["oracle"] == oracle
        ]
        lines += [f"## {oracle}", ""]
        lines += table(("capture", "field", "here", "there", "why", "look at"), rows)
    return "\n".join(lines).rstrip() + "\n"
