"""Put one capture file through the program and see whether what must always hold does hold.

The oracles stand apart from the program: capinfos counts the packets and says whether the file ends too
early; jsonschema and the readers of the rendering tests look at what was written.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import signal
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from jsonschema import Draft202012Validator

from pcap_report.capture.raw_blocks import EVENTS
from pcap_report.cli.main import run
from pcap_report.engine.sharding.task import ShardTask
from tests.render.html_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROOT: Final = Path(__file__).parents[2]
_LONGEST_S: Final = 600
"""By the clock on the wall; a machine may be busy."""
_COUNTED: Final = re.compile(r"^Number of packets: +(\d+)$", re.MULTILINE)
_KNOWN: Final = re.compile(r"^File type: .*pcap", re.MULTILINE)
_CUT: Final = re.compile(r"after reading (\d+) packets?|cut short|damaged or corrupt|error occurred")
_LITTLE: Final = "little"
_BIG: Final = "big"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


@dataclass
class Trial:
    """What was found out about one file."""

    capture: Path
    faults: list[str] = field(default_factory=list)
    shards: int = 0
    """How many shards it was really read in; a capture that cannot be cut is read as a whole."""

    def expect(self, fine: object, what: str) -> bool:
        """Note a fault where something is not as it must be."""
        if not fine:
            self.faults.append(what)
        return bool(fine)

    def count_shards(self, jobs: Iterable[Any]) -> Iterator[Any]:
        """Count those among the jobs while they are passed on."""
        for job in jobs:
            self.shards += isinstance(job, ShardTask)
            yield job


class TooSlowError(BaseException):
    """A command took longer than anybody waits."""


def _too_slow(*_: object) -> NoReturn:
    raise TooSlowError


@contextlib.contextmanager
def _bounded() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.alarm(_LONGEST_S)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def command(*arguments: object) -> Done:
    """Run the program in this process, which spares its start."""
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _bounded():
        status = run([*map(str, arguments), "--debug"])
    out.flush()
    return Done(status, out.buffer.getvalue().decode(), err.getvalue())


def real_command(*arguments: object) -> Done:
    """Run the installed program as a person does."""
    program = Path(sys.executable).with_name("pcap-report")
    done = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, check=False, timeout=_LONGEST_S
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Counted:
    """What capinfos says of a file."""

    packets: int | None
    cut: bool
    said: str


def counted(capture: Path) -> Counted:
    """Ask capinfos."""
    done = subprocess.run(
        ["capinfos", "-M", "-t", "-c", str(capture)], capture_output=True, check=False, timeout=_LONGEST_S
    )
    said = done.stderr.decode(errors="replace")
    facts = done.stdout.decode(errors="replace")
    match = _COUNTED.search(facts)
    known = _KNOWN.search(facts)  # to tshark, what is of no format that it knows is one packet
    return Counted(int(match[1]) if match and known else None, bool(_CUT.search(said)), said)


def _events(capture: Path) -> int:
    """Count the blocks that have a frame number and are no packets to capinfos."""
    data = capture.read_bytes()
    with contextlib.suppress(OSError, EOFError, zlib.error):
        data = gzip.decompress(data)
    if not data.startswith(b"\n\r\r\n"):
        return 0
    kinds = {kind.to_bytes(4, order) for kind in EVENTS for order in (_LITTLE, _BIG)}
    return sum(data.count(kind) for kind in kinds)


@cache
def _schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((ROOT / "docs/report.schema.json").read_text("utf-8")))


def analyzed(trial: Trial, work: Path) -> dict[str, Any] | None:
    """Analyze the capture and hold the report against capinfos and its schema; None without a report."""
    saved = work / "report.json"
    saved.unlink(missing_ok=True)
    done = command("analyze", trial.capture, "-q", "-o", saved)
    told = counted(trial.capture)
    wanted = 0 if told.packets else 3
    only_events = told.packets == 0 and _events(trial.capture)  # Wireshark numbers them, capinfos does not
    if told.packets is not None and not only_events:
        trial.expect(
            done.status == wanted, f"analyze ends with {done.status}, not {wanted}: {done.err[-1500:]}"
        )
    trial.expect(done.status in {0, 3}, f"analyze ends with {done.status}: {done.err[-1500:]}")
    trial.expect(saved.exists() == (done.status == 0), "a report without success, or success without one")
    if not saved.exists():
        return None
    report: dict[str, Any] = json.loads(saved.read_bytes())
    errors = [error.message[:300] for error in _schema().iter_errors(report)]
    trial.expect(not errors, f"not as the schema says: {errors[:3]}")
    failed = [one for one in report["attempts"] if one["status"] == "failed"]
    trial.expect(not failed, f"an analyzer failed: {failed[:2]}")
    capture = report["capture"]
    if told.packets is not None:
        beyond = capture["packets"] - told.packets
        trial.expect(
            0 <= beyond <= _events(trial.capture),
            f"{capture['packets']} packets; capinfos counts {told.packets}",
        )
    trial.expect(capture["truncated"] or not told.cut, f"not truncated, and capinfos: {told.said[-300:]}")
    return report


def verified(trial: Trial, work: Path) -> None:
    """Every statement proves, also of a spoiled capture."""
    done = command("verify", work / "report.json", trial.capture, "-q")
    lines = [line for line in done.out.splitlines() if not line.startswith("proved")]
    trial.expect(done.status == 0, f"verify ends with {done.status}: {done.err[-1500:]} {lines[:6]}")


def rendered(trial: Trial, work: Path, form: str, options: Sequence[str] = ()) -> None:
    """Write the report in a format and read it again."""
    done = command("analyze", work / "report.json", "-q", "-f", form, "-o", "-", *options)
    if not trial.expect(done.status == 0, f"{form} ends with {done.status}: {done.err[-1500:]}"):
        return
    control = _CONTROL.search(done.out)
    trial.expect(control is None, f"{form} has a control character {control}")
    if form == "html":
        try:
            page = Reading(done.out)
            trial.expect(not page.open, f"html leaves open: {page.open}")
            trial.expect("script" not in page.drawn, "a script in a drawing")
        except (AssertionError, IndexError):
            trial.expect(False, "html closes what is not open")
    if form == "md":
        trial.expect(done.out.count("\n```") % 2 == 0, "a fence in Markdown is left open")


def connections(trial: Trial, report: dict[str, Any]) -> None:
    """The table lists the connections of the report."""
    done = command("connections", trial.capture, "-q", "-f", "json")
    if trial.expect(done.status == 0, f"connections ends with {done.status}: {done.err[-1500:]}"):
        listed = [one["id"] for one in json.loads(done.out)]
        trial.expect(listed == [one["id"] for one in report["connections"]], "connections lists others")
    shown = command("connections", trial.capture, "-q")
    trial.expect(shown.status == 0, f"connections ends with {shown.status}: {shown.err[-1500:]}")
    trial.expect(not _CONTROL.search(shown.out), "connections has a control character")


def checked(trial: Trial, work: Path, report: dict[str, Any]) -> None:
    """Held against expectations: a cut-off capture never passes for sure what may stand behind the cut."""
    expected = work / "expected.yaml"
    expected.write_text(_EXPECTED, encoding="utf-8")
    done = command("check", trial.capture, "-q", "--expect", expected, "-f", "json")
    trial.expect(done.status in {0, 1, 5}, f"check ends with {done.status}: {done.err[-1500:]}")
    saved = command("check", work / "report.json", "-q", "--expect", expected, "-f", "json")
    trial.expect(saved.status == done.status, f"check: {done.status}, and of the saved report {saved.status}")
    if report["capture"]["truncated"]:
        trial.expect(done.status != 0, "check passes a capture that is cut off")


_EXPECTED: Final = """\
version: 1
connections:
  - match: {port: 443}
    count: "<= 100"
no_findings:
  - severity: high
"""


def annotated(trial: Trial, work: Path, report: dict[str, Any]) -> None:
    """The annotated copy holds the same packets."""
    copy = work / "copy.pcapng"
    copy.unlink(missing_ok=True)
    done = command("annotate", trial.capture, "-q", "-o", copy)
    trial.expect(done.status in {0, 3, 4}, f"annotate ends with {done.status}: {done.err[-1500:]}")
    trial.expect(copy.exists() == (done.status == 0), "a copy without success, or success without one")
    left = [path.name for path in work.iterdir() if path.name.endswith(".part")]
    trial.expect(not left, f"annotate leaves {left}")
    if copy.exists():
        told = counted(copy)
        there = report["capture"]["packets"] - _events(copy)
        damaged = told.packets is None and report["capture"]["truncated"]
        trial.expect(
            damaged or there <= (told.packets or 0) <= report["capture"]["packets"],
            f"the copy has {told.packets} packets of {report['capture']['packets']}: {told.said[-200:]}",
        )
