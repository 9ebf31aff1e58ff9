"""``make fuzz-captures``: spoiled captures in great number through the whole program.

Every mutant follows from the seed and its number: ``--seed S --first N --count 1`` shows a fault again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.mutations import mutated
from tests.fuzz.trial import (
    ROOT,
    Trial,
    analyzed,
    annotated,
    checked,
    connections,
    real_command,
    rendered,
    verified,
)

_LARGEST: Final = 200_000
_CAPTURES: Final = frozenset((".pcap", ".pcapng", ".cap", ".gz"))
_FORMS: Final = (
    ("md",),
    ("html",),
    ("text",),
    ("json",),
    ("md", "--profile", "brief", "--lang", "es"),
    ("html", "--profile", "triage"),
    ("md", "--profile", "layers", "--lang", "zh"),
    ("md", "--anonymize"),
)


def sources() -> list[Path]:
    """Return the captures to spoil: our samples, and the shared collection where it is present."""
    shared = Path(os.environ.get("PCAP_REPORT_CAPTURES") or ROOT.parent / "shared" / "captures")
    found = [*(ROOT / "samples").glob("*.pcapng"), *shared.glob("*/*")]
    return sorted(path for path in found if path.suffix in _CAPTURES and path.stat().st_size <= _LARGEST)


def mutant(captures: list[Path], seed: int, number: int) -> tuple[str, bytes, Random]:
    """Make a mutant; return its name, the file, and the dice for what is tried with it."""
    dice = Random(f"{seed} {number}")  # noqa: S311 - the same mutants in every run
    source = captures[dice.randrange(len(captures))]
    ways, data = mutated(source.read_bytes(), dice)
    return f"{source.name}: {ways}", data, dice


def tried(data: bytes, dice: Random, work: Path, thorough: bool = False) -> Trial:
    """Put a file through the program, as far as the dice say."""
    capture = work / "mutant"
    capture.write_bytes(data)
    trial = Trial(capture)
    report = analyzed(trial, work)
    if report is None:
        return trial
    for form, *options in _FORMS if thorough else dice.sample(_FORMS, 2):
        rendered(trial, work, form, options)
    if thorough or dice.random() < 0.5:
        verified(trial, work)
    if thorough or dice.random() < 0.2:
        connections(trial, report)
    if thorough or dice.random() < 0.2:
        checked(trial, work, report)
    if thorough or dice.random() < 0.3:
        annotated(trial, work, report)
    return trial


def tried_for_real(data: bytes, work: Path) -> Trial:
    """Let the installed program have the last word on its exit codes."""
    capture = work / "mutant"
    capture.write_bytes(data)
    trial = Trial(capture)
    for form in ("json", "md", "html", "text"):
        done = real_command("analyze", capture, "-f", form)
        trial.expect(done.status in {0, 3}, f"{form}: the program ends with {done.status}: {done.err[-500:]}")
        trial.expect("Traceback" not in done.err, f"{form}: a traceback")
        trial.expect(len(done.err.splitlines()) <= 2, f"{form}: more than two lines: {done.err[-500:]}")
        if done.status == 3:
            break
    return trial


def main() -> int:
    """Try mutants; tell each fault, and keep its file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="run the installed program, in every format")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where mutants with faults go")
    asked = parser.parse_args()
    captures, faults, begin = sources(), 0, time.monotonic()
    asked.keep.mkdir(parents=True, exist_ok=True)
    for number in range(asked.first, asked.first + asked.count):
        name, data, dice = mutant(captures, asked.seed, number)
        with tempfile.TemporaryDirectory(prefix="pcap-report-fuzz-") as folder:
            work = Path(folder)
            trial = tried_for_real(data, work) if asked.real else tried(data, dice, work)
        if trial.faults:
            faults += 1
            kept = asked.keep / f"mutant-{asked.seed}-{number}"
            kept.write_bytes(data)
            print(f"{kept} ({name})", *trial.faults, sep="\n    ", flush=True)
    took = time.monotonic() - begin
    print(f"{asked.count} mutants of {len(captures)} captures in {took:.0f} s: {faults} with faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
