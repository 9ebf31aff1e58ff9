"""``python -m tests.tsharks [RELEASE…]``: the same facts with the tsharks of other releases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.inside.decrypting import locked_captures
from tests.truth.collection import samples, shared
from tests.tsharks.comparison import Difference, differences
from tests.tsharks.facts import Asked, facts_with
from tests.tsharks.known import read_known, unexplained
from tests.tsharks.releases import REFERENCE, SUPPORTED, fetched

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN: Final = Path(__file__).with_name("known_differences.toml")
_SHOWN: Final = 40


def main() -> int:
    """Say release by release which facts differ; return 1 where a difference is not explained."""
    arguments = _arguments()
    questions = _questions(every=arguments.every)
    reference = fetched(REFERENCE)
    if reference.program is None:
        _say(f"Skipped: {reference.obstacle}")
        return 0
    expected = dict(facts_with(reference.program, questions))
    known = read_known(KNOWN)
    status = 0
    for release in arguments.releases:
        other = fetched(release)
        if other.program is None:
            _say(f"{release}: skipped: {other.obstacle}")
            continue
        found = [
            one
            for asked, facts in facts_with(other.program, questions)
            for one in differences(asked.name, expected[asked], facts)
        ]
        new = unexplained(release, found, known)
        _say(f"{release}: {len(questions)} captures, {len(found)} values differ, {len(new)} not explained")
        _say(*_lines(new))
        status = status or (1 if new else 0)
    return status


def _questions(*, every: bool) -> list[Asked]:
    captures = [*samples(), *(shared("captures") if every else ())]
    with_keys = [Asked(*one) for one in locked_captures() if every or one.capture.parent.name == "samples"]
    return [*map(Asked, captures), *with_keys]


def _lines(found: Sequence[Difference]) -> list[str]:
    lines = [f"  {one.question}: {one.path}: {one.reference} → {one.found}" for one in found[:_SHOWN]]
    more = len(found) - _SHOWN
    return [*lines, f"  and {more} more"] if more > 0 else lines


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.tsharks", description=main.__doc__)
    parser.add_argument("releases", nargs="*", default=[one for one in SUPPORTED if one != REFERENCE])
    parser.add_argument("--every", action="store_true", help="the shared captures too, not only the samples")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
