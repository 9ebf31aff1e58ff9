"""The capture tools on loopback: started, asked, stopped; and the server's own traffic, told by itself."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from tests.live.recording_right import loopback, require_right
from tests.mcp.service import PROGRAM, TOKEN, Service, answered, connected, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mcp import Client


@pytest.fixture(params=["stdio", "http"])
def capturing(request: pytest.FixtureRequest, folder: Path) -> Service:
    require_right()
    return Service(request.param, folder, allow_capture=True)


@contextmanager
def echo_server() -> Iterator[int]:
    """A server on loopback to which somebody speaks again and again."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def speak() -> None:
            while not done.wait(0.05):
                with socket.create_connection(("127.0.0.1", port)) as client:
                    client.sendall(b"hello")
                    served, _ = server.accept()
                    with served:
                        served.sendall(served.recv(100))
                    client.recv(100)

        speaking = threading.Thread(target=speak)
        speaking.start()
        try:
            yield port
        finally:
            done.set()
            speaking.join()


def test_a_capture_is_started_asked_and_stopped(capturing: Service, folder: Path) -> None:
    async def work(client: Client) -> None:
        with echo_server() as port:
            assert (await answered(client, "get_capture_status"))["state"] == "none"
            where = await answered(client, "list_network_interfaces")
            assert where["may_capture"]
            assert loopback() in {one["name"] for one in where["interfaces"] if one.get("loopback")}
            begun = await answered(
                client, "start_packet_capture", target=f"127.0.0.1:{port}", mode="domain", duration=60
            )
            assert begun["state"] == "capturing"
            assert begun["interfaces"] == [loopback()]
            assert begun["capture_filter"] == f"host 127.0.0.1 and port {port}"
            said = await refused(client, "start_packet_capture", target=str(port), interface=loopback())
            assert "Another capture goes on" in said
            assert "stop_packet_capture" in said
            await anyio.sleep(1)
            status = await answered(client, "get_capture_status")
            assert status["seconds"] >= 1
            assert status["seconds_left"] < 60
            ended = await answered(client, "stop_packet_capture")
        assert ended["status"]["state"] == "ended"
        assert ended["status"]["packets"] == ended["diagnosis"]["totals"]["packets"] > 0
        assert ended["diagnosis"]["connections"][0]["server"] == f"127.0.0.1:{port}"
        name = ended["status"]["file"]
        assert (folder / name).is_file()
        again = await answered(client, "analyze_capture", capture=name)
        assert again["totals"] == ended["diagnosis"]["totals"]

    capturing.talk(work)


def test_a_capture_ends_by_itself(capturing: Service) -> None:
    async def work(client: Client) -> None:
        with echo_server() as port:
            await answered(client, "start_packet_capture", target=str(port), interface=loopback(), duration=1)
            status = await answered(client, "get_capture_status")
            while status["state"] == "capturing":
                await anyio.sleep(0.3)
                status = await answered(client, "get_capture_status")
        assert status["packets"] > 0
        assert await answered(client, "analyze_capture", capture=status["file"])

    capturing.talk(work)


HOSTILE: tuple[tuple[dict[str, object], str], ...] = (
    ({"target": "$(id)"}, "no host and no port"),
    ({"target": "443; id", "mode": "port"}, "no host and no port"),
    ({"target": "443", "mode": "all"}, "mode"),
    ({"target": "x" * 10**6}, "target"),
    ({"target": "443", "interface": "-w/etc/passwd"}, "There is no interface"),
    ({"target": "443", "interface": "TCP@192.0.2.1"}, "There is no interface"),
    ({"target": "443", "duration": 10**9}, "duration"),
    ({"target": "443", "duration": 0}, "duration"),
    ({"target": "443", "filter": "tcp"}, "filter"),
    ({"target": "443", "mode": "domain"}, "The mode domain needs a host"),
)


def test_hostile_captures_are_refused(folder: Path) -> None:
    require_right()

    async def work(client: Client) -> None:
        for arguments, said in HOSTILE:
            assert said in await refused(client, "start_packet_capture", **arguments)
            assert (await answered(client, "get_capture_status"))["state"] == "none"
        assert "no capture to stop" in await refused(client, "stop_packet_capture")

    Service("stdio", folder, allow_capture=True).talk(work)


def test_who_may_not_capture_is_told_what_grants_it(folder: Path) -> None:
    """For real: the server runs without the capabilities."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("needs root and setpriv, to take the right away")
    before = set(folder.iterdir())

    async def work(client: Client) -> None:
        said = await refused(client, "start_packet_capture", target="443", interface=loopback())
        assert said.startswith("You may not capture here: dumpcap was refused (")
        assert "Grant it: sudo setcap cap_net_raw,cap_net_admin=eip" in said
        where = await answered(client, "list_network_interfaces")
        assert not where["may_capture"]
        assert where["reason"] == said
        assert (await answered(client, "get_capture_status"))["state"] == "none"

    without = ("setpriv", "--bounding-set=-net_raw,-net_admin")
    Service("stdio", folder, allow_capture=True, under=without).talk(work)
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "ended", "hung up"])
def test_a_client_over_a_pipe_that_vanishes_ends_its_capture(
    folder: Path, ending: signal.Signals | None
) -> None:
    """The recorder has ended, and nothing is kept of what nobody will ask for."""
    require_right()
    before = set(folder.iterdir())
    service = Service("stdio", folder, allow_capture=True)
    with (
        echo_server() as port,
        subprocess.Popen(
            [PROGRAM, *service.arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as server,
    ):
        assert server.stdin
        assert server.stdout
        target = json.dumps({"target": str(port), "interface": loopback(), "duration": 300})
        for line in (
            '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
            '"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
            '{"jsonrpc":"2.0","method":"notifications/initialized"}',
            '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"start_packet_capture",'
            f'"arguments":{target}}}}}',
        ):
            server.stdin.write(line.encode() + b"\n")
        server.stdin.flush()
        answers = [server.stdout.readline() for _ in range(2)]
        assert b'"capturing"' in answers[1], answers
        assert _recorders(folder)
        if ending is not None:
            server.send_signal(ending)
        server.stdin.close()
        server.wait(60)
    deadline = time.monotonic() + 60
    while (_recorders(folder) or set(folder.iterdir()) != before) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _recorders(folder)
    assert set(folder.iterdir()) == before


def test_a_capture_outlives_its_client_over_http(folder: Path) -> None:
    """It ends by itself, is kept, and the next client finds it."""
    require_right()
    service = Service("http", folder, allow_capture=True)

    async def whole() -> None:
        with anyio.fail_after(100), echo_server() as port:
            async with service.http_server() as url:
                async with connected(url, TOKEN) as gone:
                    await answered(
                        gone, "start_packet_capture", target=str(port), interface=loopback(), duration=2
                    )
                async with connected(url, TOKEN) as client:
                    status = await answered(client, "get_capture_status")
                    while status["state"] == "capturing":
                        await anyio.sleep(0.3)
                        status = await answered(client, "get_capture_status")
                assert status["packets"] > 0
                assert (folder / status["file"]).is_file()
        assert not _recorders(folder)

    anyio.run(whole)


def _recorders(folder: Path) -> list[str]:
    """Return the command lines of recorders that write below a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(folder) in line and ("dumpcap" in line or "tcpdump" in line):
                found.append(line)
    return found


def test_the_server_explains_its_own_traffic(folder: Path) -> None:
    require_right()
    service = Service("http", folder, allow_capture=True)

    async def whole() -> None:
        async with service.http_server() as url:
            port = url.split(":")[2].partition("/")[0]
            async with connected(url, TOKEN) as client:
                await answered(client, "start_packet_capture", target=port, interface=loopback())
                async with connected(url, TOKEN) as other:
                    await answered(other, "list_connections", capture="http-dns.pcapng")
                ended = await answered(client, "stop_packet_capture")
                file = ended["status"]["file"]
                assert ended["diagnosis"]["totals"]["http_requests"] >= 1
                listed = await answered(client, "list_connections", capture=file)
                stories = [
                    await answered(
                        client, "get_connection", capture=file, connection=one["id"], budget=20_000
                    )
                    for one in listed["connections"]
                ]
        tools = {call.get("tool") for story in stories for call in story.get("calls", [])}
        assert "list_connections" in tools

    anyio.run(whole)
