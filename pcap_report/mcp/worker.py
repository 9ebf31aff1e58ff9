"""Analyze a capture in a process of its own: it can be ended at any time, and never keeps the server waiting.

``python -m pcap_report.mcp.worker`` takes a task as JSON. It writes into the task's folder: how many packets
were read so far, then the report, or why there is none; then, with less haste, what questions about the
report need: tshark's verdict on every statement, and the frames taken apart.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NoReturn

import msgspec

from pcap_report.errors import PcapReportError

if TYPE_CHECKING:
    from types import FrameType

    from pcap_report.model.report import Report

PROGRESS: Final = "progress"
REPORT: Final = "report.json"
FAILURE: Final = "failure.json"
VERDICTS: Final = "verdicts.json"
_LOOK_S: Final = 0.5
_LESS_HASTE: Final = 5
TOLD: Final = 500
"""Connections that are told in full; another one is told when somebody asks for it."""


class Task(msgspec.Struct, frozen=True):
    """What is to be done."""

    capture: str
    folder: str
    server: int
    """The process for whom it is done; without it there is nothing to do."""
    keylog: str | None = None
    rpc_log: str | None = None
    connection: int | None = None
    """Tell this one only."""


class Failure(msgspec.Struct, frozen=True):
    """Why there is no report."""

    message: str
    hint: str | None
    exit_code: int


class StatementVerdict(msgspec.Struct, frozen=True, array_like=True):
    """What tshark says of the statement at the same place of the report's."""

    verdict: Literal["proved", "refuted", "not_provable"]
    reasons: tuple[str, ...]


def main() -> None:
    """Do one task."""
    task = msgspec.json.decode(sys.argv[1], type=Task)
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=_end_with, args=(task.server,), daemon=True).start()
    report = _analyzed(task)
    if report is None:
        return
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_LESS_HASTE)
    with contextlib.suppress(PcapReportError, OSError):
        _prove(task, report)
    if task.connection is None:
        with contextlib.suppress(PcapReportError, OSError):
            _take_apart(task)


def _analyzed(task: Task) -> Report | None:
    from pcap_report.engine import Options, analyze
    from pcap_report.render.json_report import json_pieces

    progress = Path(task.folder, PROGRESS)

    def tell(packets: int) -> None:
        progress.write_text(f"{packets}\n", "ascii")

    asked = Options(
        connections=() if task.connection is None else (task.connection,),
        keylog=Path(task.keylog) if task.keylog else None,
        rpc_log=Path(task.rpc_log) if task.rpc_log else None,
        progress=tell,
        told=TOLD,
    )
    try:
        done = analyze(Path(task.capture), asked)
    except PcapReportError as error:
        failure = Failure(error.message, error.hint, error.exit_code)
        _put(task, FAILURE, msgspec.json.encode(failure))
        return None
    _put(task, REPORT, b"".join(json_pieces(done)))
    return done


def _prove(task: Task, report: Report) -> None:
    from pcap_report.verify import Logs, verify_fresh

    logs = Logs(Path(task.keylog) if task.keylog else None, Path(task.rpc_log) if task.rpc_log else None)
    proofs = verify_fresh(report, Path(task.capture), logs).statements
    verdicts = [StatementVerdict(one.verdict, one.reasons) for one in proofs]
    _put(task, VERDICTS, msgspec.json.encode(verdicts))


def _take_apart(task: Task) -> None:
    from pcap_report.capture.frame_store import store_frames
    from pcap_report.capture.tshark import find_tshark

    store_frames(Path(task.capture), find_tshark(), Path(task.folder))


def _put(task: Task, name: str, content: bytes) -> None:
    """Write a file that is there whole, or not at all."""
    unfinished = Path(task.folder, f"{name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(Path(task.folder, name))


def _end_with(parent: int) -> None:
    """End when whoever wanted the result is no more."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # tshark is ended on the way out


if __name__ == "__main__":
    main()
