"""``pcap-report capture`` on loopback: real servers talk, and what was said is in the report."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import PROGRAM, Desk, Done, desk, real_tshark
from tests.live.recording_right import loopback, require_right

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["desk", "real_tshark"]

_WITHOUT_RIGHT = ["setpriv", "--bounding-set=-net_raw,-net_admin"]


class _Quiet(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def web_port() -> Iterator[int]:
    """A web server on loopback that somebody asks again and again."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.05):
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{port}/page") as page,
            ):
                page.read()

    asking = threading.Thread(target=ask)
    asking.start()
    yield port
    done.set()
    asking.join()
    server.shutdown()
    server.server_close()


@pytest.fixture
def tls_port(tmp_path: Path) -> Iterator[int]:
    """OpenSSL's own server, which Python's client asks again and again."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=loopback.example"]
    subprocess.run([openssl, *make, "-keyout", key, "-out", certificate], capture_output=True, check=True)
    serve = [
        openssl,
        "s_server",
        "-accept",
        str(port),
        "-key",
        str(key),
        "-cert",
        str(certificate),
        "-quiet",
        "-www",
    ]
    server = subprocess.Popen(
        serve, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    done = threading.Event()
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False

    def ask() -> None:
        while not done.wait(0.05):
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), 2) as plain,
                context.wrap_socket(plain, server_hostname="loopback.example") as secure,
            ):
                secure.sendall(b"GET / HTTP/1.0\r\n\r\n")
                while secure.recv(4096):
                    pass

    asking = threading.Thread(target=ask)
    asking.start()
    yield port
    done.set()
    asking.join()
    server.kill()
    server.wait()


def report_of(done: Done) -> dict[str, object]:
    assert done.status == 0, done.err
    found: dict[str, object] = json.loads(done.out)
    return found


def test_a_port_is_captured_and_reported(desk: Desk, web_port: int) -> None:
    require_right()
    done = desk.run(
        "capture",
        "--mode",
        "port",
        web_port,
        "-i",
        loopback(),
        "--packets",
        60,
        "-f",
        "json",
        "-w",
        "kept.pcapng",
    )
    report = report_of(done)
    capture, http_found = report["capture"], report["http"]
    assert isinstance(capture, dict)
    assert isinstance(http_found, list)
    assert capture["format"] == "pcapng"
    assert capture["packets"] == 60
    assert capture["interfaces"][0]["name"] == loopback()
    assert capture["interfaces"][0]["capture_filter"] == f"port {web_port}"
    paths = [one["path"] for one in http_found]
    # The first request may have been sent before the capture began.
    assert "/page" in paths
    assert set(paths[1:]) <= {"/page"}
    assert desk.names() == {"kept.pcapng"}


def test_the_capture_lies_beside_its_report(desk: Desk, web_port: int) -> None:
    require_right()
    desk.file("story.pcapng", b"an earlier one")
    done = desk.run(
        "capture",
        f"127.0.0.1:{web_port}",
        "--duration",
        1,
        "-o",
        "story.md",
        "--lang",
        "es",
        "--profile",
        "brief",
    )
    assert done.status == 0, done.err
    assert desk.names() == {"story.md", "story.pcapng", "story-1.pcapng"}
    assert (desk.folder / "story.pcapng").read_bytes() == b"an earlier one"
    assert "# Qué ocurre en `story-1.pcapng`" in (desk.folder / "story.md").read_text("utf-8")


def test_tls_by_openssl_is_reported(desk: Desk, tls_port: int) -> None:
    require_right()
    done = desk.run(
        "capture", "--mode", "web", f"https://127.0.0.1:{tls_port}/", "--duration", 2, "-f", "json"
    )
    connections = report_of(done)["connections"]
    assert isinstance(connections, list)
    versions = {one["tls_handshake"]["version"] for one in connections if one["tls_handshake"]}
    assert versions - {None} == {"TLS 1.3"}  # one may have begun as the recording ended


def test_nothing_else_is_captured(desk: Desk, web_port: int, tls_port: int) -> None:
    require_right()
    done = desk.run("capture", "--mode", "port", tls_port, "-i", loopback(), "--duration", 1, "-f", "json")
    connections = report_of(done)["connections"]
    assert isinstance(connections, list)
    assert {one["server"]["port"] for one in connections} == {tls_port}
    assert web_port != tls_port


def test_packets_are_cut_to_the_snap_length(desk: Desk, web_port: int) -> None:
    require_right()
    done = desk.run("capture", web_port, "-i", loopback(), "--packets", 30, "--snaplen", 70, "-f", "json")
    capture = report_of(done)["capture"]
    assert isinstance(capture, dict)
    assert capture["interfaces"][0]["snap_length"] == 70
    assert capture["snapped_packets"] > 0


def test_a_ring_keeps_the_last_files(desk: Desk, web_port: int) -> None:
    require_right()
    limits = ("--ring", 2, "--size", "4k", "--duration", 3)
    done = desk.run("capture", web_port, "-i", loopback(), *limits, "-f", "json", "-w", "ring.pcapng")
    capture = report_of(done)["capture"]
    assert isinstance(capture, dict)
    assert capture["packets"] < 120  # two files of 4 kB, while far more went by
    assert "packets are kept" in done.err
    assert desk.names() == {"ring.pcapng"}


def test_control_c_ends_the_capture_and_the_report_is_made(desk: Desk, web_port: int) -> None:
    require_right()
    arguments = [
        "capture",
        str(web_port),
        "-i",
        loopback(),
        "--duration",
        "60",
        "-f",
        "json",
        "-w",
        "cut.pcapng",
    ]
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=desk.folder,
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "capturing on" in process.stderr.readline()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    report = json.loads(out)
    assert report["capture"]["packets"] > 0
    assert not report["capture"]["truncated"]
    assert desk.names() == {"cut.pcapng"}


def test_a_request_to_end_leaves_no_recorder_behind(desk: Desk, web_port: int) -> None:
    require_right()
    arguments = ["capture", str(web_port), "-i", loopback(), "--duration", "60", "-w", "cut.pcapng"]
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        cwd=desk.folder,
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "capturing on" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
    assert desk.names() == set()
    assert f"port {web_port}" not in _command_lines()


def test_killed_outright_it_leaves_no_recorder_behind(desk: Desk, web_port: int) -> None:
    """What was recorded stays, in a folder that is hidden."""
    require_right()
    with _capturing(desk, web_port) as process:
        assert f"port {web_port}" in _command_lines()
        process.kill()
    deadline = time.monotonic() + 60
    while f"port {web_port}" in _command_lines() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert f"port {web_port}" not in _command_lines()
    (hidden,) = desk.folder.iterdir()
    assert (hidden / "packets.pcapng").stat().st_size > 0


def _capturing(desk: Desk, port: int) -> subprocess.Popen[str]:
    """Start a capture that would go on for a minute; it has begun when this returns."""
    asked = [str(port), "-i", loopback(), "--duration", "60", "-f", "json", "-w", "cut.pcapng"]
    process = subprocess.Popen(
        [PROGRAM, "capture", *asked],
        cwd=desk.folder,
        env=desk.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "capturing on" in process.stderr.readline()
    return process


def _command_lines() -> str:
    lines = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
    return "\n".join(lines)


def test_silence_is_said(desk: Desk) -> None:
    require_right()
    done = desk.run("capture", "--mode", "port", 9, "-i", loopback(), "--duration", 1)
    assert done.status == 3
    assert "No packet came by on lo in 1 s that the filter lets through: port 9" in done.err
    assert desk.names() == set()


def test_a_capture_is_never_overwritten(desk: Desk) -> None:
    desk.file("kept.pcapng", b"evidence")
    done = desk.run("capture", "443", "-i", loopback(), "-w", "kept.pcapng")
    assert done.status == 2
    assert "is there already" in done.err
    assert (desk.folder / "kept.pcapng").read_bytes() == b"evidence"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["$(id)"], "is no host and no port"),
        (["--mode", "domain", "443"], "The mode domain needs a host"),
        (["--mode", "port", "localhost"], "The mode port needs a port"),
        (["443", "-i", "no-such-0"], "There is no interface no-such-0"),
        (["443", "--duration", "99999999"], "goes from 1 to"),
        (["443", "--size", "much"], "is no size"),
        (["443", "-o", "nowhere/report.md"], "There is no folder nowhere"),
        (["443", "-f", "docx"], "There is no format docx"),
        (["443", "--profile", "none"], "There is no profile none"),
        (["--mode", "everything"], "everything"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_what_makes_no_sense_is_refused_before_anything_is_captured(
    desk: Desk, arguments: list[str], said: str
) -> None:
    done = desk.run("capture", *arguments)
    assert (done.status, len(done.errors)) == (2, 2), done.err
    assert said in done.err
    assert desk.names() == set()


def test_the_interfaces_are_listed(desk: Desk) -> None:
    done = desk.run("capture", "--list")
    assert done.status == 0
    assert loopback() in done.out.split()


def test_without_the_right_it_says_how_to_get_it(desk: Desk) -> None:
    _require_setpriv()
    done = _without_right(desk, "capture", "443", "-i", "lo")
    _told_in_one_line(done)
    assert desk.names() == set()


def test_an_unprivileged_user_is_told_how_to_get_the_right(desk: Desk) -> None:
    """For real: as nobody, who has no rights at all."""
    _require_setpriv()
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        done = subprocess.run(
            [*nobody, PROGRAM, "capture", "443", "-i", "lo"],
            cwd=name,
            env={**_not_measured(desk.environment), "HOME": name},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode in (126, 127):
            pytest.skip("nobody may not start what is installed here")
        assert list(Path(name).iterdir()) == []
    _told_in_one_line(Done(done.returncode, done.stdout, done.stderr))


def _not_measured(environment: dict[str, str]) -> dict[str, str]:
    """Nobody may not write down which lines were executed, either (make coverage)."""
    return {name: value for name, value in environment.items() if not name.startswith("COVERAGE_")}


def _told_in_one_line(done: Done) -> None:
    assert done.status == 77
    (line,) = done.errors
    assert line.startswith("pcap-report: You may not capture here: dumpcap was refused (")
    assert "Grant it: sudo setcap cap_net_raw,cap_net_admin=eip" in line
    assert done.out == ""


def test_a_dumpcap_for_a_group_is_told_so(desk: Desk, tmp_path: Path, real_tshark: str) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may start every program that anybody may start")
    folder = tmp_path / "bin"
    folder.mkdir()
    shutil.copy(real_tshark, folder / "tshark")
    (folder / "dumpcap").write_bytes(b"")
    desk.environment["PCAP_REPORT_TSHARK"] = str(folder / "tshark")
    done = desk.run("capture", "443", "-i", "lo")
    assert done.status == 77
    assert "sudo usermod -aG wireshark" in done.err


def test_tcpdump_records_where_there_is_no_dumpcap(
    desk: Desk, tmp_path: Path, real_tshark: str, web_port: int
) -> None:
    require_right()
    tcpdump = shutil.which("tcpdump") or shutil.which("tcpdump", path="/usr/sbin:/sbin")
    if tcpdump is None:
        pytest.skip("no tcpdump")
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, path in (("tcpdump", tcpdump), ("mergecap", shutil.which("mergecap"))):
        assert path
        (folder / name).symlink_to(path)
    (folder / "tshark").write_text(f'#!/bin/sh\nexec {real_tshark} "$@"\n', "utf-8")
    (folder / "tshark").chmod(0o755)
    (folder / "sh").symlink_to("/bin/sh")
    desk.environment["PATH"] = str(folder)
    done = desk.run("capture", web_port, "-i", loopback(), "--duration", 2, "-f", "json", "-w", "t.pcapng")
    capture = report_of(done)["capture"]
    assert isinstance(capture, dict)
    assert capture["format"] == "pcapng"
    assert capture["packets"] > 0
    assert not capture["truncated"]


def _require_setpriv() -> None:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv, to take the right away")


def _without_right(desk: Desk, *arguments: str) -> Done:
    done = subprocess.run(
        [*_WITHOUT_RIGHT, PROGRAM, *arguments],
        cwd=desk.folder,
        env=desk.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
