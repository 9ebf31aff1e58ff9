"""Run tshark over a capture and stream its lines; whatever happens, no process stays behind."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import threading
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pcap_report.capture.breakdown import Breakdown, breakdown, silent
from pcap_report.capture.ending import end_sandbox
from pcap_report.capture.errand import started
from pcap_report.capture.isolation import isolated_environment
from pcap_report.capture.launching import contained, file_written, files_read, most_written
from pcap_report.capture.limits import limits_for
from pcap_report.capture.sandbox import forget_sandbox, no_sandbox, sandbox_for, sandbox_mode
from pcap_report.capture.watched_output import ENOUGH, WatchedOutput
from pcap_report.errors import TsharkError
from pcap_report.interrupts import held_back
from pcap_report.private_folder import PrivateFolder, end_at_home

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

_BUFFER: Final = 1 << 18
_PIPE: Final = 1 << 20
"""Bytes that tshark may be ahead of us; where the system has a fixed size, it keeps that."""
_REMARKS_KEPT: Final = 32 * 1024
"""Bytes of its remarks that are kept of their beginning, and again of their end."""
_REMARKS_S: Final = 2
_ROOT_REMARK: Final = "This could be dangerous"
_LONGEST_LINE: Final = 64 * 1024 * 1024
_MAY_BE_SILENT: Final = frozenset(("-Y", "-w"))
"""Options with which tshark has nothing to say of most frames."""


class TsharkRun:
    """One run of tshark, as a context manager whose lines are iterated over.

    Attributes:
        exit_status: tshark's, once the lines are exhausted.
        remark: what it said on standard error, without its remark about root; "" for nothing.
        breakdown: why it stopped before its work was done; None when it ended by itself.
        meanwhile: what to do while it has nothing to say; it returns False when there is nothing to do.
    """

    def __init__(self, program: str, arguments: Sequence[str]) -> None:
        """Prepare a run.

        Raises:
            UsageError: the environment asks for a limit that makes no sense.
            TsharkError: a sandbox is asked for, and none works.
        """
        self._sandbox = sandbox_for(program)
        self._command = [program, *arguments]
        self._reads = files_read(arguments)
        self._steady = _MAY_BE_SILENT.isdisjoint(arguments)
        self._limits = limits_for(self._reads)
        self.exit_status: int | None = None
        self.remark = ""
        self.breakdown: Breakdown | None = None
        self.meanwhile: Callable[[], bool] | None = None
        self._undone = ExitStack()
        self._remarks: _Remarks | None = None

    def __enter__(self) -> Self:
        try:
            with held_back():
                self._home = str(self._undone.enter_context(PrivateFolder()))
                self._undone.callback(self._let_go)
                self._process = self._started()
                self._undone.callback(self._end_process)
                self._remarks = _Remarks(self._process)
        except OSError as error:
            self._undone.close()
            raise TsharkError(f"{self._command[0]} does not start: {error.strerror or error}") from error
        except BaseException:  # there is no folder for it, or an interruption that was held back
            self._undone.close()
            raise
        return self

    def __iter__(self) -> Iterator[str]:
        began = False
        for line in self._lines():
            began = True
            yield line
        if not began and self._sandbox and self._sandbox.refused(self.exit_status, self.remark):
            self._leave_sandbox()
            yield from self._lines()

    def _leave_sandbox(self) -> None:
        """Begin again without a sandbox: it worked once, and does not any more."""
        program = self._command[0]
        forget_sandbox(program)
        if sandbox_mode() == "on":
            raise no_sandbox(program)
        self._sandbox = None
        self._process = self._started()
        self._remarks = _Remarks(self._process)

    def _lines(self) -> Iterator[str]:
        assert self._process.stdout is not None  # a pipe was asked for
        source = WatchedOutput(
            self._process.stdout.fileno(),
            self._process.pid,
            self._limits.silence_s,
            steady=self._steady,
            left_behind=partial(end_at_home, Path(self._home)),
        )
        source.meanwhile = self.meanwhile
        unfinished = ""
        # only LF ends a line: a CR inside a value is the value's
        with io.TextIOWrapper(
            io.BufferedReader(source, _BUFFER), "utf-8", "backslashreplace", newline="\n"
        ) as output:
            output._CHUNK_SIZE = ENOUGH  # type: ignore[attr-defined]  # there is no public way to read more at once
            for line in iter(partial(output.readline, _LONGEST_LINE), ""):
                if line[-1] != "\n":
                    unfinished = line
                    break
                yield line
        self._end(source, unfinished)
        if unfinished and not self.breakdown and not self.exit_status:
            yield unfinished

    def _started(self) -> subprocess.Popen[bytes]:
        if not shutil.which(self._command[0]):
            raise FileNotFoundError("there is no such program")
        command, held = self._command, self._sandbox
        if held:
            written = file_written(command)
            command = held.around(
                command, self._reads, str(Path(written).parent) if written else None, self._home
            )
        command = contained(
            command,
            self._limits,
            most_written(self._command),
            ends_with_us=held is not None and held.name == "bubblewrap",
        )
        return started(
            lambda: subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=isolated_environment(self._home),
                bufsize=0,
                pipesize=_PIPE,
            ),
            end_sandbox if held else subprocess.Popen.kill,
        )

    def _end(self, source: WatchedOutput, unfinished: str) -> None:
        """Learn how it ended, after its last line."""
        if source.gave_up:
            self.breakdown = silent(self._limits)
        elif len(unfinished) >= _LONGEST_LINE:
            self.breakdown = Breakdown(
                "output", f"tshark wrote a row of more than {_LONGEST_LINE} characters"
            )
        if self.breakdown:
            self._kill()
        self.exit_status = self._process.wait()
        self.remark = self._remarks.text() if self._remarks else ""
        if self.breakdown is None:
            self.breakdown = breakdown(
                self.exit_status, self.remark, self._limits, wrapped=self._sandbox is not None
            )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with held_back():
            self._undone.close()

    def _end_process(self) -> None:
        if self._process.poll() is None:
            self._kill()
            self._process.wait()
        if self._sandbox and self._process.returncode < 0:  # Ctrl-C on a terminal, say, came to it first
            end_at_home(Path(self._home))
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _kill(self) -> None:
        if self._sandbox is None:
            self._process.kill()
        else:
            end_sandbox(self._process)

    def _let_go(self) -> None:
        if self._remarks is not None:
            self._remarks.close()


class _Remarks:
    """What a process says on standard error: its beginning and its end, however much it is."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None  # a pipe was asked for
        self._pipe = process.stderr
        self._head = self._tail = b""
        self._reader = threading.Thread(target=self._read, name="tshark's remarks", daemon=True)
        self._reader.start()

    def _read(self) -> None:
        while piece := os.read(self._pipe.fileno(), 65536):
            room = _REMARKS_KEPT - len(self._head)
            self._head += piece[:room]
            self._tail = (self._tail + piece[room:])[-_REMARKS_KEPT:]

    def text(self) -> str:
        """Return it in one line, once the process has ended."""
        self._reader.join(_REMARKS_S)
        text = (self._head + self._tail).decode("utf-8", "replace")
        lines = (line.strip() for line in text.splitlines())
        return " ".join(line for line in lines if line and _ROOT_REMARK not in line)

    def close(self) -> None:
        """Let the pipe go, unless somebody that nobody waits for still holds its other end."""
        self._reader.join(_REMARKS_S)
        if not self._reader.is_alive():
            self._pipe.close()


def readable_argument(path: Path) -> str:
    """Return the path in a form that no program takes for an option or for standard input."""
    return str(path.absolute())
