"""The rivals' own environment: pinned apart from ours, so that neither decides the other's versions."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
PINS: Final = _ROOT / "requirements" / "rivals.txt"
FOLDER: Final = _ROOT / "build" / "rivals"


def rivals_bin() -> Path:
    """Return the folder of the rivals' programs; make their environment where there is none of these pins."""
    programs = FOLDER / "bin"
    mark = FOLDER / ".pins"
    wanted = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if not mark.is_file() or mark.read_text() != wanted:
        print(f"Making {FOLDER.relative_to(_ROOT)}: the tools to compare with", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
        install = [
            str(programs / "python"),
            "-m",
            "pip",
            "install",
            "-qq",
            "--require-hashes",
            "-r",
            str(PINS),
        ]
        subprocess.run(install, check=True)
        mark.write_text(wanted)
    return programs
