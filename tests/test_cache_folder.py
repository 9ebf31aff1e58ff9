"""Where the cache lies, and that nobody needs one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from pcap_report.cache_folder import cache_folder
from pcap_report.capture.kept import forget, keep, recall

if TYPE_CHECKING:
    from pathlib import Path


def test_the_environment_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "pcap-report"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "pcap-report"


@pytest.mark.skipif(sys.platform == "win32", reason="accounts are another matter there")
def test_a_user_without_a_home_has_none_and_that_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs as a number which it does not know."""

    def unknown(_number: int) -> None:
        raise KeyError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", unknown)
    assert cache_folder() is None
    keep(sys.executable, "-asked", {"arguments": []})
    assert recall(sys.executable, "-asked") is None
    forget(sys.executable, "-asked")
