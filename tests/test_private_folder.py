"""Private folders and drafts go with their process; what a killed one left, the next one clears away."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report import private_folder
from pcap_report.errors import UsageError
from pcap_report.files import clear_drafts, draft_beside
from pcap_report.private_folder import PREFIX, PrivateFolder, clear_away

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such marks")

_HOLDER: Final = """
import sys, time
from pathlib import Path
from pcap_report.files import draft_beside
from pcap_report.private_folder import PrivateFolder
place = Path(sys.argv[1])
folder = PrivateFolder(place if sys.argv[2] == "hidden" else None)
(folder.path / "packets").write_text("x")
with draft_beside(place / "report.md") as draft:
    draft.write_text("half a rep")
    print(folder.path.name, draft.name, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the folder for temporary files be one of the test's, which nobody has looked through."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(private_folder, "_looked_through", set())
    return tmp_path


@pytest.fixture
def holder(temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process that holds a private folder and a draft."""
    command = [sys.executable, "-c", _HOLDER, str(temporary), "hidden"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def _held(process: subprocess.Popen[str]) -> set[str]:
    assert process.stdout is not None
    return set(process.stdout.readline().split())


def _there(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_what_a_killed_process_left_is_cleared_away(temporary: Path, holder: subprocess.Popen[str]) -> None:
    held = _held(holder)
    assert len(held) == 2
    assert _there(temporary) == held
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    clear_away(temporary)
    clear_drafts(temporary)
    assert _there(temporary) == set()


def test_what_a_living_process_holds_stays(temporary: Path, holder: subprocess.Popen[str]) -> None:
    held = _held(holder)
    clear_away(temporary)
    clear_drafts(temporary)
    assert _there(temporary) == held


def test_making_a_folder_clears_away(temporary: Path, holder: subprocess.Popen[str]) -> None:
    _held(holder)
    holder.kill()
    holder.wait()
    with PrivateFolder() as folder:
        assert {path.name for path in temporary.iterdir() if path.is_dir()} == {folder.name}


def test_what_may_be_somebody_elses_stays(temporary: Path) -> None:
    shared = temporary / f"{PREFIX}abcdefgh"
    shared.mkdir()
    shared.chmod(0o755)
    file = temporary / f"{PREFIX}ijklmnop"
    file.write_text("not a folder")
    longer = temporary / f"{PREFIX}of-somebody"
    longer.mkdir(0o700)
    aim = temporary / "aim"
    aim.mkdir(0o700)
    link = temporary / f"{PREFIX}qrstuvwx"
    link.symlink_to(aim)
    part = temporary / ".report.md.part"
    part.write_text("of another program")
    clear_away(temporary)
    clear_drafts(temporary)
    assert _there(temporary) == {path.name for path in (shared, file, longer, aim, link, part)}


def test_a_folder_is_private_and_goes(temporary: Path) -> None:
    with PrivateFolder() as folder:
        assert folder.parent == temporary
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "packets").write_text("x")
    assert _there(temporary) == set()


def test_no_place_for_a_folder(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"Nothing may be written to .*nowhere: No such file or directory"):
        PrivateFolder(temporary / "nowhere")
    monkeypatch.setattr("tempfile.tempdir", str(temporary / "nowhere"))
    with pytest.raises(UsageError, match=r"No temporary folder can be made in .*nowhere") as caught:
        PrivateFolder()
    assert "TMPDIR" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["\U0001f980" * 60 + ".md", "x" * 252 + ".md", "report.md"])
def test_a_draft_of_any_name(name: str, temporary: Path) -> None:
    with draft_beside(temporary / name) as draft:
        draft.write_text("whole")
        assert _there(temporary) == {draft.name}
    assert _there(temporary) == {name}
