"""The headings under which ``--help`` lists the options."""

from __future__ import annotations

from typing import Final

READING: Final = "What to read"
WRITING: Final = "What to write"
RUN: Final = "This run"
RECORDING: Final = "What to record"
SERVING: Final = "What to serve"
