"""The package of the plugin tutorial, installed for real where nothing else is, and used in every way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
EXAMPLE: Final = ROOT / "examples" / "mqtt"
CAPTURE: Final = EXAMPLE / "samples" / "mqtt.pcap"
ANALYZER: Final = EXAMPLE / "pcap_report_mqtt" / "analyzer.py"
NAME: Final = "example.mqtt"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the layout of a POSIX environment")


def run(*command: str | Path, folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, nothing compiled in it."""
    copy = tmp_path_factory.mktemp("source") / "mqtt"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__", ".pytest_cache"))
    return copy


@pytest.fixture(scope="session")
def python(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment: pcap-report and what it needs from ours, the example from pip."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    libraries = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    ours = sysconfig.get_path("purelib")
    Path(libraries, "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n", encoding="utf-8")
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
    run(*pip, "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check", source)
    return python


def pcap_report(python: Path, *arguments: str | Path) -> str:
    return run(python, "-m", "pcap_report", *arguments)


def test_our_own_environment_does_not_have_it() -> None:
    assert NAME not in pcap_report(Path(sys.executable), "analyzers")


def test_it_is_listed_with_its_question_and_fields(python: Path) -> None:
    [row] = [one for one in json.loads(pcap_report(python, "analyzers", "-f", "json")) if one["id"] == NAME]
    assert row["question"].startswith("What is said over MQTT")
    assert "mqtt.topic" in row["fields"]


def test_its_own_tests_pass(python: Path, source: Path) -> None:
    assert "3 passed" in run(
        python, "-m", "pytest", "-q", "-p", "no:cacheprovider", source / "tests", folder=source
    )


@pytest.fixture(scope="session")
def saved(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the capture, saved."""
    report = tmp_path_factory.mktemp("saved") / "report.json"
    pcap_report(python, "analyze", CAPTURE, "-o", report)
    return report


@pytest.fixture(scope="session")
def told(python: Path, saved: Path) -> dict[str, str]:
    """The report in every format and language, all written by one process of that environment."""
    script = """
import sys, pathlib
from pcap_report.cli.main import run
saved = pathlib.Path(sys.argv[1])
for form in ("md", "html", "text", "json"):
    for language in ("en", "es", "zh"):
        out = saved.with_name(f"{form}.{language}")
        arguments = ["analyze", saved, "--connection", 1, "-f", form, "--lang", language, "-o", out]
        assert run([str(one) for one in arguments]) == 0
"""
    run(python, "-c", script, saved)
    return {one.name: one.read_text(encoding="utf-8") for one in saved.parent.iterdir() if one != saved}


def test_it_speaks_in_every_format(told: dict[str, str]) -> None:
    assert len(told) == 12
    for text in told.values():
        assert "PUBLISH" in text
        assert "lab/temperature" in text


@pytest.mark.parametrize(
    ("language", "sentence", "head"),
    [
        ("en", "asks the broker for a session", "| Topic |"),
        ("es", "pide una sesión al bróker", "| Tema |"),
        ("zh", "请求建立会话", "| 主题 |"),
    ],
)
def test_it_speaks_every_language(told: dict[str, str], language: str, sentence: str, head: str) -> None:
    assert [form for form in ("md", "html", "json") if sentence in told[f"{form}.{language}"]] == [
        "md",
        "html",
        "json",
    ]
    markdown = told[f"md.{language}"]
    assert "\n## 10. MQTT\n" in markdown
    assert head in markdown
    assert "PUBLISH lab/temperature" in markdown.partition("```mermaid")[2], "the diagram has its steps"
    assert "PUBLISH lab/temperature" in told[f"text.{language}"], "and so has the ladder"


def test_its_statements_are_proved(python: Path, saved: Path) -> None:
    verdicts = json.loads(pcap_report(python, "verify", saved, CAPTURE, "-f", "json"))
    own = [one for one in verdicts["statements"] if one["id"].startswith(NAME)]
    assert len(own) >= 10
    assert {one["verdict"] for one in own} == {"proved"}


def test_a_saved_report_is_the_same_as_a_new_one(python: Path, told: dict[str, str]) -> None:
    new = pcap_report(python, "analyze", CAPTURE, "--connection", "1", "-f", "md", "--lang", "es")
    assert told["md.es"] == new


def test_without_the_package_a_saved_report_still_tells_its_statements(saved: Path) -> None:
    again = pcap_report(Path(sys.executable), "analyze", saved, "--connection", "1", "-f", "md")
    assert "The client `sensor-1` asks the broker for a session." in again.partition("What else was found")[2]


def test_one_file_does_too() -> None:
    told = pcap_report(Path(sys.executable), "analyze", CAPTURE, "--plugin", ANALYZER, "-f", "md")
    assert ". MQTT\n" in told
    assert "| Topic |" in told


def test_an_error_in_it_is_a_row_of_the_report(tmp_path: Path) -> None:
    copy = tmp_path / "pcap_report_mqtt"
    shutil.copytree(ANALYZER.parent, copy)
    broken = ANALYZER.read_text(encoding="utf-8").replace(
        'types = packet.numbers("mqtt.msgtype")', "raise KeyError('mine')"
    )
    (copy / "analyzer.py").write_text(broken, encoding="utf-8")
    told = pcap_report(
        Path(sys.executable), "analyze", CAPTURE, "--plugin", copy / "analyzer.py", "-f", "json"
    )
    report = json.loads(told)
    [attempt] = [one for one in report["attempts"] if one["analyzer"] == NAME]
    assert attempt == {"analyzer": NAME, "status": "failed", "message": "KeyError: 'mine'"}
    assert len(report["connections"]) == 5


def test_an_error_in_its_template_is_said_in_its_place(tmp_path: Path) -> None:
    copy = tmp_path / "pcap_report_mqtt"
    shutil.copytree(ANALYZER.parent, copy)
    (copy / "section.md.j2").write_text("{{ record.nothing.at_all }}", encoding="utf-8")
    told = pcap_report(Path(sys.executable), "analyze", CAPTURE, "--plugin", copy / "analyzer.py", "-f", "md")
    assert "The part of `example.mqtt` failed: `UndefinedError" in told
    assert ". Conclusions" in told
