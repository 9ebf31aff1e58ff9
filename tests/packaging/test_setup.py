"""The set-up scripts on machines that are not this one: a search path with only what such a machine has."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the set-up scripts are for bash")


@dataclass(frozen=True)
class Machine:
    """What is on the search path: pretended programs that note their calls, then links to a few real ones.

    Each kind has its own folder: written over a link, a pretended program would end up in the system.
    """

    pretended: Path
    real: Path
    log: Path

    def has(self, name: str, *, prints: str = "", exits: int = 0) -> None:
        """Add a program that does nothing but this."""
        self._add(
            name,
            f"""echo "{name} $*" >>"{self.log}"
            [ "{name}" != debconf-set-selections ] || cat >>"{self.log}"
            printf '%s' '{prints}'
            exit {exits}
            """,
        )

    def has_python(self, version: str) -> None:
        """Add an interpreter that tells its version and fails at whatever it is asked to run."""
        self._add("python3", f'[ "$1" = --version ] && echo "{version}"\n')

    def _add(self, name: str, script: str) -> None:
        path = self.pretended / name
        path.unlink(missing_ok=True)
        with path.open("x", encoding="utf-8") as program:
            program.write(f"#!/bin/bash\n{script}")
        path.chmod(0o755)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run one of the project's tools with nothing on the search path but our programs."""
        return subprocess.run(
            ["bash", ROOT / "tools" / script],
            env={"PATH": f"{self.pretended}:{self.real}", **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        """What was called, in order, with what debconf was told."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    pretended, real = tmp_path / "pretended", tmp_path / "real"
    pretended.mkdir()
    real.mkdir()
    for name in ("bash", "cat", "dirname", "env", "grep"):
        program = shutil.which(name)
        assert program
        (real / name).symlink_to(program)
    return Machine(pretended, real, tmp_path / "calls")


@pytest.fixture
def debian(machine: Machine) -> Machine:
    """A machine without tshark, and root at its keyboard."""
    machine.has("id", prints="0")
    machine.has("apt-get")
    machine.has("dpkg-query", exits=1)
    machine.has("debconf-set-selections")
    return machine


def test_nothing_is_done_where_tshark_is(debian: Machine) -> None:
    debian.has("tshark")
    assert debian.run("ensure-tshark").returncode == 0
    assert debian.calls == []


def test_debian_installs_without_questions_and_without_the_right_to_capture(debian: Machine) -> None:
    debian.has("env")  # pretended too, to see what apt-get is given
    assert debian.run("ensure-tshark").returncode == 0
    told = debian.calls.index("wireshark-common wireshark-common/install-setuid boolean false")
    [installs] = [call for call in debian.calls if call.endswith(" tshark")]
    assert "DEBIAN_FRONTEND=noninteractive apt-get install -y" in installs
    assert "--no-install-recommends" in installs
    assert told < debian.calls.index(installs)


def test_an_answer_given_before_is_kept(debian: Machine) -> None:
    debian.has("dpkg-query", prints="installed\n")
    assert debian.run("ensure-tshark").returncode == 0
    assert not [call for call in debian.calls if "install-setuid" in call]


def test_an_ordinary_user_without_sudo_learns_what_root_has_to_type(debian: Machine) -> None:
    debian.has("id", prints="1000")
    done = debian.run("ensure-tshark")
    assert done.returncode != 0
    assert "As root, run: " in done.stderr
    assert not [call for call in debian.calls if call.startswith("apt-get")]


def test_sudo_never_asks_a_script_for_a_password(debian: Machine) -> None:
    debian.has("id", prints="1000")
    debian.has("sudo", exits=1)
    done = debian.run("ensure-tshark")
    assert done.returncode != 0
    assert [call.split()[1] for call in debian.calls if call.startswith("sudo")] == ["-n"]
    assert "Run: sudo " in done.stderr


@pytest.mark.parametrize(
    ("system", "manager", "advice"),
    [
        ("Darwin", "brew", "brew install wireshark"),
        ("Linux", "dnf", "sudo dnf install wireshark-cli"),
        ("MINGW64_NT-10.0", "winget", "winget install WiresharkFoundation.Wireshark"),
        ("FreeBSD", "pkg", "your system's package manager"),
    ],
)
def test_elsewhere_it_says_what_to_install_and_stops(
    machine: Machine, system: str, manager: str, advice: str
) -> None:
    machine.has("uname", prints=system)
    machine.has(manager)
    done = machine.run("ensure-tshark")
    assert done.returncode != 0
    assert advice in done.stderr
    assert not [call for call in machine.calls if call.startswith(manager)]


@pytest.mark.parametrize("answer", ["Python 3.10.12", "missing"])
def test_an_old_python_is_named_with_what_to_do(debian: Machine, answer: str) -> None:
    if answer != "missing":
        debian.has_python(answer)
    done = debian.run("ensure-venv", PYTHON="python3")
    assert done.returncode != 0
    assert f"here python3 is {answer}." in done.stderr
    assert "make test PYTHON=" in done.stderr
