"""``make fuzz``: every target for a while, guided by coverage; what is found lies in build/fuzz/TARGET/."""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.fuzz.target import names, target

_LARGEST: Final = 4096
_LONGEST_S: Final = 25
_MEMORY_MB: Final = 2048
_DONE: Final = re.compile(rb"Done (\d+) runs")


def main() -> int:
    """Run the targets one after the other; exit 1 when one of them has found something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[*names(), []], help="all of them without a name")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"))
    asked = parser.parse_args()
    failed = [
        name for name in asked.targets or names() if not fuzzed(name, asked.seconds, asked.folder / name)
    ]
    for name in failed:
        print(f"{name}: see {asked.folder / name}/found-*", file=sys.stderr)
    return 1 if failed else 0


def fuzzed(name: str, seconds: int, folder: Path) -> bool:
    """Fuzz a target in a process of its own; tell whether nothing was found."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    chosen = target(name)
    for seed in (*chosen.seeds(), *chosen.found()):
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={folder}/found-",
        f"-max_len={_LARGEST}",
        f"-timeout={_LONGEST_S}",
        f"-rss_limit_mb={_MEMORY_MB}",
        "-print_final_stats=1",
    ]
    command = [sys.executable, "-m", "tests.fuzz.one", name, *options, str(corpus)]
    with (folder / "log").open("wb") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=False)
    said = (folder / "log").read_bytes()
    runs = _DONE.search(said)
    print(
        f"{name}: {int(runs[1]) if runs else 'no'} runs, {'a fault' if done.returncode else 'no fault'}",
        flush=True,
    )
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
