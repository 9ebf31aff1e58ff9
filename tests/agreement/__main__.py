"""``python -m tests.agreement [FOLDER]``: the report held against every oracle of a folder of captures."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from tests.agreement.known import explain, read_known
from tests.agreement.levels import falls, read_levels, write_levels
from tests.agreement.run import outcomes_of
from tests.agreement.table import lines_of, written_differences, written_table

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
KNOWN: Final = HERE / "known_differences.toml"
LEVELS: Final = HERE / "levels.tsv"


def main() -> int:
    """Print the table; return 1 where agreement fell or an entry of the known differences is stale."""
    arguments = _arguments()
    folder: Path = arguments.folder
    if not folder.is_dir():
        sys.stderr.write(f"There is no folder {folder}: name one with captures and oracles\n")
        return 2
    outcomes, stale = explain(outcomes_of(folder), read_known(KNOWN))
    lines = lines_of(outcomes)
    _say(*written_differences(outcomes), "", *written_table(lines))
    _say(*(f"Stale: {entry.capture}  {entry.oracle}  {entry.field}: {entry.reason}" for entry in stale))
    if arguments.record:
        write_levels(LEVELS, lines)
        return 0
    fallen = falls(lines, read_levels(LEVELS))
    _say(*fallen)
    return 1 if fallen or stale else 0


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _arguments() -> argparse.Namespace:
    default = os.environ.get("PCAP_REPORT_CAPTURES") or ROOT.parent / "shared" / "captures"
    parser = argparse.ArgumentParser(prog="python -m tests.agreement", description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path(default))
    parser.add_argument("--record", action="store_true", help="take today's agreement as the level to keep")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
