"""Requests to end by signals: every clean-up is done, and none of them is lost or told as an error."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
from typing import TYPE_CHECKING

import pytest

from pcap_report.cli import main
from pcap_report.errors import TsharkError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], object]], int]]:
    """Run something in place of a command, and return what the program ends with."""
    kinds = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(kind, signal.SIG_DFL) for kind in kinds]
    hook = sys.unraisablehook

    def run(work: Callable[[], object]) -> int:
        monkeypatch.setattr(main, "_run", lambda *_, **__: work() and 0)
        return main.run(["analyze"])

    yield run
    sys.unraisablehook = hook
    for kind, handler in zip(kinds, before, strict=True):
        signal.signal(kind, handler)


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_what_ends_with_us_is_no_error_of_its_own(
    ended: Callable[[Callable[[], object]], int], number: int, status: int
) -> None:
    """Ctrl-C on a terminal reaches tshark as well; which of the two is seen first depends."""

    def interrupted() -> None:
        with contextlib.suppress(KeyboardInterrupt, SystemExit):
            signal.raise_signal(number)
        raise TsharkError("tshark was ended by a signal")

    assert ended(interrupted) == status


def test_a_second_request_does_not_end_the_clean_up(ended: Callable[[Callable[[], object]], int]) -> None:
    cleaned = []

    def worked() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGINT)
            cleaned.append("up")

    assert (ended(worked), cleaned) == (143, ["up"])


class _GoesAway:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def test_a_request_is_heard_while_an_object_is_taken_away(
    ended: Callable[[Callable[[], object]], int], capfd: pytest.CaptureFixture[str]
) -> None:
    """There Python drops every exception, and prints it."""

    def worked() -> None:
        one = _GoesAway()
        del one
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            time.sleep(0.01)

    assert ended(worked) == 143
    assert capfd.readouterr().err == ""


def test_another_dropped_exception_is_still_told(
    ended: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    class Fails:
        def __del__(self) -> None:
            raise ValueError

    def worked() -> bool:
        one = Fails()
        del one
        return True

    assert ended(worked) == 0
    assert len(told) == 1
