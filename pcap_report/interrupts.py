"""Hold interruptions back while something is made that somebody has to take away again."""

from __future__ import annotations

import contextlib
import signal
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Let Ctrl-C and requests to end come at the end of the block, and not in its middle.

    They are exceptions in Python, and one between the making of a thing and its first name would lose it. The
    block must be short, and stand where its end is watched: there they are raised.
    """
    if threading.current_thread() is not threading.main_thread():  # only the main thread is interrupted
        yield
        return
    came: list[int] = []
    # what is ignored (nohup) stays so: a process that is started meanwhile inherits that, and no handler
    heard = [kind for kind in _KINDS if signal.getsignal(kind) is not signal.SIG_IGN]
    before = {kind: signal.signal(kind, lambda number, _: came.append(number)) for kind in heard}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
        for number in came[:1]:
            signal.raise_signal(number)
