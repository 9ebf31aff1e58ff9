"""A user's program is checked against the types that the wheel brings (PEP 561), not against the clone."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
WRONG = """\
import pcap_report

report = pcap_report.analyze(1)
packets: str = report.capture.packets
print(report.no_such_attribute)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel in it; what it depends on comes from ours."""
    away = tmp_path_factory.mktemp("away")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(away)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    venv.create(away / "venv", symlinks=True)
    [packages] = (away / "venv" / "lib").glob("python*/site-packages")
    [wheel] = away.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return away / "venv" / "bin" / "python"


def _mypy(python: Path, folder: Path) -> list[str]:
    """Return what mypy says of the programs in a folder."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--config-file=",
        "--cache-dir",
    ]
    done = subprocess.run(
        [*command, str(python.parents[1] / "cache"), "--python-executable", str(python), "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def test_it_is_the_wheel_that_is_looked_at(python: Path) -> None:
    asks = [str(python), "-c", "import pcap_report; print(pcap_report.__file__)"]
    where = subprocess.check_output(asks, cwd=python.parent, text=True)
    assert Path(where).is_relative_to(python.parents[1])


def test_the_programs_of_the_page_are_strictly_typed_and_a_wrong_one_is_found(
    python: Path, tmp_path: Path
) -> None:
    assert len(PROGRAMS) >= 4
    for number, program in enumerate(PROGRAMS):
        (tmp_path / f"program{number}.py").write_text(program, encoding="utf-8")
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    said = _mypy(python, tmp_path)
    assert [re.sub(r".*wrong\.py:(\d+): error: .*\[([a-z-]+)\]", r"\1 \2", line) for line in said] == [
        "3 arg-type",
        "4 assignment",
        "5 attr-defined",
    ]
