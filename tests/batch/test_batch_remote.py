"""Captures and reports behind URLs: a real S3 server on loopback, asked through s3fs; and fsspec's memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

from pcap_report.batch.captures import Capture, at_hand, find_captures
from pcap_report.batch.places import place_of, write
from pcap_report.batch.remote import is_url, local_text, shown_url
from pcap_report.errors import UsageError
from tests.batch.test_batch import captures
from tests.batch.test_batch_killed import content, left_lying
from tests.cli.conftest import SAMPLES, Desk, desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["desk"]  # a fixture

fsspec = pytest.importorskip("fsspec", reason="needs pip install 'pcap-report[remote]'")
_SERVER = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer("127.0.0.1", 0)
server.start()
print("port", server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """Run an S3 server in a process of its own and return its address."""
    pytest.importorskip("moto.server", reason="needs pip install 'moto[s3]' flask flask-cors")
    pytest.importorskip("s3fs", reason="needs pip install 'pcap-report[remote]'")
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        line = next(line for line in process.stdout if line.startswith(b"port "))
        yield f"http://127.0.0.1:{int(line.split()[1])}"
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


@pytest.fixture
def bucket(desk: Desk, store: str) -> str:
    """Return the name of an empty bucket; the desk's environment leads to it."""
    name = f"bucket-{time.monotonic_ns()}"
    desk.environment.update(
        AWS_ACCESS_KEY_ID="anybody",
        AWS_SECRET_ACCESS_KEY="anything",  # noqa: S106 - moto takes any
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=store,
        PYTHONWARNINGS="default",  # botocore's are not ours to mend
    )
    for name_of_one in ("AWS_CA_BUNDLE", "AWS_PROFILE", "HTTP_PROXY", "http_proxy"):
        desk.environment.pop(name_of_one, None)
    _put(f"{store}/{name}")
    return name


def _put(url: str, body: bytes = b"") -> None:
    _ask(url, "PUT", body)


def _get(url: str) -> bytes:
    return _ask(url, "GET")


def _ask(url: str, method: str, body: bytes | None = None) -> bytes:
    """Ask the server; it takes any signature, and a form, urllib's usual type, apart."""
    headers = {
        "Authorization": "AWS4-HMAC-SHA256 Credential=anybody/20260101/us-east-1/s3/aws4_request",
        "Content-Type": "application/octet-stream",
    }
    request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 - loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60) as answer:
        read: bytes = answer.read()
        return read


def test_captures_and_reports_in_a_bucket(desk: Desk, store: str, bucket: str) -> None:
    captures(desk.folder / "in", "http-dns", "refused-and-unanswered")
    for path in (desk.folder / "in").iterdir():
        _put(f"{store}/{bucket}/deep/in/{path.name}", path.read_bytes())
    _put(f"{store}/{bucket}/deep/in/bad.pcap", b"no capture")
    _put(f"{store}/{bucket}/deep/in/notes.txt", b"nothing")
    url = f"s3://{bucket}/deep"
    done = desk.run("batch", url, "-o", f"{url}/out", "-f", "json")
    assert done.status == 0, done.err
    assert "reports made: 2, as they were: 0, captures that failed: 1" in done.out
    assert left_lying(desk) == []
    desk.run("batch", "in", "-o", "here", "-f", "json")
    index = json.loads(_get(f"{store}/{bucket}/deep/out/index.json"))
    here = json.loads((desk.folder / "here" / "index.json").read_bytes())
    assert [one["summary"] for one in index["captures"]] == [one["summary"] for one in here["captures"]]
    assert {one["path"] for one in index["captures"]} == {
        f"{url}/in/http-dns.pcapng",
        f"{url}/in/refused-and-unanswered.pcapng",
    }
    assert [one["path"] for one in index["failures"]] == [f"{url}/in/bad.pcap"]
    local = content(desk.folder / "here")
    for name in [*index["tables"], *(one for one in local if one.startswith("reports/"))]:
        assert _get(f"{store}/{bucket}/deep/out/{name}") == local[name], name
    _put(
        f"{store}/{bucket}/deep/in/refused-and-unanswered.pcapng",
        (SAMPLES / "tls12-chain.pcapng").read_bytes(),
    )
    again = desk.run("batch", f"{url}/in/*.pcapng", "-o", f"{url}/out", "-f", "json")
    assert "reports made: 1, as they were: 1, captures that failed: 0" in again.out, again.err


def test_what_is_not_there_is_said_in_two_lines(desk: Desk, bucket: str) -> None:
    done = desk.run("batch", f"s3://{bucket}/nothing.pcap", "-o", "out")
    assert (done.status, len(done.errors) <= 2) == (2, True), done.err
    assert f"There is no file s3://{bucket}/nothing.pcap" in done.err


def test_a_capture_from_elsewhere_is_gone_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/gone/a.pcap", b"content")
    memory.pipe_file("/gone/out/reports/b.pcap", b"no")
    (capture,) = find_captures(["memory://gone"], "memory://gone/out")
    assert capture == Capture("memory://gone/a.pcap", 7, is_remote=True, stamp=capture.stamp)
    assert capture.stamp
    with pytest.raises(ValueError, match="on purpose"), at_hand(capture) as path:
        assert path.read_bytes() == b"content"
        raise ValueError("on purpose")
    assert list(tmp_path.iterdir()) == []
    memory.rm("/gone", recursive=True)
    with pytest.raises(UsageError, match=r"There is no file memory://gone/a.pcap"), at_hand(capture):
        pass


def test_a_place_elsewhere_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    place = place_of("memory://place/")
    place.begin("reports")
    assert place.names("reports") == frozenset()
    write(place, "reports/one.json", "{}")
    with pytest.raises(ValueError, match="on purpose"), place.draft("reports/two.json") as draft:
        draft.write_text("half")
        raise ValueError("on purpose")
    assert place.names("reports") == {"one.json"}
    assert place.read("reports/one.json") == b"{}"
    assert (place.has("reports/one.json"), place.has("reports/two.json")) == (True, False)
    with pytest.raises(FileNotFoundError):
        place.read("reports/two.json")
    assert list(tmp_path.iterdir()) == []
    fsspec.filesystem("memory").rm("/place", recursive=True)


def test_urls_and_paths() -> None:
    assert [is_url(one) for one in ("s3://b/a", "a/b", "C:/a", "file:///a", "sftp://u:p@h/a")] == [
        True, False, False, False, True,
    ]  # fmt: skip
    assert local_text("file:///a/b") == "/a/b"
    assert shown_url("ftp://anna:secret@host/x:y@z") == "ftp://anna:…@host/x:y@z"
    with pytest.raises(UsageError, match="chain"):
        place_of("zip://a::s3://b").begin()
    with pytest.raises(UsageError, match=r"cannot be reached|not installed"):
        find_captures(["nonsense://x"], "out")
