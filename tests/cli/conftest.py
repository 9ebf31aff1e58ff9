"""Run the installed command as a person does, on a machine that the test decides about."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
PROGRAM = Path(sys.executable).with_name("pcap-report")
KNOWS_FIELDS = """case "$1" in
--version) echo "TShark (Wireshark) 4.0.17"; exit 0 ;;
-G) exec {tshark} -G fields ;;
esac
"""


@dataclass(frozen=True)
class Done:
    """How a run ended."""

    status: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines of standard error."""
        return self.err.splitlines()


@dataclass
class Desk:
    """A folder to work in, and the environment of the command."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: object, stdin: bytes = b"") -> Done:
        """Run ``pcap-report`` with these arguments, its output in a pipe."""
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            input=stdin,
            capture_output=True,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def file(self, name: str, content: bytes = b"") -> Path:
        """Write a file."""
        path = self.folder / name
        path.write_bytes(content)
        return path

    def names(self) -> set[str]:
        """Return the names of all files in the folder, hidden ones too."""
        return {path.name for path in self.folder.iterdir()}

    def tshark_is(self, script: str) -> None:
        """Let a script be the machine's tshark."""
        path = self.folder.parent / "pretended-tshark"
        path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        path.chmod(0o755)
        self.environment["PCAP_REPORT_TSHARK"] = str(path)


@pytest.fixture
def desk(tmp_path: Path, known_of_tshark: Path) -> Desk:
    folder, cache = tmp_path / "desk", tmp_path / "cache"
    folder.mkdir()
    shutil.copytree(known_of_tshark, cache)
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "TERM")}
    return Desk(
        folder, {**kept, "XDG_CACHE_HOME": str(cache), "TMPDIR": str(tmp_path), "PYTHONWARNINGS": "error"}
    )


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Path]:
    """Give the path of a sample capture."""

    def path(name: str) -> Path:
        return SAMPLES / f"{name}.pcapng"

    return path


@pytest.fixture(scope="session")
def real_tshark() -> str:
    found = which("tshark")
    assert found
    return found
