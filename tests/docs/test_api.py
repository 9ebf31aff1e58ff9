"""The page on the library: its programs run, and it leaves nothing out."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pcap_report

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PRINTED = (r"51 packets\n0 \S+ \d+\n", r"\d+\.\d+\n", r"(\w+ \d+\n){4,}", r".*README\.md.* 3\n")


@pytest.mark.parametrize(
    ("program", "printed"), list(zip(PROGRAMS, PRINTED, strict=True)), ids=range(len(PRINTED))
)
def test_a_program_runs(program: str, printed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(printed, done.stdout), done.stdout


@pytest.mark.parametrize("field", dataclasses.fields(pcap_report.Options), ids=lambda field: field.name)
def test_every_option_is_there(field: dataclasses.Field[object]) -> None:
    options = PAGE.partition("| option |")[2].partition("\n\n")[0]
    assert f"`{field.name}`" in options


@pytest.mark.parametrize("name", sorted({*pcap_report.__all__} - {"FrameAnatomy", "__version__"}))
def test_every_name_is_there_and_can_be_had(name: str) -> None:
    assert f"`{name}`" in PAGE
    assert getattr(pcap_report, name) is not None
