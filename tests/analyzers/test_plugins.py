"""Analyzers from elsewhere: files and installed packages, and what is wrong with them."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from textwrap import dedent

import pytest

from pcap_report.additions import ENTRY_POINT_GROUP, additions
from pcap_report.analyzers import plugins
from pcap_report.analyzers.plugins import analyzers_in_file, available_analyzers, installed_analyzers
from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.compiled import documentation
from pcap_report.errors import UsageError

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "mcp-tls13.pcapng"

_GOOD = """
    from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer

    class Base(ConnectionAnalyzer[int]):
        id = "abstract"

    class Own(Base):
        id = "own"

        def on_packet(self, packet):
            pass

        def result(self):
            return None
"""

_CAPTURE = _GOOD.replace("Base(ConnectionAnalyzer[int])", "Base(CaptureAnalyzer[int])")


def written(folder: Path, source: str) -> Path:
    path = folder / "own.py"
    path.write_text(dedent(source))
    return path


def registered(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """Pretend that an installed package registers an analyzer."""
    entry = EntryPoint("elsewhere", value, ENTRY_POINT_GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda *, group: [entry] if group == entry.group else [])


def test_a_file(tmp_path: Path) -> None:
    path = written(tmp_path, _GOOD)
    assert [kind.id for kind in analyzers_in_file(path)] == ["own"]
    assert [kind.id for kind in available_analyzers((path,))] == [*(kind.id for kind in BUILT_IN), "own"]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("x = 1", "defines no analyzer"),
        ("from pcap_report.analyzers.teardown import TeardownAnalyzer", "defines no analyzer"),
        ("raise RuntimeError('own fault')", "does not run: RuntimeError: own fault"),
        ("def broken(:", "does not run: SyntaxError"),
        ("import no_such_module", "does not run: ModuleNotFoundError"),
        (_GOOD.replace('id = "own"', 'id = ""'), "is no analyzer with an id"),
        (_GOOD.replace('"abstract"', '""').replace('id = "own"', "pass"), "is no analyzer with an id"),
        (_GOOD.replace('"own"', '"teardown"'), "Two analyzers have the id teardown"),
        (_GOOD.replace('"own"', '"steps"'), "cannot have the id steps"),
        (_GOOD.replace('"own"', '"findings"'), "cannot have the id findings"),
        (_GOOD.replace('id = "own"', "id = 7"), "is no analyzer with an id"),
        (
            _GOOD.replace("def result", "def results"),
            "defines no analyzer: Own is none yet, .* define result",
        ),
        (
            _GOOD.replace('id = "own"', 'id = "own"; fields = "tcp.port"'),
            "own of own.py .* fields are no tuple",
        ),
        (_GOOD.replace('id = "own"', 'id = "own"; fields = (7,)'), "own of own.py .* fields are no tuple"),
        (
            _GOOD.replace('id = "own"', 'id = "own"; heading = "Own"'),
            "own of own.py .* heading is no message",
        ),
        (_GOOD.replace('id = "own"', 'id = "own"; section = None'), "own of own.py .* section is no text"),
        (_GOOD.replace('id = "own"', 'id = "own"; catalogs = 1'), "own of own.py .* catalogs is no text"),
        (_GOOD.replace('id = "own"', 'id = "own"; transports = "tcp"'), "own of own.py .* dtls, quic, tcp"),
        (
            _GOOD.replace('id = "own"', 'id = "own"; transports = {"sctp"}'),
            "own of own.py .* dtls, quic, tcp",
        ),
        (_CAPTURE, "own of own.py cannot be used: it does not define protocols"),
        (_CAPTURE.replace('id = "own"', 'id = "own"; protocols = ("arp",)'), "protocols are no set"),
        (_CAPTURE.replace('id = "own"', 'id = "own"; protocols = "arp"'), "protocols are no set"),
        (_CAPTURE.replace('id = "own"', 'id = "own"; protocols = {b"arp"}'), "protocols are no set"),
    ],
)
def test_a_file_that_is_no_plugin(tmp_path: Path, source: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        available_analyzers((written(tmp_path, source),))


def test_a_set_of_protocols_is_enough(tmp_path: Path) -> None:
    path = written(tmp_path, _CAPTURE.replace('id = "own"', 'id = "own"; protocols = {"arp"}'))
    assert [kind.id for kind in analyzers_in_file(path)] == ["own"]


def test_the_command_names_the_plugin_and_ends_as_for_a_wrong_argument(tmp_path: Path) -> None:
    plugin = written(tmp_path, _CAPTURE)
    command = [sys.executable, "-m", "pcap_report", "analyze", str(SAMPLE), "--plugin", str(plugin)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "The analyzer own of own.py cannot be used: it does not define protocols" in " ".join(
        done.stderr.split()
    )


@pytest.mark.parametrize("name", ["missing.py", "notes.txt", "."])
def test_what_is_no_python_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UsageError, match="There is no Python file"):
        analyzers_in_file(tmp_path / name)


def test_the_same_file_twice(tmp_path: Path) -> None:
    path = written(tmp_path, _GOOD)
    with pytest.raises(UsageError, match="Two analyzers have the id own"):
        available_analyzers((path, path))


def test_a_file_with_a_dataclass(tmp_path: Path) -> None:
    """They look their own module up among those that are loaded."""
    record = """
    from __future__ import annotations
    from dataclasses import dataclass, KW_ONLY

    @dataclass
    class Record:
        _: KW_ONLY
        count: int
"""
    assert analyzers_in_file(written(tmp_path, record + _GOOD))


def test_what_a_file_brings_is_known_by_its_id(tmp_path: Path) -> None:
    path = written(tmp_path, _GOOD.replace('id = "own"', 'id = "own.part"; section = "part.md.j2"'))
    analyzers_in_file(path)
    brought = additions()["own.part"]
    assert (brought.section, brought.catalogs, brought.heading) == (tmp_path / "part.md.j2", None, None)


def test_an_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, "pcap_report.analyzers.teardown:TeardownAnalyzer")
    assert [kind.id for kind in installed_analyzers()] == ["teardown"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_module:Own", "elsewhere of an installed package cannot be loaded"),
        ("pcap_report.analyzers.teardown:Nothing", "elsewhere of an installed package cannot be loaded"),
        ("pcap_report.model.packet:Packet", "elsewhere is no analyzer with an id"),
    ],
)
def test_an_installed_package_that_is_broken(
    monkeypatch: pytest.MonkeyPatch, value: str, reason: str
) -> None:
    registered(monkeypatch, value)
    with pytest.raises(UsageError, match=reason):
        available_analyzers()


def test_built_in_ids_are_words_and_have_a_description() -> None:
    for kind in BUILT_IN:
        assert kind.id.replace("_", "").replace(".", "").isalnum()
        described = documentation(kind.__module__, kind.__name__)
        assert described
        base = kind.__mro__[1]
        assert described != documentation(base.__module__, base.__name__)
