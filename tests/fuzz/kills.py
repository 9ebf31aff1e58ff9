"""``make fuzz-kills``: end the program at random moments, and look at what is left behind.

SIGINT, SIGTERM and SIGHUP, to the program alone or as a terminal sends them to all its processes, once or
twice: no process, no temporary file, no half output, and a file that was there before is the old one or the
new one. SIGKILL, which nobody can answer: no process and no half output; what stays, a private folder or a
draft, is cleared away by the next run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from tests.fuzz.kill_errands import PROGRAM, SAMPLES, Errand, Material, errands, material, questions

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
_ENDS: Final = {".html": b"</html>", ".xml": b"</testsuites>", ".pdf": b"%%EOF"}
_BEFORE: Final = b"what was there before"
"""The content of a file that the program writes anew."""
_STATUS: Final = {
    signal.SIGINT: {130, -signal.SIGINT},
    signal.SIGTERM: {128 + signal.SIGTERM, -signal.SIGTERM},
    signal.SIGHUP: {128 + signal.SIGHUP, -signal.SIGHUP},
    signal.SIGKILL: {-signal.SIGKILL},
}
"""Python's own where it has not come to our program yet."""
_PATIENCE_S: Final = 240
_ENDING_S: Final = 10
"""How long the last processes may take on a busy machine: a sandbox is taken down after its program."""


@dataclass(frozen=True)
class Kill:
    """How a run is ended.

    Attributes:
        errand: what it does.
        kind: the signal.
        to_all: it is sent to all its processes, as a terminal does.
        delay_s: seconds before it.
        again_s: seconds before it is sent once more; None for once.
        sandbox: whether tshark is held in.
        cold: it has a cache folder of its own, in which nothing is yet.
        replaces: what it writes was there before.
    """

    errand: Errand
    kind: signal.Signals
    to_all: bool
    delay_s: float
    again_s: float | None
    sandbox: str
    cold: bool
    replaces: bool

    def __str__(self) -> str:
        again = "" if self.again_s is None else f" and again after {self.again_s:.2f} s"
        return (
            f"{self.kind.name}{' to all' if self.to_all else ''} after {self.delay_s:.2f} s{again} of"
            f" {' '.join(self.errand.words)} (sandbox {self.sandbox}{', cold' if self.cold else ''}"
            f"{', replaces' if self.replaces else ''})"
        )


def thrown(seed: int, number: int, longest_s: float, there: Material | None = None) -> Kill:
    """Let the dice say how a run is ended.

    Args:
        seed: of the dice.
        number: of this run.
        longest_s: seconds before the signal, at most.
        there: what more errands work with; None to do without them.
    """
    dice = Random(f"{seed} {number}")  # noqa: S311 - the same ones in every run
    errand = dice.choice(errands(there))
    return Kill(
        errand,
        dice.choice(KINDS),
        dice.random() < 1 / 3,
        dice.random() * longest_s * errand.times,
        dice.random() * 0.3 if dice.random() < 0.25 else None,
        dice.choice(("auto", "auto", "on", "off")),
        dice.random() < 0.2,
        bool(errand.writes) and dice.random() < 0.5,
    )


def killed(kill: Kill, there: Material | None = None) -> list[str]:
    """Run a command, end it after a while, and say what is wrong with what is left."""
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        places = _Places(Path(folder))
        surroundings = {**os.environ, "TMPDIR": str(places.temporary), "PCAP_REPORT_SANDBOX": kill.sandbox}
        if kill.cold:
            surroundings["XDG_CACHE_HOME"] = str(places.cache)
        if kill.replaces:
            (places.out / kill.errand.writes).write_bytes(_BEFORE)
        words = {"OUT": places.out, "LARGE": there and there.large, "SAVED": there and there.saved}
        with _asked(questions() if kill.errand.asked else None) as asked:
            process = subprocess.Popen(
                [PROGRAM, *(_filled(word, words) for word in kill.errand.words)],
                cwd=SAMPLES,
                env=surroundings,
                stdin=asked,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                process_group=0,  # tshark is not told by a terminal but has to be stopped by us
            )
            there_still = _signalled(kill, process)
            said, faults = _ended(process, folder)
        faults += _left(folder, places, kill.kind)
        if kill.kind == signal.SIGKILL and not faults:
            faults += _left_by_the_next_run(places, surroundings)
        # before our first function it is Python that is interrupted, and it tells so in its own way
        if b", in run\n" in said or b"KeyboardInterrupt" not in said:
            quicker = set() if kill.errand.asked and there_still else {0} | kill.errand.own
            if process.returncode not in quicker | (_STATUS[kill.kind] if there_still else set()):
                faults.append(f"exit status {process.returncode}: {said[-300:]!r}")
            if b"Traceback" in said:
                faults.append(f"a traceback: {said[-600:]!r}")
        return faults


class _Places:
    """Where a run writes."""

    def __init__(self, folder: Path) -> None:
        self.out = folder / "out"
        self.temporary = folder / "temporary"
        self.cache = folder / "cache"
        for one in (self.out, self.temporary, self.cache):
            one.mkdir()

    @property
    def drafts(self) -> list[Path]:
        """What is not finished of what was to be written."""
        return [*self.out.rglob("*.part"), *self.cache.rglob("*.part")]


@contextlib.contextmanager
def _asked(questions: bytes | None) -> Iterator[int]:
    """Yield what a program reads from: a pipe that stays open behind the questions, or nothing."""
    if questions is None:
        yield subprocess.DEVNULL
        return
    reading, writing = os.pipe()
    try:
        os.write(writing, questions)
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def _signalled(kill: Kill, process: subprocess.Popen[bytes]) -> bool:
    """Wait and send the signals; tell whether the program was there still."""
    time.sleep(kill.delay_s)
    sent = _sent(kill, process)
    if kill.again_s is not None:
        time.sleep(kill.again_s)
        _sent(kill, process)
    return sent


def _filled(word: str, words: dict[str, Path | None]) -> str:
    for name, path in words.items():
        word = word.replace(name, str(path))
    return word


def _sent(kill: Kill, process: subprocess.Popen[bytes]) -> bool:
    """Send the signal, unless the program has ended already."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if kill.to_all else os.kill)(process.pid, kill.kind)
            return True
    return False


def _ended(process: subprocess.Popen[bytes], folder: str) -> tuple[bytes, list[str]]:
    """Wait for the end; return what was said on standard error, and a fault where there is no end."""
    try:
        return process.communicate(timeout=_PATIENCE_S)[1], []
    except subprocess.TimeoutExpired:
        fault = f"it goes on {_PATIENCE_S} s after the signal: {_processes(folder)}"
        for one in _processes(folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(one.split()[0]), signal.SIGKILL)
        return process.communicate()[1], [fault]


def _left(folder: str, places: _Places, kind: signal.Signals) -> Iterator[str]:
    building = b"bwrap" if kind == signal.SIGKILL else b""  # a half built sandbox waits for the next run
    for process in _remaining(folder, building):
        yield f"a process is left: {process}"
    if kind != signal.SIGKILL:
        yield from (f"a temporary file is left: {path.name}" for path in places.temporary.iterdir())
        yield from (f"a draft is left: {path.name}" for path in places.drafts)
    for path in (*places.out.rglob("*"), *places.cache.rglob("*.json")):
        if path.is_file() and path not in places.drafts and not _is_whole(path):
            yield f"{path.name} is half written"


def _left_by_the_next_run(places: _Places, surroundings: dict[str, str]) -> Iterator[str]:
    """Run again, where something may be left in all places, and look once more."""
    in_batch = (places.out / "reports").exists()
    command = ["batch", "http-dns.pcapng"] if in_batch else ["analyze", "http-dns.pcapng"]
    target = places.out / ("reports" if in_batch else "report.html")
    subprocess.run([PROGRAM, *command, "-q", "-o", target], cwd=SAMPLES, env=surroundings, check=True)
    yield from (f"the next run leaves a process: {one}" for one in _remaining(str(places.temporary)))
    yield from (f"the next run leaves a temporary file: {path.name}" for path in places.temporary.iterdir())
    yield from (f"the next run leaves a draft: {path.name}" for path in places.drafts)


def _is_whole(path: Path) -> bool:
    content = path.read_bytes()
    if content == _BEFORE:
        return True
    if path.suffix == ".json":
        try:
            json.loads(content)
        except ValueError:
            return False
    return bool(content) and content.rstrip().endswith(_ENDS.get(path.suffix, b""))


def _remaining(mark: str, besides: bytes = b"") -> list[str]:
    """Find the processes that are there when all had their time to end."""
    deadline = time.monotonic() + _ENDING_S
    while (processes := _processes(mark, besides)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return processes


def _processes(mark: str, besides: bytes = b"") -> list[str]:
    """Find the processes whose environment names our folder, but those of a program; Linux tells them."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environment = (place / "environ").read_bytes()
            state = (place / "stat").read_text("utf-8").rsplit(")", 1)[1].split()[0]
            name = (place / "cmdline").read_bytes().replace(b"\0", b" ")[:120]
        except OSError:
            continue
        if besides and besides in name.split(b" ")[0]:
            continue
        if mark.encode() in environment and state != "Z":
            found.append(f"{place.name} {name!r}")
    return found


def main() -> int:
    """Kill many times, and tell each fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--longest", type=float, default=2.0, help="seconds before the signal, at most")
    asked = parser.parse_args()
    for kind, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(kind) == signal.SIG_IGN:  # in the background, under nohup: programs inherit that
            signal.signal(kind, usual)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        there = material(Path(folder))
        faults = []
        for number in range(asked.first, asked.first + asked.count):
            kill = thrown(asked.seed, number, asked.longest, there)
            found = killed(kill, there)
            print(f"{asked.seed} {number}: {kill}", *found, sep="\n    FAULT ", file=sys.stderr, flush=True)
            faults += found
    print(f"{asked.count} times ended (seed {asked.seed}), {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
