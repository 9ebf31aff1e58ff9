"""What the report says of every capture with one tshark, as plain values."""

from __future__ import annotations

import json
import os
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pcap_report.capture.tshark import PROGRAM_VARIABLE
from pcap_report.engine import Options, analyze
from pcap_report.errors import PcapReportError
from pcap_report.render.json_report import render_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_WORKERS: Final = 2


class Asked(NamedTuple):
    """A capture to analyze, and the key log that opens it, if there is one."""

    capture: Path
    keys: Path | None = None

    @property
    def name(self) -> str:
        """The capture's folder and name; with keys it is another question."""
        name = f"{self.capture.parent.name}/{self.capture.name}"
        return f"{name} with keys" if self.keys else name


# Any: a report as JSON
Facts = dict[str, Any]


def facts_with(program: Path, questions: Iterable[Asked]) -> Iterator[tuple[Asked, Facts]]:
    """Analyze every capture with this tshark; a refusal is a fact too."""
    with ProcessPoolExecutor(_WORKERS, get_context("spawn"), _use, (str(program),)) as workers:
        questions = list(questions)
        yield from zip(questions, workers.map(_facts, questions), strict=True)


def _use(program: str) -> None:
    os.environ[PROGRAM_VARIABLE] = program
    os.environ["PCAP_REPORT_SANDBOX"] = "off"  # in it only the system's libraries are seen


def _facts(asked: Asked) -> Facts:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            report = analyze(asked.capture, Options(keylog=asked.keys))
        except PcapReportError as error:
            return {"refused": f"{type(error).__name__}: {error}"}
    facts: Facts = json.loads(render_json(report))
    del facts["generator"]
    return facts
