"""A file that an option names: what stands in the way of reading it becomes a message about that option."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class NamedFile(NamedTuple):
    """A kind of file that an option names.

    Attributes:
        option: such as ``--keylog``.
        kind: what it is called.
        example: a name that such a file may have.
        largest: bytes of the largest one that is read.
        advice: what to do with a larger one.
    """

    option: str
    kind: str
    example: str
    largest: int
    advice: str


@contextlib.contextmanager
def reading(path: Path, named: NamedFile) -> Iterator[None]:
    """Read a file that an option names; what stands in the way becomes a message about that option.

    Raises:
        UsageError: it is standard input, a folder, missing, too large, or not to be read.
    """
    option, kind, example, largest, advice = named
    if str(path) == "-":
        raise UsageError(f"{option} cannot be read from standard input", f"Name a file: {option} {example}")
    if path.is_dir():
        raise UsageError(f"{path} is a folder, not a {kind}", f"Name a file in it: {option} {path}/…")
    try:
        if path.stat().st_size > largest:
            raise UsageError(f"{path} is larger than {largest // 1024 // 1024} MB", advice)
        yield
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}", f"Name the {kind}: {option} {example}") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
