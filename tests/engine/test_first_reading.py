"""An interruption waits for nobody: what the file's bytes say is then not read to the end."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from pcap_report.capture import file_facts as module
from pcap_report.capture.file_facts import NotWantedError, file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.engine import Options, analyze
from pcap_report.engine.reading import Reading
from tests.bench.generate import generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.capture.records import FrameRecord


def test_facts_that_nobody_wants_any_more(tmp_path: Path) -> None:
    capture = generate(tmp_path / "some.pcap", 3000)
    form = capture_format(capture)
    assert file_facts(capture, form).frames == 3000
    for answers in range(4):
        said = iter([True] * answers)
        with pytest.raises(NotWantedError):
            file_facts(capture, form, lambda said=said: next(said, False))  # type: ignore[misc]  # bound now


def test_an_interruption_ends_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk over the file goes on for as long as anybody wants it to."""
    capture = generate(tmp_path / "some.pcap", 3000)
    walk, walked = module._walk, []

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    def slow(*arguments: Any) -> Iterator[FrameRecord]:  # noqa: ANN401 - as they came
        for record in walk(*arguments):
            walked.append(record)
            time.sleep(0.01)
            yield record

    monkeypatch.setattr(module, "_walk", slow)
    monkeypatch.setattr(module, "_LOOK", 1)
    monkeypatch.setattr(Reading, "read", interrupted)
    with pytest.raises(KeyboardInterrupt):
        analyze(capture, Options(shards=1))
    assert len(walked) < 3000
