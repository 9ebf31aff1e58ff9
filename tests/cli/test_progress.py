"""What takes longer than a moment is seen to go on, by a person at a terminal, and leaves no trace."""

from __future__ import annotations

import io
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pcap_report.cli import progress
from pcap_report.cli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], io.StringIO]:
    """Return what lets standard error be a terminal, once the test has begun."""

    def sit_down() -> io.StringIO:
        screen = io.StringIO()
        monkeypatch.setattr(screen, "isatty", lambda: True)
        monkeypatch.setattr("sys.stderr", screen)
        monkeypatch.setattr(progress, "_PATIENCE_S", 0.1)
        return screen

    return sit_down


def _seen(screen: io.StringIO, text: str) -> bool:
    deadline = time.monotonic() + 20
    while text not in screen.getvalue() and time.monotonic() < deadline:
        time.sleep(0.05)
    return text in screen.getvalue()


def _alone(before: set[threading.Thread]) -> bool:
    """Tell whether the threads that draw have ended, or soon do; others may be some other test's."""
    deadline = time.monotonic() + 20
    while (drawing := set(threading.enumerate()) - before) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not drawing


def test_what_takes_long_is_seen(at_a_terminal: Callable[[], io.StringIO]) -> None:
    terminal, before = at_a_terminal(), set(threading.enumerate())
    with progress.busy(Settings(), "Proving"):
        assert _seen(terminal, "Proving")
    assert _alone(before)


def test_what_is_quick_is_not_seen(at_a_terminal: Callable[[], io.StringIO]) -> None:
    terminal = at_a_terminal()
    with progress.busy(Settings(), "Proving"):
        pass
    time.sleep(0.3)
    assert terminal.getvalue() == ""


def test_an_interruption_takes_it_away(at_a_terminal: Callable[[], io.StringIO]) -> None:
    terminal, before = at_a_terminal(), set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), progress.busy(Settings(), "Proving"):
        assert _seen(terminal, "Proving")
        raise KeyboardInterrupt
    assert _alone(before)


def test_nobody_is_shown_what_nobody_watches(at_a_terminal: Callable[[], io.StringIO]) -> None:
    terminal = at_a_terminal()
    with progress.busy(Settings(quiet=True), "Proving"):
        time.sleep(0.3)
    assert terminal.getvalue() == ""


def test_packets_are_counted(at_a_terminal: Callable[[], io.StringIO]) -> None:
    terminal = at_a_terminal()
    with progress.reading_progress(Settings()) as tell:
        assert tell is not None
        time.sleep(0.2)
        tell(12_345)
        assert _seen(terminal, "Reading: 12,345 packets")
