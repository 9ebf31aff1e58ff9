"""Run tshark over a capture and stream its lines; whatever happens, no process stays behind."""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING, Final, Self

from pcap_report.capture.isolation import isolated_environment
from pcap_report.errors import TsharkError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

_BUFFER: Final = 1 << 18
_PIPE: Final = 1 << 20
"""Bytes that tshark may be ahead of us; where the system has a fixed size, it keeps that."""
_STDERR_KEPT: Final = 64 * 1024
_CPU_LIMIT_S: Final = 6 * 3600
_ROOT_REMARK: Final = "This could be dangerous"


class TsharkRun:
    """One run of tshark, as a context manager whose lines are iterated over.

    Attributes:
        exit_status: tshark's, once the lines are exhausted.
        remark: what it said on standard error, without its remark about root; "" for nothing.
    """

    def __init__(self, program: str, arguments: Sequence[str]) -> None:
        self._command = [program, *arguments]
        self.exit_status: int | None = None
        self.remark = ""

    def __enter__(self) -> Self:
        self._home = tempfile.mkdtemp(prefix="pcap-report-")
        self._errors: IO[bytes] = tempfile.TemporaryFile()
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=isolated_environment(self._home),
                bufsize=_BUFFER,
                pipesize=_PIPE,
            )
        except OSError as error:
            self._clean()
            raise TsharkError(f"{self._command[0]} does not start: {error.strerror or error}") from error
        _limit(self._process.pid)
        return self

    def __iter__(self) -> Iterator[str]:
        assert self._process.stdout is not None  # a pipe was asked for
        # only LF ends a line: a CR inside a value is the value's
        with io.TextIOWrapper(self._process.stdout, "utf-8", "backslashreplace", newline="\n") as output:
            yield from output
        self.exit_status = self._process.wait()
        self._errors.seek(0)
        text = self._errors.read(_STDERR_KEPT).decode("utf-8", "replace")
        lines = (line.strip() for line in text.splitlines())
        self.remark = " ".join(line for line in lines if line and _ROOT_REMARK not in line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._clean()

    def _clean(self) -> None:
        self._errors.close()
        shutil.rmtree(self._home, ignore_errors=True)


def readable_argument(path: Path) -> str:
    """Return the path in a form that no program takes for an option or for standard input."""
    return str(path.absolute())


def _limit(pid: int) -> None:
    """Bound what a dissector gone wild can do; only Linux lets us do it from outside the child."""
    if sys.platform != "linux":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
        resource.prlimit(pid, resource.RLIMIT_CPU, (_CPU_LIMIT_S, _CPU_LIMIT_S))
