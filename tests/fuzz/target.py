"""What a fuzz target is: a question with an answer that must always hold, and inputs to begin with."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tests.fuzz import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FOUND: Final = Path(__file__).parent / "found"
"""Inputs that showed a fault once, in a folder of their target's name."""


class Target(NamedTuple):
    """A fuzz target."""

    name: str
    seeds: Callable[[], Iterable[bytes]]
    """Inputs to begin with."""
    attempt: Callable[[bytes], None]
    """Raises where what must hold does not."""

    def found(self) -> list[bytes]:
        """Return the inputs that showed a fault once."""
        return [path.read_bytes() for path in sorted((FOUND / self.name).glob("*"))]


def names() -> list[str]:
    """List the targets: one for each file in the folder."""
    return sorted(module.name for module in pkgutil.iter_modules(targets.__path__))


def target(name: str) -> Target:
    """Load a target."""
    module = importlib.import_module(f"{targets.__name__}.{name}")
    return Target(name, module.seeds, module.attempt)
