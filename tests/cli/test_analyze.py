"""``analyze``: captures, standard input and saved reports; languages, choices, dissection."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.cli.conftest import ROOT, Desk

Sample = Callable[[str], Path]
# Any: a report as its readers have it, plain JSON.
Json = Any


def report_of(desk: Desk, *arguments: object, stdin: bytes = b"") -> Json:
    done = desk.run("analyze", *arguments, "-f", "json", stdin=stdin)
    assert (done.status, done.err) == (0, "")
    return json.loads(done.out)


def test_standard_input_is_a_capture_like_any_other(desk: Desk, sample: Sample) -> None:
    piped = report_of(desk, "-", stdin=sample("mcp-tls13").read_bytes())
    assert piped["capture"].pop("file") == "standard input"
    whole = report_of(desk, sample("mcp-tls13"))
    assert whole["capture"].pop("file") == "mcp-tls13.pcapng"
    assert piped == whole


@pytest.mark.parametrize("form", ["md", "json", "text"])
def test_a_saved_report_renders_as_its_capture_does(desk: Desk, sample: Sample, form: str) -> None:
    assert desk.run("analyze", sample("lossy-three-connections"), "-o", "saved.json").status == 0
    of_capture = desk.run("analyze", sample("lossy-three-connections"), "-f", form)
    of_saved = desk.run("analyze", "saved.json", "-f", form)
    assert of_saved.out == of_capture.out
    assert of_saved.status == 0


def test_a_saved_report_comes_through_a_pipe_too(desk: Desk, sample: Sample) -> None:
    saved = desk.run("analyze", sample("http-dns"), "-f", "json").out
    assert desk.run("analyze", "-", "-f", "json", stdin=saved.encode()).out == saved


def test_connections_are_chosen_alike_from_a_capture_and_from_a_saved_report(
    desk: Desk, sample: Sample
) -> None:
    assert desk.run("analyze", sample("lossy-three-connections"), "-o", "saved.json").status == 0
    of_capture = report_of(desk, sample("lossy-three-connections"), "--connection", "1")
    assert [one["id"] for one in of_capture["connections"]] == [1]
    assert of_capture["connections_omitted"] == 2
    assert report_of(desk, "saved.json", "--connection", "1") == of_capture


@pytest.mark.skipif(
    not list(ROOT.glob("pcap_report/locale/es/*/*.mo")), reason="no Spanish catalog: make catalogs"
)
def test_a_saved_report_speaks_another_language(desk: Desk, sample: Sample) -> None:
    english = report_of(desk, sample("mcp-tls13"))
    desk.file("saved.json", json.dumps(english).encode())
    spanish = report_of(desk, "saved.json", "--lang", "es")
    assert spanish == report_of(desk, sample("mcp-tls13"), "--lang", "es")
    texts = [one["text"] for one in spanish["connections"][0]["claims"]]
    assert texts != [one["text"] for one in english["connections"][0]["claims"]]


def test_a_display_filter_limits_what_is_read(desk: Desk, sample: Sample) -> None:
    report = report_of(desk, sample("mcp-tls13"), "-Y", "tcp")
    assert report["capture"]["display_filter"] == "tcp"
    assert report["capture"]["packets"] == 45


def test_a_server_is_named_by_address_or_by_a_name_above_its_own(desk: Desk, sample: Sample) -> None:
    for server in ("203.0.113.20", "mcp.example.net", "example.net"):
        assert len(report_of(desk, sample("mcp-tls13"), "--server", server)["connections"]) == 1


def test_analyzers_that_are_not_asked_for_are_skipped_and_say_so(desk: Desk, sample: Sample) -> None:
    report = report_of(desk, sample("mcp-tls13"), "--analyzers", "tcp_handshake,teardown")
    assert report["connections"][0]["tls_handshake"] is None
    status = {one["analyzer"]: one["status"] for one in report["attempts"]}
    assert (status["teardown"], status["tls_handshake"]) == ("completed", "skipped")


def test_an_analyzer_of_a_file_runs_and_its_failure_is_a_row_and_a_note(desk: Desk, sample: Sample) -> None:
    desk.file(
        "mine.py",
        b"from pcap_report.analyzers.base import ConnectionAnalyzer\n"
        b"class Crash(ConnectionAnalyzer):\n"
        b"    id = 'mine.crash'\n"
        b"    def on_packet(self, packet): raise ValueError('made up')\n"
        b"    def result(self): return None\n",
    )
    done = desk.run("analyze", sample("mcp-tls13"), "--plugin", "mine.py", "-f", "json")
    assert done.status == 0
    assert done.errors == ["pcap-report: note: the analyzer mine.crash failed: ValueError: made up"]
    rows = {one["analyzer"]: one for one in json.loads(done.out)["attempts"]}
    assert rows["mine.crash"]["status"] == "failed"
    assert rows["teardown"]["status"] == "completed"


def test_title_author_course_and_date_stand_in_the_report(desk: Desk, sample: Sample) -> None:
    texts = {"--title": "Lab three", "--author": "Ana", "--course": "Networks", "--date": "1 May"}
    options = [part for pair in texts.items() for part in pair]
    done = desk.run("analyze", sample("mcp-tls13"), *options)
    assert done.out.splitlines()[0].startswith("# ")
    assert "Lab three" in done.out.splitlines()[0]
    for text in ("Ana", "Networks", "1 May"):
        assert text in done.out


def test_dissected_frames_stand_in_the_report_with_their_connection(desk: Desk, sample: Sample) -> None:
    report = report_of(desk, sample("lossy-three-connections"), "--dissect", "61", "--dissect", "3")
    dissected = [one for one in report["anatomy"] if one["role"] == "dissected"]
    assert [(one["frame"], one["connection"]) for one in dissected] == [(3, None), (61, 1)]
    text = desk.run("analyze", sample("lossy-three-connections"), "--dissect", "61", "-f", "text").out
    assert "tcp.analysis.duplicate_ack_frame: 54" in text


def test_a_file_name_that_is_not_utf8(desk: Desk, sample: Sample) -> None:
    path = desk.folder / "cap\udcff\x1b[31m.pcapng"
    path.write_bytes(sample("mcp-tls13").read_bytes())
    for form in ("json", "md", "text"):
        done = desk.run("analyze", path, "-f", form)
        assert done.status == 0, done.err
        assert "\x1b" not in done.out
    assert report_of(desk, path)["capture"]["file"] == "cap\\xff\x1b[31m.pcapng"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with a name")
def test_a_pipe_is_read_once(desk: Desk, sample: Sample) -> None:
    pipe = desk.folder / "capture.pipe"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(sample("mcp-tls13").read_bytes(),), daemon=True)
    writer.start()
    piped = report_of(desk, pipe)
    writer.join()
    assert piped["capture"].pop("file") == "capture.pipe"
    whole = report_of(desk, sample("mcp-tls13"))
    del whole["capture"]["file"]
    assert piped == whole
