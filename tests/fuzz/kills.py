"""``make fuzz-kills``: end the program at random moments, and look at what is left behind.

SIGINT, SIGTERM and SIGHUP, to the program alone or as a terminal sends them to all its processes, once or
twice: no process, no temporary file, no half output. SIGKILL, which nobody can answer: no process and no half
output; what stays, a private folder or a draft, is cleared away by the next run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.capture.dumpcap import recording_right
from tests.bench.generate import generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES: Final = Path(__file__).parents[2] / "samples"
PROGRAM: Final = Path(sys.executable).with_name("pcap-report")
KINDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL)
_COMMANDS: Final = (
    ("analyze", "lossy-three-connections.pcapng", "-o", "OUT/report.json"),
    ("analyze", "mcp-tls13.pcapng", "-o", "OUT/report.html", "--keylog", "mcp-tls13.keys"),
    ("analyze", "http-dns.pcapng", "--verify", "-o", "OUT/report.md", "--charts", "auto"),
    ("annotate", "lossy-three-connections.pcapng", "-o", "OUT/copy.pcapng"),
    ("check", "http-dns.pcapng", "--expect", "expectations.yaml", "--junit", "OUT/junit.xml"),
    ("batch", "http-dns.pcapng", "refused-and-unanswered.pcapng", "-o", "OUT/reports"),
    ("analyze", "lossy-three-connections.pcapng", "-o", "OUT/report.pdf"),
    ("diff", "http-dns.pcapng", "refused-and-unanswered.pcapng"),
    ("analyze", "tls12-chain.pcapng", "--anonymize", "-o", "OUT/report.md"),
    ("verify", "SAVED", "http-dns.pcapng"),
    ("expect", "ipv6-tls13.pcapng"),
    ("connections", "quic-h3.pcapng", "-f", "json"),
)
_RECORDING: Final = (
    *("capture", "--mode", "port", "9", "-i", "lo", "--duration", "1", "-w", "OUT/kept.pcapng"),
    *("-o", "OUT/report.html"),
)
_IN_SHARDS: Final = ("analyze", "LARGE", "--workers", "3", "-o", "OUT/report.html")
_PACKETS: Final = 65_000
"""Enough for a capture to be read in shards by three processes."""
_ENDS: Final = {".html": b"</html>", ".xml": b"</testsuites>"}
_STATUS: Final = {
    signal.SIGINT: {0, 130, -signal.SIGINT},
    signal.SIGTERM: {0, 128 + signal.SIGTERM, -signal.SIGTERM},
    signal.SIGHUP: {0, 128 + signal.SIGHUP, -signal.SIGHUP},
    signal.SIGKILL: {0, -signal.SIGKILL},
}
"""Python's own where it has not come to our program yet; 0 where the program was quicker."""
_OWN: Final = {"diff": {1}, "capture": {3}}
"""What a command that was quicker may end with, too: two captures differ, nothing was recorded."""
_PATIENCE_S: Final = 240
_ENDING_S: Final = 10
"""How long the last processes may take on a busy machine: a sandbox is taken down after its program."""


class Material(NamedTuple):
    """What commands work with that is no sample."""

    large: Path
    """A capture that is read in shards."""
    saved: Path
    """A report of ``http-dns.pcapng``."""
    recording: bool
    """Whether this user may record."""


def material(folder: Path) -> Material:
    """Make it."""
    saved = folder / "saved.json"
    subprocess.run([PROGRAM, "analyze", "http-dns.pcapng", "-q", "-o", saved], cwd=SAMPLES, check=True)
    right = recording_right(shutil.which("tshark"))
    return Material(generate(folder / "large.pcap", _PACKETS), saved, bool(right.interfaces))


def _commands(there: Material | None) -> list[tuple[str, ...]]:
    if there is None:
        return [command for command in _COMMANDS if "SAVED" not in command]
    return [*_COMMANDS, *([_IN_SHARDS] * 8), *([_RECORDING] * 2 if there.recording else [])]


def killed(seed: int, number: int, longest_s: float, there: Material | None = None) -> list[str]:
    """Run a command, end it after a while, and say what is wrong with what is left.

    Args:
        seed: of the dice.
        number: of this run.
        longest_s: seconds before the signal, at most.
        there: what more commands work with; None to do without them.
    """
    dice = Random(f"{seed} {number}")  # noqa: S311 - the same ones in every run
    command, kind = dice.choice(_commands(there)), dice.choice(KINDS)
    send = dice.choice((os.kill, os.kill, os.killpg))
    again_s = dice.random() * 0.3 if dice.random() < 0.25 else None
    delay = dice.random() * longest_s * (3 if command == _IN_SHARDS else 1)
    with tempfile.TemporaryDirectory(prefix="killed-") as folder:
        out, temporary = Path(folder, "out"), Path(folder, "temporary")
        out.mkdir()
        temporary.mkdir()
        surroundings = {**os.environ, "TMPDIR": str(temporary)}
        words = {"OUT": out, "LARGE": there and there.large, "SAVED": there and there.saved}
        process = subprocess.Popen(
            [PROGRAM, *(_filled(word, words) for word in command)],
            cwd=SAMPLES,
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            process_group=0,  # tshark is not told by a terminal but has to be stopped by us
        )
        time.sleep(delay)
        _sent(send, process, kind)
        if again_s is not None:
            time.sleep(again_s)
            _sent(send, process, kind)
        said, faults = _ended(process, folder)
        faults += _left(folder, out, temporary, kind)
        if kind == signal.SIGKILL and not faults:
            faults += _left_by_the_next_run(out, temporary, surroundings)
        # before our first function it is Python that is interrupted, and it tells so in its own way
        if b", in run\n" in said or b"KeyboardInterrupt" not in said:
            if process.returncode not in _STATUS[kind] | _OWN.get(command[0], set()):
                faults.append(f"exit status {process.returncode}: {said[-300:]!r}")
            if b"Traceback" in said:
                faults.append(f"a traceback: {said[-600:]!r}")
    times = "" if again_s is None else f" and again after {again_s:.2f} s"
    to_whom = " to all" if send is os.killpg else ""
    name = f"{seed} {number}: {kind.name}{to_whom} after {delay:.2f} s{times} of {' '.join(command)}"
    return [f"{name}: {fault}" for fault in faults]


def _filled(word: str, words: dict[str, Path | None]) -> str:
    for name, path in words.items():
        word = word.replace(name, str(path))
    return word


def _sent(send: Callable[[int, int], None], process: subprocess.Popen[bytes], kind: signal.Signals) -> None:
    """Send the signal, unless the program has ended already."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            send(process.pid, kind)


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


def _left(folder: str, out: Path, temporary: Path, kind: signal.Signals) -> Iterator[str]:
    building = b"bwrap" if kind == signal.SIGKILL else b""  # a half built sandbox waits for the next run
    for process in _remaining(folder, building):
        yield f"a process is left: {process}"
    drafts = [path.name for path in out.rglob("*") if path.name.endswith(".part")]
    if kind != signal.SIGKILL:
        yield from (f"a temporary file is left: {path.name}" for path in temporary.iterdir())
        yield from (f"a draft is left: {name}" for name in drafts)
    for path in out.rglob("*"):
        if path.is_file() and path.name not in drafts and not _is_whole(path):
            yield f"{path.name} is half written"


def _left_by_the_next_run(out: Path, temporary: Path, surroundings: dict[str, str]) -> Iterator[str]:
    """Run again, where something may be left in both places, and look once more."""
    in_batch = (out / "reports").exists()
    command = ["batch", "http-dns.pcapng"] if in_batch else ["analyze", "http-dns.pcapng"]
    target = out / ("reports" if in_batch else "report.html")
    subprocess.run([PROGRAM, *command, "-q", "-o", target], cwd=SAMPLES, env=surroundings, check=True)
    yield from (f"the next run leaves a process: {one}" for one in _remaining(str(temporary)))
    yield from (f"the next run leaves a temporary file: {path.name}" for path in temporary.iterdir())
    yield from (f"the next run leaves a draft: {path.name}" for path in out.rglob("*.part"))


def _is_whole(path: Path) -> bool:
    content = path.read_bytes()
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
            found = killed(asked.seed, number, asked.longest, there)
            print(*found, sep="\n", end="\n" if found else "", flush=True)
            faults += found
    print(f"{asked.count} times ended (seed {asked.seed}), {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
