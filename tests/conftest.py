"""What all tests share: what is known of this machine, and captures that do not travel with the repository.

They are found beside the clone, or where the environment says.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.analyzed import FOLDER

ROOT = Path(__file__).resolve().parents[1]

# A shell starts a job in the background with Ctrl-C ignored, and programs hand that on; the tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Let the workers of this run share the reports that they make."""
    if FOLDER not in os.environ:
        folder, environment = tempfile.TemporaryDirectory(prefix="reports-of-tests-"), pytest.MonkeyPatch()
        environment.setenv(FOLDER, folder.name)
        config.add_cleanup(folder.cleanup)
        config.add_cleanup(environment.undo)


def _shared(folder: str, variable: str) -> Path:
    path = Path(os.environ.get(variable) or ROOT.parent / "shared" / folder)
    if not path.is_dir():
        pytest.skip(f"no folder {path}: set {variable} to one with the shared {folder}")
    return path


@pytest.fixture(scope="session")
def captures_dir() -> Path:
    """The shared collection of captures (PCAP_REPORT_CAPTURES)."""
    return _shared("captures", "PCAP_REPORT_CAPTURES")


@pytest.fixture(scope="session")
def replicas_dir() -> Path:
    """Captures with the facts of two hand-written reports, as data (PCAP_REPORT_REPLICAS)."""
    return _shared("replicas", "PCAP_REPORT_REPLICAS")


@pytest.fixture(scope="session")
def known_of_tshark(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder that knows this tshark and our templates: to learn that takes longer than most tests."""
    cache = tmp_path_factory.mktemp("known")
    program = Path(sys.executable).with_name("pcap-report")
    capture = ROOT / "samples" / "refused-and-unanswered.pcapng"
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    for form in ("md", "html"):
        asked = [str(program), "analyze", str(capture), "-f", form]
        subprocess.run(asked, env=environment, capture_output=True, check=True)
    for begun_ahead in cache.rglob("*-asked.json"):
        begun_ahead.unlink()
    return cache
