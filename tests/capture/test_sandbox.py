"""Inside the sandbox there is no network, nothing to write to, and no file but those that are shown."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.process import TsharkRun
from pcap_report.capture.sandbox import _WAYS, Sandbox, sandbox_for, working_sandbox
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import analyze
from pcap_report.errors import TsharkError, UsageError
from tests.dialogue.files import frames, pcap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

if sys.platform != "linux":
    pytest.skip("namespaces are Linux's", allow_module_level=True)

_NOBODY: Final = 65534
_PLACE: Final = Path("/var/tmp")  # noqa: S108 - pytest's own folder lets nobody else in


@pytest.fixture(params=["bubblewrap", "unshare"])
def way(request: pytest.FixtureRequest) -> Sandbox:
    tool, wrap = _WAYS[request.param]
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"no {tool}")
    return Sandbox(request.param, program, wrap)


@pytest.fixture(params=["this user", "nobody"])
def inside(
    request: pytest.FixtureRequest, way: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Sequence[str], Sequence[Path]], subprocess.CompletedProcess[str]]:
    """Run a program in the sandbox, as we are or as nobody."""
    become: list[str] = []
    if request.param == "nobody":
        if os.geteuid() != 0:
            pytest.skip("only root becomes somebody else")
        become = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups", "--"]
        monkeypatch.setattr(os, "geteuid", lambda: _NOBODY)
    home = Path(subprocess.check_output([*become, "mktemp", "-d", "-p", _PLACE], text=True).strip())

    def run(command: Sequence[str], readable: Sequence[Path]) -> subprocess.CompletedProcess[str]:
        line = way.around(command, [str(one) for one in readable], None, str(home))
        return subprocess.run(
            [*become, *line], capture_output=True, text=True, check=False, cwd="/", timeout=60
        )

    if run(["/usr/bin/true"], ()).returncode:
        pytest.skip(f"{way.name} does not work here: {run(['/usr/bin/true'], ()).stderr}")
    request.addfinalizer(lambda: shutil.rmtree(home, ignore_errors=True))
    return run


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Path:
    """A file that everybody may read, in a folder with another one."""
    folder = Path(subprocess.check_output(["mktemp", "-d", "-p", _PLACE], text=True).strip())
    request.addfinalizer(lambda: shutil.rmtree(folder))
    folder.chmod(0o755)
    for name in ("shown.pcap", "hidden"):
        (folder / name).write_bytes(pcap(frames(3)))
        (folder / name).chmod(0o666)
    return folder / "shown.pcap"


def test_there_is_no_network(inside: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        connect = ["/usr/bin/bash", "-c", f"echo > /dev/tcp/127.0.0.1/{server.getsockname()[1]}"]
        assert subprocess.run(connect, check=False).returncode == 0
        refused = inside(connect, ())
    assert refused.returncode != 0
    assert "refused" in refused.stderr or "unreachable" in refused.stderr


def test_nothing_can_be_written(inside: Callable[..., subprocess.CompletedProcess[str]], shown: Path) -> None:
    before = shown.read_bytes()
    for target in (shown, shown.with_name("new"), "/new", "/usr/new", "/tmp/new", "/etc/new"):  # noqa: S108
        done = inside(["/usr/bin/bash", "-c", f"echo hello >> {target}"], [shown])
        assert done.returncode != 0, target
    assert shown.read_bytes() == before


def test_only_what_is_shown_is_there(
    inside: Callable[..., subprocess.CompletedProcess[str]], shown: Path
) -> None:
    assert inside(["/usr/bin/test", "-r", str(shown)], [shown]).returncode == 0
    for hidden in (
        shown.with_name("hidden"),
        Path("/etc/passwd"),
        Path(__file__),
        Path("/root"),
        Path("/home"),
    ):
        assert inside(["/usr/bin/ls", str(hidden)], [shown]).returncode != 0, hidden


def test_tshark_reads_as_it_does_outside(
    inside: Callable[..., subprocess.CompletedProcess[str]], shown: Path
) -> None:
    read = [find_tshark().path, "-n", "-r", str(shown), "-T", "fields", "-e", "frame.number", "-e", "tcp.seq"]
    outside = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    assert inside(read, [shown]).stdout == outside
    assert len(outside.splitlines()) == 3


@pytest.fixture
def works() -> Sandbox:
    found = working_sandbox(find_tshark().path)
    if found is None:
        pytest.skip("no sandbox works here")
    return found


def test_the_report_is_the_same(works: Sandbox, monkeypatch: pytest.MonkeyPatch, shown: Path) -> None:
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "off")
    bare = analyze(shown)
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "on")
    assert analyze(shown) == bare
    assert works.name in _WAYS


@pytest.mark.usefixtures("works")
def test_a_tshark_that_dies_inside_is_no_whole_report(shown: Path) -> None:
    arguments = ["-n", "-r", str(shown), "-T", "fields", "-e", "frame.number"]
    with TsharkRun(find_tshark().path, arguments) as run:
        run._process.send_signal(signal.SIGSTOP)
        run._process.kill()
        list(run)
    assert run.breakdown
    assert run.breakdown.reason == "crashed"


@pytest.mark.usefixtures("works")
@pytest.mark.parametrize("interrupted", [True, False])
def test_what_a_sandbox_had_begun_ends_with_it(shown: Path, interrupted: bool) -> None:
    """Killed while it is being built, bubblewrap leaves a process behind that waits for it."""
    arguments = ["-n", "-r", str(shown), "-T", "fields", "-e", "frame.number"]
    with TsharkRun(find_tshark().path, arguments) as run:
        begun = Path(f"/proc/{run._process.pid}/task/{run._process.pid}/children")
        while not begun.read_text("ascii"):
            time.sleep(0)
        run._process.kill()
        home = f"HOME={run._home}".encode()
        if not interrupted:
            list(run)
    assert not [place for place in Path("/proc").glob("[0-9]*") if home in _environment(place)]


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def test_a_script_is_left_alone_unless_it_is_asked_for(
    works: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "tshark"
    script.write_text(f'#!/bin/sh\nexec {find_tshark().path} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "auto")
    assert sandbox_for(str(script)) is None
    assert sandbox_for(find_tshark().path) == works


def test_without_any_way_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shown: Path
) -> None:
    program = find_tshark().path
    monkeypatch.setenv("PCAP_REPORT_TSHARK", program)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    working_sandbox.cache_clear()
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "on")
    with pytest.raises(TsharkError, match="bubblewrap is not installed") as caught:
        analyze(shown)
    assert "--sandbox off" in (caught.value.hint or "")
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "auto")
    assert analyze(shown).capture.packets == 3
    monkeypatch.setenv("PCAP_REPORT_SANDBOX", "perhaps")
    with pytest.raises(UsageError, match="PCAP_REPORT_SANDBOX is perhaps"):
        analyze(shown)
    working_sandbox.cache_clear()


def test_nothing_outlives_us_when_we_are_killed(tmp_path: Path) -> None:
    """A pipe that tshark waits for keeps it busy; it is gone soon after the one that started it."""
    fifo = tmp_path / "pipe.pcap"
    os.mkfifo(fifo)
    mark = f"frame.comment == {str(time.time_ns())!r}"
    code = (
        "import sys; from pcap_report.capture.process import TsharkRun\n"
        f"with TsharkRun({find_tshark().path!r}, ['-n', '-r', {str(fifo)!r}, '-Y', {mark!r}]) as run:\n"
        "    print('begun', flush=True); list(run)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"begun\n"
        for _ in range(600):
            if _running(mark):
                break
            time.sleep(0.05)
        assert _running(mark)
        process.kill()
    for _ in range(600):
        if not _running(mark):
            break
        time.sleep(0.05)
    assert not _running(mark)


def _running(mark: str) -> bool:
    """Tell whether there is a process with this word on its command line."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if mark.encode() in words:
            return True
    return False
