"""The fixture that protocol tests begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.recording import Recording

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    """An empty capture on Ethernet."""
    return Recording(tmp_path)
