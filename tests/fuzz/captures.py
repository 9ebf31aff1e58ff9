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
from typing import TYPE_CHECKING, Final

from tests.fuzz.mutations import mutated, together
from tests.fuzz.side_by_side import batched, compared, proved_at_once, sharded
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

if TYPE_CHECKING:
    from collections.abc import Callable

_TOLD: Final = 100
"""After how many mutants it is told that it goes on."""
_LARGEST: Final = 200_000
_SMALL: Final = 1_500
"""Bytes of a capture that is cut everywhere."""
_CAPTURES: Final = frozenset((".pcap", ".pcapng", ".cap", ".gz"))
_SHARDS: Final = (2, 4, 4, 4, 7)
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


def dice_for(seed: int, number: int) -> Random:
    """Return the dice of a mutant, which fall the same way in every run."""
    return Random(f"{seed} {number}")  # noqa: S311 - nothing is to be kept secret


def mutant(captures: list[Path], seed: int, number: int) -> tuple[str, bytes, Random]:
    """Make a mutant; return its name, the file, and the dice for what is tried with it."""
    dice = dice_for(seed, number)
    source = captures[dice.randrange(len(captures))]
    ways, data = mutated(source.read_bytes(), dice)
    return f"{source.name}: {ways}", data, dice


def mutant_of_several(captures: list[Path], seed: int, number: int) -> tuple[str, bytes, Random]:
    """Make a mutant of up to twelve captures in one file, whose conversations are then in several shards."""
    dice = dice_for(seed, number)
    chosen = [captures[dice.randrange(len(captures))] for _ in range(dice.choice((1, 3, 12)))]
    data, *others = [path.read_bytes() for path in chosen]
    for other in others:
        if len(data) < _LARGEST:
            data = together(data, other, dice)
    if dice.random() < 0.8:
        ways, data = mutated(data, dice)
    else:
        ways = "whole"
    return f"{' '.join(path.name for path in chosen)}: {ways}", data, dice


def tried(data: bytes, dice: Random, work: Path, thorough: bool = False) -> Trial:
    """Put a file through the program, as far as the dice say."""
    capture = work / "mutant"
    capture.write_bytes(data)
    trial = Trial(capture)
    report = analyzed(trial, work)
    if thorough or dice.random() < 0.15:
        sharded(trial)
    if thorough or dice.random() < 0.05:
        batched(trial, work, report)
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
    if thorough or dice.random() < 0.1:
        compared(trial, work, report)
    if thorough or dice.random() < 0.05:
        proved_at_once(trial)
    return trial


def ends(captures: list[Path], number: int) -> tuple[str, bytes] | None:
    """Cut a small capture at its next byte, capture after capture; None where every place was tried."""
    for source in captures:
        size = source.stat().st_size
        if size <= _SMALL:
            if number < size:
                return f"{source.name}: its first {number} bytes", source.read_bytes()[:number]
            number -= size
    return None


def tried_as_it_ends(data: bytes, dice: Random, work: Path) -> Trial:
    """Ask of a cut-off file above all whether it is called that."""
    capture = work / "mutant"
    capture.write_bytes(data)
    trial = Trial(capture)
    report = analyzed(trial, work)
    if dice.random() < 0.1:
        sharded(trial)
    if report is not None and dice.random() < 0.1:
        checked(trial, work, report)
        verified(trial, work)
    return trial


def tried_in_shards(data: bytes, dice: Random, work: Path) -> Trial:
    """Ask only whether the report in shards is that of one pass."""
    capture = work / "mutant"
    capture.write_bytes(data)
    trial = Trial(capture)
    sharded(trial, dice.choice(_SHARDS), in_processes=dice.random() < 0.03)
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


def _made(
    captures: list[Path], asked: argparse.Namespace, number: int
) -> tuple[str, bytes, Callable[[bytes, Path], Trial]] | None:
    """Make the file with this number, and say how it is tried; None where there are no more."""
    if asked.ends:
        dice = dice_for(asked.seed, number)
        end = ends(captures, number)
        return (*end, lambda data, work: tried_as_it_ends(data, dice, work)) if end else None
    name, data, dice = (mutant_of_several if asked.shards else mutant)(captures, asked.seed, number)
    if asked.real:
        return name, data, tried_for_real
    if asked.shards:
        return name, data, lambda data, work: tried_in_shards(data, dice, work)
    return name, data, lambda data, work: tried(data, dice, work)


def main() -> int:
    """Try mutants; tell each fault, and keep its file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="run the installed program, in every format")
    parser.add_argument("--ends", action="store_true", help="cut small captures at every byte instead")
    parser.add_argument("--shards", action="store_true", help="compare shards with one pass only")
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"), help="where mutants with faults go")
    asked = parser.parse_args()
    captures, faults, tried_so_far, cut, begin = sources(), 0, 0, 0, time.monotonic()
    asked.keep.mkdir(parents=True, exist_ok=True)
    for number in range(asked.first, asked.first + asked.count):
        made = _made(captures, asked, number)
        if made is None:
            break
        name, data, trial_of = made
        tried_so_far += 1
        if not tried_so_far % _TOLD:
            print(f"{tried_so_far} tried, up to number {number}", file=sys.stderr, flush=True)
        with tempfile.TemporaryDirectory(prefix="pcap-report-fuzz-") as folder:
            trial = trial_of(data, Path(folder))
        cut += trial.shards > 1
        if trial.faults:
            faults += 1
            kept = asked.keep / f"{'end' if asked.ends else 'mutant'}-{asked.seed}-{number}"
            kept.write_bytes(data)
            print(f"{kept} ({name})", *trial.faults, sep="\n    ", flush=True)
    took = time.monotonic() - begin
    print(
        f"{tried_so_far} mutants of {len(captures)} captures (seed {asked.seed}) in {took:.0f} s:"
        f" {faults} with faults, {cut} were read in shards"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
