"""``make bench``: our ``analyze`` beside bare tshark and the rivals, on real and generated captures.

Writes a table (Markdown) and the same with every round (JSON), and says which promises are kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from compileall import compile_dir
from pathlib import Path
from typing import Final

import msgspec

from tests.bench.captures import captures_of
from tests.bench.contenders import contenders
from tests.bench.generate import KINDS
from tests.bench.machine import machine
from tests.bench.measuring import How, measured
from tests.bench.results import Case, Results
from tests.bench.table import markdown
from tests.bench.targets import targets

_PACKAGE: Final = Path(__file__).parents[2] / "pcap_report"
_SIZES: Final = (200, 1_000, 10_000, 100_000, 1_000_000)


def main() -> int:
    """Measure, write, and print the promises; exit 1 with ``--check`` when one is not kept."""
    options = _options()
    compile_dir(str(_PACKAGE), quiet=1)  # as those that are installed are
    everyone = contenders()
    chosen = {name: everyone[name] for name in everyone if not options.only or name in options.only}
    cases = _earlier(options.out) if options.add else {}
    rival_rounds = options.rounds if options.rival_rounds is None else options.rival_rounds
    how = How(options.rounds, rival_rounds, limited=not options.no_limits)
    with tempfile.TemporaryDirectory(prefix="pcap-report-bench-") as folder:
        for capture in captures_of(options.kinds, options.sizes, options.captures, Path(folder)):
            case = measured(capture, chosen, Path(folder), how)
            cases[case.capture] = case
            _write(options.out, cases)
            capture.forget()
    results = _write(options.out, cases)
    print(markdown(results))
    missed = any(target.met is False for target in results.targets)
    return 1 if missed and options.check else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=_SIZES, metavar="PACKETS")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rival-rounds", type=int, help="fewer rounds for pyshark, scapy and pcap-doctor")
    parser.add_argument("--kinds", nargs="+", choices=[*KINDS, "real"], default=[*KINDS, "real"])
    parser.add_argument("--only", nargs="+", choices=list(contenders()), help="the commands to measure")
    parser.add_argument("--captures", type=Path, nargs="+", default=[], help="real captures to measure on")
    parser.add_argument("--no-limits", action="store_true", help="give slow rivals large captures, too")
    parser.add_argument(
        "--out", "-o", type=Path, default=Path("build/bench"), help="where, without an ending"
    )
    parser.add_argument("--add", action="store_true", help="keep what an earlier run wrote of other captures")
    parser.add_argument("--check", action="store_true", help="exit 1 when a promise is not kept")
    return parser.parse_args()


def _earlier(out: Path) -> dict[str, Case]:
    path = out.with_suffix(".json")
    if not path.is_file():
        return {}
    results = msgspec.json.decode(path.read_bytes(), type=Results)
    return {case.capture: case for case in results.cases}


def _write(out: Path, cases: dict[str, Case]) -> Results:
    order = sorted(cases.values(), key=lambda case: ([*KINDS, "real"].index(case.kind), case.packets))
    results = Results(machine(), tuple(order), targets(order))
    out.parent.mkdir(parents=True, exist_ok=True)
    encoded = msgspec.json.format(msgspec.json.encode(results), indent=1)
    out.with_suffix(".json").write_bytes(encoded + b"\n")
    out.with_suffix(".md").write_text(markdown(results), "utf-8")
    return results


if __name__ == "__main__":
    sys.exit(main())
