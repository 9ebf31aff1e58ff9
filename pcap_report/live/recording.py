"""A capture that goes on: started, asked, stopped; whatever happens, no recorder stays behind."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, Self

from pcap_report.capture.isolation import isolated_environment
from pcap_report.errors import TsharkError, UsageError
from pcap_report.live.last_will import LastWill
from pcap_report.live.recorders import Plan, Recorder, merging_program, recorders
from pcap_report.live.rights import is_refusal, no_right, nothing_records

if TYPE_CHECKING:
    from types import TracebackType

_STARTING_S: Final = 15
_ENDING_S: Final = 10
_GRACE_S: Final = 5
"""Seconds that a recorder has to end by itself after its time."""
_LOOK_S: Final = 0.05
_FLUSH_S: Final = 0.4
_BEGUN: Final = (b"File: ", b"listening on")
_COUNT: Final = re.compile(rb"(?:Packets: |Packets captured: )(\d+)|(\d+) packets? captured")
_KEPT: Final = 4000
_SAID: Final = re.compile(r"(?:dumpcap|tcpdump): (?!cap_set_proc|listening on)(.+)")


class Recording:
    """A capture, as a context manager: it has begun inside, and has ended behind it.

    Attributes:
        recorder: the program that records.
        plan: what is recorded.
        file: the packets, once it has ended.
        begun: when it began, on the monotonic clock.
    """

    def __init__(self, plan: Plan, folder: Path, tshark: str, *, for_nobody_else: bool = False) -> None:
        """Prepare a capture.

        Args:
            plan: what to record.
            folder: where to keep the packets until it has ended; a private one is made in it.
            tshark: the tshark in use.
            for_nobody_else: the private folder is removed, too, when we are killed and the recorder is ended.
        """
        self.plan = plan
        self._for_nobody_else = for_nobody_else
        self._will: LastWill | None = None
        self._folder = folder
        self._tshark = tshark
        self._packets = 0
        self.begun = time.monotonic()

    def __enter__(self) -> Self:
        """Begin.

        Raises:
            NoCaptureRightError: this user may not.
            UsageError: the interface or the folder cannot be used.
            TsharkError: nothing here records.
        """
        try:
            self._home = Path(tempfile.mkdtemp(prefix=".pcap-report-", dir=self._folder))
        except OSError as error:
            raise UsageError(f"Nothing may be written to {self._folder}: {error.strerror}") from error
        try:
            self._begin()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def packets(self) -> int:
        """How many packets there are so far, as the recorder says."""
        for counted in _COUNT.finditer(self._said_so_far()):
            self._packets = int(counted[1] or counted[2])
        return self._packets

    @property
    def size(self) -> int:
        """Bytes recorded so far."""
        return sum(one.stat().st_size for one in self._files())

    @property
    def seconds(self) -> float:
        """For how long it has been going on."""
        return time.monotonic() - self.begun

    def ended(self) -> bool:
        """Tell whether the recorder has ended; one that is over its time is made to."""
        if self._process.poll() is not None:
            return True
        bounds = self.plan.bounds
        own = self.recorder.name == "dumpcap"
        if self.seconds > bounds.duration_s + _GRACE_S * own or (not own and self.size >= bounds.size):
            self.stop()
        return self._process.poll() is not None

    def wait(self, seconds: float) -> bool:
        """Wait for its end, for a while; tell whether it has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return self.ended()

    def stop(self) -> None:
        """End it now, cleanly: what was recorded is there."""
        if self._process.poll() is not None:
            self._revoke()
            return
        time.sleep(_FLUSH_S)  # what came by just now is still on its way from the kernel to the recorder
        if sys.platform == "win32":
            self._process.terminate()
        else:
            self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self._kill()
        self._revoke()

    def keep(self, target: Path) -> int:
        """Put the packets into a file, as pcapng, and return how many there are.

        Raises:
            TsharkError: the recorder broke down, or its files cannot be put together.
            UsageError: the file cannot be written.
        """
        self.stop()
        count = self.packets
        files = self._files()
        if not files:
            raise TsharkError(
                f"{self.recorder.name} recorded nothing: {self.remark or 'it does not say why'}"
            )
        if not count and self.recorder.name == "dumpcap":
            return 0
        try:
            self._whole(files).replace(target)
        except OSError as error:
            raise UsageError(f"{target} cannot be written: {error.strerror or error}") from error
        return count

    def close(self) -> None:
        """Stop it and leave nothing behind but what was kept."""
        self.stop()
        self._remove()

    @property
    def remark(self) -> str:
        """What the recorder said of its troubles, in one line."""
        said = _SAID.findall(self._said_so_far().decode("utf-8", "replace"))
        return " ".join(said[0].split()) if said else ""

    def _begin(self) -> None:
        refusals: list[tuple[Recorder, str]] = []
        for recorder in recorders(self._tshark):
            if recorder.name != "dumpcap" and self.plan.bounds.ring:
                continue
            said = "" if not recorder.may_run else self._tried(recorder)
            if said is None:
                return
            refusals.append((recorder, said))
        raise no_right(refusals) if refusals else nothing_records()

    def _tried(self, recorder: Recorder) -> str | None:
        """Start a recorder; return what it says when it was refused, None when it records."""
        self.recorder = recorder
        self._errors = Path(self._home, f"{recorder.name}.said")
        self._start(recorder)
        try:
            if self._records():
                return None
        except BaseException:  # an interruption
            self._kill()
            raise
        self.stop()
        if is_refusal(self._said_so_far().decode("utf-8", "replace")):
            return self.remark
        raise UsageError(
            f"{recorder.name} cannot capture on {', '.join(self.plan.interfaces)}: {self.remark}",
            "See what there is: pcap-report capture --list",
        )

    def _records(self) -> bool:
        """Wait until the recorder records; tell whether it does."""
        deadline = time.monotonic() + _STARTING_S
        while self._process.poll() is None and time.monotonic() < deadline:
            if any(mark in self._said_so_far() for mark in _BEGUN):
                self.begun = time.monotonic()
                return True
            time.sleep(_LOOK_S)
        return self._process.poll() == 0 and bool(self._files())  # it ended at once: its bounds are small

    def _start(self, recorder: Recorder) -> None:
        own = recorder.name == "dumpcap"
        file = Path(self._home, "packets.pcapng" if own else "packets.pcap")
        with contextlib.ExitStack() as open_files:
            errors = open_files.enter_context(self._errors.open("xb"))
            output: IO[bytes] | int = subprocess.DEVNULL if own else open_files.enter_context(file.open("xb"))
            try:
                self._process = subprocess.Popen(
                    [recorder.path, *recorder.arguments(self.plan, file)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    env=isolated_environment(str(self._home)),
                    process_group=0,  # Ctrl-C is for us: we end it
                )
            except OSError as error:
                raise TsharkError(f"{recorder.path} does not start: {error.strerror or error}") from error
        with contextlib.suppress(OSError):  # without a shell it ends at its bounds
            self._will = LastWill(self._home if self._for_nobody_else else None, self._process.pid)

    def _said_so_far(self) -> bytes:
        """Return the beginning of what it said, and the end, where the count stands."""
        with contextlib.suppress(OSError), self._errors.open("rb") as file:
            head = file.read(_KEPT)
            file.seek(max(file.tell(), self._errors.stat().st_size - _KEPT))
            return head + file.read()
        return b""

    def _files(self) -> list[Path]:
        """Return the recorded files, the oldest first: a ring numbers them, and numbers its names."""
        return sorted(self._home.glob("packets*"))

    def _whole(self, files: list[Path]) -> Path:
        """Put what was recorded into one pcapng file."""
        if len(files) == 1 and self.recorder.name == "dumpcap":
            return files[0]
        whole = Path(self._home, "whole.pcapng")
        program = merging_program(self.recorder.path)
        if program is None:
            raise TsharkError("There is no mergecap, which comes with dumpcap, to put the files together")
        done = subprocess.run(
            [program, "-F", "pcapng", "-w", str(whole), *map(str, files)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=isolated_environment(str(self._home)),
            check=False,
        )
        if done.returncode:
            raise TsharkError(f"mergecap could not put the files together: {' '.join(done.stderr.split())}")
        return whole

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._revoke()

    def _revoke(self) -> None:
        if self._will is not None:
            self._will.revoke()
            self._will = None

    def _remove(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)
