"""What every scenario has in common: where its files lie, and a fresh start for its logs."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SAMPLES: Final = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Recording:
    """The files of one sample, and a folder for throw-away keys and pages."""

    capture: Path
    keys: Path
    log: Path
    scratch: Path


@contextmanager
def recording(name: str, *, log: str = "log") -> Iterator[Recording]:
    """The files of the sample `name`; older logs are removed, since programs append to them."""
    with tempfile.TemporaryDirectory() as scratch:
        files = Recording(
            SAMPLES / f"{name}.pcapng",
            SAMPLES / f"{name}.keys",
            SAMPLES / f"{name}.{log}.jsonl",
            Path(scratch),
        )
        files.keys.unlink(missing_ok=True)
        files.log.unlink(missing_ok=True)
        yield files
