"""A batch of real captures: reports, index, tables; failures are listed, nothing is made a second time."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PROGRAM, SAMPLES, Desk, desk

__all__ = ["desk"]  # a fixture

HOSTILE = '"><img src=x onerror=alert(1)>\u202e.pcapng'


def captures(folder: Path, *names: str) -> None:
    """Copy samples to a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        shutil.copy(SAMPLES / f"{name}.pcapng", folder)


def index_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "index.json").read_bytes())
    return found


def stamps(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (folder / "reports").iterdir()}


def test_a_report_each_and_the_worst_first(desk: Desk) -> None:
    captures(desk.folder / "in" / "deep", "http-dns", "lossy-three-connections")
    captures(desk.folder / "in", "refused-and-unanswered")
    (desk.folder / "in" / "notes.txt").write_text("no capture, and nobody said so")
    (desk.folder / "in" / "bad.pcap").write_text("no capture, and called like one")
    done = desk.run("batch", "in", "-o", "out", "--workers", 2)
    assert done.status == 0
    assert done.out.startswith("reports made: 3, as they were: 0, captures that failed: 1; ")
    index = index_of(desk.folder / "out")
    counts = [entry["summary"]["findings"] for entry in index["captures"]]
    graveness = [(-one["high"], -one["medium"], -one["low"]) for one in counts]
    assert graveness == sorted(graveness)
    assert len(set(graveness)) > 1
    assert {entry["path"] for entry in index["captures"]} == {
        "in/deep/http-dns.pcapng",
        "in/deep/lossy-three-connections.pcapng",
        "in/refused-and-unanswered.pcapng",
    }
    (failure,) = index["failures"]
    assert (failure["path"], failure["exit_code"]) == ("in/bad.pcap", 3)
    assert "in/bad.pcap is not a packet capture" in done.err
    for entry in index["captures"]:
        assert (desk.folder / "out" / "reports" / entry["summary"]["report"]).stat().st_size > 10_000


def test_a_report_is_what_analyze_writes(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    desk.run("batch", "in", "-o", "out", "-f", "md", "--lang", "es", "--profile", "triage")
    (entry,) = index_of(desk.folder / "out")["captures"]
    reports = desk.folder / "out" / "reports"
    wanted = ["analyze", "in/http-dns.pcapng", "--lang", "es"]
    desk.run(*wanted, "--profile", "triage", "-o", "alone.md")
    desk.run(*wanted, "-o", "alone.json")
    assert (reports / entry["summary"]["report"]).read_bytes() == (desk.folder / "alone.md").read_bytes()
    assert (reports / entry["summary"]["json_report"]).read_bytes() == (
        desk.folder / "alone.json"
    ).read_bytes()


def test_a_second_run_makes_only_what_is_new_or_changed(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns", "mcp-tls13")
    desk.run("batch", "in", "-o", "out", "-f", "json")
    before = stamps(desk.folder / "out")
    captures(desk.folder / "in", "refused-and-unanswered")
    shutil.copy(SAMPLES / "tls12-chain.pcapng", desk.folder / "in" / "mcp-tls13.pcapng")
    done = desk.run("batch", "in", "-o", "out", "-f", "json")
    assert "reports made: 2, as they were: 1" in done.out
    after = stamps(desk.folder / "out")
    assert {name: after[name] for name in before} == before
    assert len(index_of(desk.folder / "out")["captures"]) == 3
    again = desk.run("batch", "in", "-o", "out", "-f", "json", "--lang", "es")
    assert "reports made: 3, as they were: 0" in again.out


def test_a_report_that_is_gone_is_made_again(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    desk.run("batch", "in", "-o", "out")
    (entry,) = index_of(desk.folder / "out")["captures"]
    report = desk.folder / "out" / "reports" / entry["summary"]["report"]
    report.unlink()
    assert "reports made: 1" in desk.run("batch", "in", "-o", "out").out
    assert report.exists()


def test_one_capture_under_two_paths_is_read_once(desk: Desk) -> None:
    captures(desk.folder / "in" / "one", "http-dns")
    captures(desk.folder / "in" / "two", "http-dns")
    done = desk.run("batch", "in/one", "in/two", "in/*/*.pcapng", "-o", "out", "-f", "json")
    assert "reports made: 1, as they were: 0" in done.out
    entries = index_of(desk.folder / "out")["captures"]
    assert [entry["path"] for entry in entries] == ["in/one/http-dns.pcapng", "in/two/http-dns.pcapng"]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such file names there")
def test_hostile_file_names_do_nothing_in_the_index(desk: Desk) -> None:
    (desk.folder / "in").mkdir()
    shutil.copy(SAMPLES / "http-dns.pcapng", desk.folder / "in" / HOSTILE)
    (desk.folder / "in" / ("<script>x</script>\x1b[2J.pcap".replace("/", "⁄"))).write_text("no capture")  # noqa: RUF001
    (desk.folder / "in" / os.fsdecode(b"\xff\xfe.pcap")).write_text("no capture either")
    done = desk.run("batch", "in", "-o", "out")
    assert done.status == 0
    assert "\x1b" not in done.err + done.out
    page = (desk.folder / "out" / "index.html").read_text("utf-8")
    elements = _Elements()
    elements.feed(page)
    assert elements.tags.isdisjoint({"img", "script"})
    assert "\u202e" not in page
    (link,) = elements.links
    assert (desk.folder / "out" / link).is_file()
    assert len(index_of(desk.folder / "out")["failures"]) == 2


def test_the_page_speaks_the_language(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    desk.run("batch", "in", "-o", "out", "--lang", "es")
    page = (desk.folder / "out" / "index.html").read_text("utf-8")
    assert '<html lang="es">' in page
    assert "Captures and their reports" not in page


def test_the_tables_hold_what_the_reports_hold(desk: Desk) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    captures(desk.folder / "in", "http-dns", "lossy-three-connections")
    desk.run("batch", "in", "-o", "out", "-f", "json")
    out = desk.folder / "out"
    paths = [out / "reports" / entry["summary"]["report"] for entry in index_of(out)["captures"]]
    reports = [json.loads(path.read_bytes()) for path in paths]
    rows = {name: parquet.read_table(out / name).to_pylist() for name in index_of(out)["tables"]}
    assert [row["community_id"] for row in rows["tables/connections.parquet"]] == [
        one["community_id"] for report in reports for one in report["connections"]
    ]
    assert [row["summary"] for row in rows["tables/findings.parquet"]] == [
        one["summary"] for report in reports for one in report["findings"]
    ]
    assert [(row["name"], row["answers"]) for row in rows["tables/dns.parquet"]] == [
        (one["name"], one["answers"]) for report in reports for one in report["dns"]
    ]
    claims = [
        one
        for report in reports
        for one in [*report["claims"], *(one for c in report["connections"] for one in c["claims"])]
    ]
    assert [row["text"] for row in rows["tables/claims.parquet"]] == [one["text"] for one in claims]
    assert claims


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, list[dict[str, Any]]]]:
    """Return the tables of a batch, each as a file and as the rows that pyarrow reads of it."""
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pip install 'pcap-report[tables]'")
    folder = tmp_path_factory.mktemp("tables")
    captures(folder / "in", "http-dns", "lossy-three-connections")
    command = [str(PROGRAM), "batch", str(folder / "in"), "-o", str(folder / "out"), "-f", "json", "--quiet"]
    subprocess.run(command, check=True, timeout=300)
    paths = [folder / "out" / name for name in index_of(folder / "out")["tables"]]
    return {path.name: (path, parquet.read_table(path).to_pylist()) for path in paths}


@pytest.mark.parametrize("reader", ["duckdb", "polars", "pandas"])
def test_others_read_the_tables(tables: dict[str, tuple[Path, list[dict[str, Any]]]], reader: str) -> None:
    module = pytest.importorskip(reader, reason=f"needs pip install {reader}")
    assert any(rows for _, rows in tables.values())
    for path, rows in tables.values():
        if reader == "duckdb":
            found = module.sql(f"SELECT * FROM read_parquet('{path}')")  # noqa: S608 - a path of ours
            columns, first = found.columns, [row[0] for row in found.fetchall()]
        else:
            frame = module.read_parquet(path)
            columns, first = list(frame.columns), list(frame["sha256"])
        assert first == [row["sha256"] for row in rows], path.name
        assert columns[:2] == ["sha256", "file"]
        assert not rows or columns == list(rows[0]), path.name


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nothing.pcap"], 2, "There is no file"),
        (["*.pcap"], 2, "Nothing matches"),
        (["empty"], 2, "no capture"),
        (["text.pcap"], 3, "not a packet capture"),
    ],
)
def test_without_a_single_report(desk: Desk, arguments: list[str], status: int, words: str) -> None:
    (desk.folder / "empty").mkdir()
    if arguments == ["text.pcap"]:
        desk.file("text.pcap", b"hello")
    done = desk.run("batch", *arguments, "-o", "out")
    assert done.status == status
    assert words in done.err


def _slow_tshark(desk: Desk, real_tshark: str) -> None:
    desk.tshark_is(
        f'case "$1" in\n--version|-G) exec {real_tshark} "$@" ;;\nesac\n'
        f'case "$*" in\n*mcp-tls13*) sleep 300 ;;\nesac\nexec {real_tshark} "$@"\n'
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupt_loses_nothing_and_leaves_nothing(desk: Desk, number: signal.Signals) -> None:
    real = shutil.which("tshark")
    assert real
    _slow_tshark(desk, real)
    captures(desk.folder / "in", "http-dns", "mcp-tls13")
    out = desk.folder / "out"
    process = subprocess.Popen(
        [PROGRAM, "batch", "in", "-o", "out", "-f", "json", "--workers", "2"],
        cwd=desk.folder,
        env=desk.environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    digest = hashlib.sha256((SAMPLES / "http-dns.pcapng").read_bytes()).hexdigest()[:16]
    deadline = time.monotonic() + 60
    kept = out / "reports" / f"http-dns.pcapng-{digest}.summary.json"
    while not (kept.exists() and _of_this_test(desk, b"mcp-tls13")) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert kept.exists()
    assert _of_this_test(desk, b"mcp-tls13")
    process.send_signal(number)
    assert process.wait(timeout=30) == (130 if number is signal.SIGINT else 143)
    deadline = time.monotonic() + 10
    while _of_this_test(desk) and time.monotonic() < deadline:
        time.sleep(0.05)  # the process that starts others ends when it sees that we are gone
    assert _of_this_test(desk) == []
    assert not list(out.rglob("*.part"))
    assert not list(desk.folder.parent.glob("pcap-report-*"))
    before = stamps(out)
    del desk.environment["PCAP_REPORT_TSHARK"]
    done = desk.run("batch", "in", "-o", "out", "-f", "json", "--workers", "2")
    assert "reports made: 1, as they were: 1" in done.out
    assert {name: stamps(out)[name] for name in before} == before


def _of_this_test(desk: Desk, words: bytes = b"") -> list[bytes]:
    """Return the processes of this test, as Linux tells them: each has its TMPDIR, or one below it."""
    found = []
    mark = f"TMPDIR={desk.environment['TMPDIR']}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            if any(one.startswith(mark) for one in environment):
                line = (folder / "cmdline").read_bytes()
                if words in line and line:
                    found.append(line)
        except OSError:
            continue
    return found
