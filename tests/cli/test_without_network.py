"""Reading a capture needs no network, and asks for none: what docs/security.md says."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("namespaces are Linux's", allow_module_level=True)

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "mcp-tls13.pcapng"
# In a network namespace of its own, in which not even the loopback interface is up (network_namespaces(7)).
CUT_OFF = ["unshare", "--map-root-user", "--net", "--"]
# What opens a socket: AF_UNIX is how the C library asks for user names, and never leaves the machine.
SOCKETS = re.compile(r"socket\((?!AF_UNIX)\w+")


@pytest.fixture(scope="module", autouse=True)
def _unshare() -> None:
    tried = (
        subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False)
        if shutil.which("unshare")
        else None
    )
    if tried is None or tried.returncode != 0:
        pytest.skip("no network namespace can be made here")


def _analyze(form: str, output: Path, *before: str) -> subprocess.CompletedProcess[str]:
    # Without tshark's sandbox, which would cut tshark off by itself.
    command = [sys.executable, "-m", "pcap_report", "analyze", str(SAMPLE), "--sandbox", "off", "-f", form]
    return subprocess.run(
        [*before, *command, "-o", str(output)], capture_output=True, text=True, check=False, timeout=120
    )


def test_there_is_no_network_in_there() -> None:
    seen = subprocess.check_output([*CUT_OFF, "cat", "/proc/net/route"], text=True)
    assert len(seen.splitlines()) <= 1
    asks = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    cut_off = subprocess.run(
        [*CUT_OFF, sys.executable, "-c", asks], capture_output=True, text=True, check=False
    )
    assert "Network is unreachable" in cut_off.stderr


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_report_is_the_same_without_a_network(form: str, tmp_path: Path) -> None:
    online, offline = tmp_path / f"online.{form}", tmp_path / f"offline.{form}"
    for output, before in ((online, []), (offline, CUT_OFF)):
        done = _analyze(form, output, *before)
        assert done.returncode == 0, done.stderr
    assert offline.read_bytes() == online.read_bytes()


def test_no_socket_is_opened_by_us_or_by_tshark(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    log = tmp_path / "calls"
    strace = ["strace", "-f", "-qq", "-e", "trace=socket,connect,execve", "-o", str(log)]
    done = _analyze("html", tmp_path / "report.html", *strace)
    if "ptrace" in done.stderr:
        pytest.skip("processes cannot be traced here")
    assert done.returncode == 0, done.stderr
    calls = log.read_text(encoding="utf-8", errors="replace")
    assert re.search(r'execve\("[^"]*tshark"', calls)
    assert SOCKETS.findall(calls) == []


def test_the_tracing_would_see_one(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("no strace")
    log = tmp_path / "calls"
    asks = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
    strace = ["strace", "-f", "-qq", "-e", "trace=socket", "-o", str(log)]
    traced = subprocess.run(
        [*strace, sys.executable, "-c", asks], capture_output=True, text=True, check=False
    )
    if traced.returncode != 0:
        pytest.skip("processes cannot be traced here")
    assert SOCKETS.findall(log.read_text(encoding="utf-8")) == ["socket(AF_INET"]
