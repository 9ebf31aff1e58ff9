"""Which signals asked this command to end: what goes wrong after them is no error of its own."""

from __future__ import annotations

from typing import Final

asked_to_end: Final[list[int]] = []
"""Their numbers; a command that goes on all the same empties it."""
