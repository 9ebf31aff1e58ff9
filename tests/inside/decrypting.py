"""Captures with their key logs, and what tshark itself says of their inside."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

from pcap_report.capture.isolation import isolated_environment
from pcap_report.capture.tshark import find_tshark

SEPARATOR: Final = "\x1f"
ROOT: Final = Path(__file__).resolve().parents[2]


class Locked(NamedTuple):
    """A capture and the key log that opens it."""

    capture: Path
    keys: Path


def locked_captures() -> list[Locked]:
    """The samples with keys, and the shared captures where they are."""
    found = [Locked(keys.with_suffix(".pcapng"), keys) for keys in sorted((ROOT / "samples").glob("*.keys"))]
    folder = Path(os.environ.get("PCAP_REPORT_CAPTURES") or ROOT.parent / "shared" / "captures")
    table = folder / "keys.tsv"
    if not table.is_file():
        return found
    for line in table.read_text(encoding="utf-8").splitlines():
        name, kind, keys = [*line.split("\t"), "", ""][:3]
        places = [] if line.startswith("#") or kind != "keylog" else sorted(folder.glob(f"*/{name}"))
        found += [Locked(place, folder / keys) for place in places]
    return found


def asked(locked: Locked, condition: str, *fields: str, home: Path) -> list[list[str]]:
    """Rows of plain tshark with the keys."""
    command = [find_tshark().path, "-n", "-r", str(locked.capture), "-o", f"tls.keylog_file:{locked.keys}"]
    command += [
        "-o",
        "tcp.reassemble_out_of_order:TRUE",
        "-Y",
        condition,
        "-T",
        "fields",
        "-E",
        "occurrence=a",
        "-E",
        f"aggregator={SEPARATOR}",
    ]
    for field in fields:
        command += ["-e", field]
    done = subprocess.run(
        command, capture_output=True, check=False, env=isolated_environment(str(home)), text=True
    )
    return [line.split("\t") for line in done.stdout.splitlines()]
