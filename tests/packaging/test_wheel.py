"""What a user installs: built here from a copy of the clone, and opened."""

from __future__ import annotations

import gettext
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import pcap_report

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = 1_750_000_000  # seconds; even, for a ZIP file counts in pairs of them
NOT_SOURCE = shutil.ignore_patterns(
    ".git",
    ".venv",
    "build",
    "dist",
    "node_modules",
    "__pycache__",
    "*.mo",
    ".*_cache",
    ".coverage*",
    ".hypothesis",
)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of a clone in which no catalog is compiled yet."""
    clone = tmp_path_factory.mktemp("clone") / "pcap-report"
    shutil.copytree(ROOT, clone, ignore=NOT_SOURCE)
    output = tmp_path_factory.mktemp("dist")
    _build(clone, output)
    return output


def _build(sources: Path, output: Path, umask: int = -1) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(output)],
        cwd=sources,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(COMMITTED)},
        check=True,
        capture_output=True,
        umask=umask,
    )


@pytest.fixture(scope="session")
def wheel(built: Path) -> zipfile.ZipFile:
    [path] = built.glob("*.whl")
    return zipfile.ZipFile(path)


def _files(folder: Path, pattern: str) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.glob(pattern) if path.is_file()}


def test_the_wheel_carries_every_template(wheel: zipfile.ZipFile) -> None:
    inside = {name.removeprefix("pcap_report/templates/") for name in wheel.namelist()}
    templates = _files(ROOT / "templates", "**/*.j2")
    assert templates
    assert templates <= inside


def test_the_wheel_carries_every_catalog_compiled_and_readable(wheel: zipfile.ZipFile) -> None:
    sources = _files(ROOT, "pcap_report/locale/*/LC_MESSAGES/*.po")
    assert sources
    for source in sources:
        compiled = wheel.read(source.removesuffix(".po") + ".mo")
        assert gettext.GNUTranslations(io.BytesIO(compiled)).info()["content-type"].endswith("utf-8")


def test_the_wheel_carries_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert "pcap_report/py.typed" in names
    assert _files(ROOT, "pcap_report/**/*.py") <= set(names)
    assert {name.split("/")[0] for name in names} == {
        "pcap_report",
        f"pcap_report-{pcap_report.__version__}.dist-info",
    }
    assert [name for name in names if name.endswith((".po", ".pot", ".pyc"))] == []


def test_the_wheel_tells_what_it_is(wheel: zipfile.ZipFile) -> None:
    metadata = wheel.read(f"pcap_report-{pcap_report.__version__}.dist-info/METADATA").decode()
    assert "Requires-Python: >=3.11\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    # The README, which pyproject.toml names.
    assert "Description-Content-Type: text/markdown\n" in metadata


def test_the_sdist_can_build_and_test(built: Path) -> None:
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert {
        "pyproject.toml",
        "hatch_build.py",
        "Makefile",
        "README.md",
        "LICENSE",
        "requirements/dev.txt",
        "tools/ensure-venv",
        "tests/conftest.py",
        "samples/mcp-tls13.pcapng",
    } <= names
    assert _files(ROOT, "templates/**/*.j2") <= names
    assert [name for name in names if "node_modules" in name or name.endswith(".mo")] == []


def test_a_build_from_the_sdist_elsewhere_is_the_same_byte_for_byte(built: Path, tmp_path: Path) -> None:
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        sdist.extractall(tmp_path, filter="data")
    [sources] = tmp_path.iterdir()
    for file in sources.rglob("*"):
        os.utime(file)
    again = tmp_path / "again"
    _build(sources, again, umask=0o077)
    names = sorted(file.name for file in built.iterdir())
    assert len(names) == 2
    assert names == sorted(file.name for file in again.iterdir())
    for name in names:
        assert (built / name).read_bytes() == (again / name).read_bytes(), name


def test_what_is_built_carries_the_time_that_it_was_given(built: Path, wheel: zipfile.ZipFile) -> None:
    given = datetime.fromtimestamp(COMMITTED, UTC)
    assert {entry.date_time for entry in wheel.infolist()} == {given.timetuple()[:6]}
    [path] = built.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        assert {entry.mtime for entry in sdist.getmembers()} == {COMMITTED}


def test_the_command_is_the_cli_s_main() -> None:
    [script] = entry_points(group="console_scripts", name="pcap-report")
    assert script.value == "pcap_report.cli.main:main"
    assert callable(script.load())


@pytest.mark.parametrize("command", [["pcap-report"], ["python", "-m", "pcap_report"]], ids=" ".join)
def test_both_ways_in_answer(command: list[str]) -> None:
    program = Path(sys.executable).with_name(command[0])
    done = subprocess.run([program, *command[1:], "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "analyze" in done.stdout
