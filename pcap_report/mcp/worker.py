"""Analyze a capture in a process of its own: it can be ended at any time, and never keeps the server waiting.

``python -m pcap_report.mcp.worker`` takes the capture, the file for the report and connection
numbers. It prints how many packets were read, line by line, and writes the report, or what went wrong.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import msgspec

from pcap_report.errors import PcapReportError

if TYPE_CHECKING:
    from types import FrameType


class Failure(msgspec.Struct):
    """Why there is no report."""

    message: str
    hint: str | None
    exit_code: int


def main() -> None:
    """Do one analysis."""
    capture, result, *connections = sys.argv[1:]
    signal.signal(signal.SIGTERM, _stop)
    from pcap_report.engine import Options, analyze
    from pcap_report.render.json_report import render_json

    asked = Options(connections=tuple(map(int, connections)), progress=_tell)
    try:
        done = analyze(Path(capture), asked)
    except PcapReportError as error:
        failure = Failure(error.message, error.hint, error.exit_code)
        Path(f"{result}.failure").write_bytes(msgspec.json.encode(failure))
        return
    Path(result).write_text(render_json(done), "utf-8")


def _tell(packets: int) -> None:
    sys.stdout.write(f"{packets}\n")
    sys.stdout.flush()


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # tshark is ended on the way out


if __name__ == "__main__":
    main()
