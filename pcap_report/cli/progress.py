"""Show on a terminal that reading goes on; quick captures never get that far."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Final

from pcap_report.cli.settings import Settings, standard_error_is_watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress, ProgressColumn

_PATIENCE_S: Final = 0.5


@contextlib.contextmanager
def reading_progress(settings: Settings) -> Iterator[Callable[[int], None] | None]:
    """Yield what to tell the number of packets read, or None when nobody would see it."""
    if settings.quiet or not standard_error_is_watched():
        yield None
        return
    with contextlib.closing(_Shown(settings, "Reading")) as shown:
        yield shown.packets


@contextlib.contextmanager
def recording_progress(settings: Settings) -> Iterator[Callable[[int], None] | None]:
    """Yield what to tell the number of packets recorded, or None when nobody would see it."""
    if settings.quiet or not standard_error_is_watched():
        yield None
        return
    with contextlib.closing(_Shown(settings, "Capturing")) as shown:
        yield shown.packets


@contextlib.contextmanager
def busy(settings: Settings, doing: str) -> Iterator[None]:
    """Show that something goes on, when it takes longer than a moment; nobody knows how long."""
    if settings.quiet or not standard_error_is_watched():
        yield
        return
    shown: list[Progress] = []
    timer = threading.Timer(_PATIENCE_S, lambda: shown.append(_started(settings, doing)))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        for one in shown:
            one.stop()


def _started(settings: Settings, doing: str, *columns: ProgressColumn) -> Progress:
    import sys

    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, no_color=not settings.colored(sys.stderr))
    told = columns or (TextColumn(doing),)
    progress = Progress(SpinnerColumn(), *told, TimeElapsedColumn(), console=console, transient=True)
    progress.add_task("", total=None, rate="…")
    progress.start()
    return progress


class _Shown:
    """A line on standard error that appears after a moment and vanishes at the end."""

    def __init__(self, settings: Settings, doing: str) -> None:
        self._settings = settings
        self._doing = doing
        self._since = time.monotonic()
        self._progress: Progress | None = None

    def packets(self, count: int) -> None:
        """Show the number of packets read so far."""
        if self._progress is None:
            if time.monotonic() - self._since < _PATIENCE_S:
                return
            self._progress = self._started()
        rate = count / (time.monotonic() - self._since)
        self._progress.update(self._progress.task_ids[0], completed=count, rate=f"{rate:,.0f}")

    def close(self) -> None:
        """Take the line away."""
        if self._progress is not None:
            self._progress.stop()

    def _started(self) -> Progress:
        from rich.progress import TextColumn

        told = TextColumn(self._doing + ": {task.completed:,} packets, {task.fields[rate]}/s")
        return _started(self._settings, self._doing, told)
