"""A folder with captures, and servers over both transports."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.mcp.service import SAMPLES, Service

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with some samples, which the server may read."""
    path = tmp_path / "captures"
    path.mkdir()
    for name in ("lossy-three-connections", "http-dns", "refused-and-unanswered", "mcp-tls13"):
        shutil.copy(SAMPLES / f"{name}.pcapng", path)
    return path


@pytest.fixture(params=["stdio", "http"])
def service(request: pytest.FixtureRequest, folder: Path) -> Service:
    return Service(request.param, folder)


@pytest.fixture
def piped(folder: Path) -> Service:
    return Service("stdio", folder)
