"""Hostile arguments, impatient and vanishing clients: all are refused or survived."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import httpx2
import pytest
from mcp.shared.exceptions import MCPError

from tests.mcp.service import PROGRAM, TOKEN, Service, answered, connected, refused

if TYPE_CHECKING:
    from mcp import Client

HTTP_DNS = "http-dns.pcapng"
_ACCEPTED = "application/json, text/event-stream"
_HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}


OUTSIDE = (
    "/etc/passwd",
    "../outside.pcapng",
    "link.pcapng",
    "folder-link/outside.pcapng",
    "ring",
    "./sub/../../outside.pcapng",
    "a\0b",
    "x" * 4000,
    "no-such.pcapng",
    ".",
    "pipe",
    "-r",
    "$(id).pcapng",
)


def test_only_files_below_the_folder_are_read(piped: Service, folder: Path) -> None:
    outside = folder.parent / "outside.pcapng"
    shutil.copy(folder / HTTP_DNS, outside)
    (folder / "link.pcapng").symlink_to(outside)
    (folder / "folder-link").symlink_to(folder.parent)
    (folder / "ring").symlink_to(folder / "ring")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe")

    async def work(client: Client) -> dict[str, str]:
        said = {name: await refused(client, "analyze_capture", capture=name) for name in OUTSIDE}
        inside = folder / HTTP_DNS
        assert (await answered(client, "list_connections", capture=str(inside)))["total"] == 1
        return said

    for said in piped.talk(work).values():
        assert "folders that may be read" in said or "no file name" in said
        assert "root:" not in said


NONSENSE: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("analyze_capture", {}, "capture"),
    ("analyze_capture", {"capture": HTTP_DNS, "budget": 10**9}, "budget"),
    ("analyze_capture", {"capture": HTTP_DNS, "budget": "much"}, "budget"),
    ("analyze_capture", {"capture": HTTP_DNS, "cursor": "7-deadbeef"}, "cursor"),
    ("analyze_capture", {"capture": HTTP_DNS, "cursor": "9" * 100_000}, "cursor"),
    ("analyze_capture", {"capture": HTTP_DNS, "language": "tlh"}, "language"),
    ("analyze_capture", {"capture": HTTP_DNS, "shell": "id"}, "shell"),
    ("analyze_capture", {"capture": ["a"]}, "capture"),
    ("get_connection", {"capture": HTTP_DNS, "connection": 10**30}, "connection"),
    ("get_connection", {"capture": HTTP_DNS, "connection": 99}, "There is no connection 99"),
    ("explain_frame", {"capture": HTTP_DNS, "frame": 0}, "frame"),
    ("explain_frame", {"capture": HTTP_DNS, "frame": 10**9}, "frame"),
    ("verify_claim", {"capture": HTTP_DNS}, "Name the id of a statement"),
    ("verify_claim", {"capture": HTTP_DNS, "claim": "no.such"}, "There is no statement no.such"),
    ("verify_claim", {"capture": HTTP_DNS, "display_filter": "tcp"}, "Name the frames"),
    ("verify_claim", {"capture": HTTP_DNS, "display_filter": "a" * 10**6, "frames": [1]}, "filter"),
    ("verify_claim", {"capture": HTTP_DNS, "display_filter": "tcp", "frames": [0]}, "frames"),
    ("verify_claim", {"capture": HTTP_DNS, "display_filter": "tcp", "frames": [10**30]}, "frames"),
    ("list_connections", {"capture": HTTP_DNS, "server": ""}, "server"),
    ("list_connections", {"capture": HTTP_DNS, "server": "x" * 10**6}, "server"),
    ("list_connections", {"capture": HTTP_DNS, "server": "`id`"}, "There is no connection to `id`"),
    ("start_packet_capture", {"target": "443"}, "--allow-capture"),
    ("get_capture_status", {}, "--allow-capture"),
    ("stop_packet_capture", {}, "--allow-capture"),
)


def test_what_makes_no_sense_is_an_error_that_says_what_to_do(piped: Service) -> None:
    async def work(client: Client) -> None:
        for tool, arguments, said in NONSENSE:
            assert said in await refused(client, tool, **arguments)

    piped.talk(work)


def test_a_filter_of_a_shell_is_a_filter_that_tshark_does_not_understand(
    piped: Service, folder: Path
) -> None:
    async def work(client: Client) -> None:
        for text in ("tcp; touch gone", "$(touch gone)", "tcp' || touch gone '", "-r /etc/passwd", "a\nb"):
            found = await answered(client, "verify_claim", capture=HTTP_DNS, display_filter=text, frames=[1])
            assert found["verdict"] == "not_provable"

    piped.talk(work)
    assert not list(folder.parent.rglob("gone"))


def test_what_is_no_capture_is_said(piped: Service, folder: Path) -> None:
    (folder / "text.pcap").write_text("no capture", "utf-8")
    (folder / "other.json").write_text('{"a": 1}', "utf-8")
    (folder / "empty.pcap").touch()

    async def work(client: Client) -> None:
        for name in ("text.pcap", "other.json", "empty.pcap"):
            assert await refused(client, "analyze_capture", capture=name)
        assert await answered(client, "analyze_capture", capture=HTTP_DNS)

    piped.talk(work)


def test_a_tool_that_there_is_not(piped: Service) -> None:
    async def work(client: Client) -> None:
        with pytest.raises(MCPError, match="There is no tool 'run_shell'; there are: analyze_capture"):
            await client.call_tool("run_shell", {})

    piped.talk(work)


def test_a_capture_that_changes_is_read_again(piped: Service, folder: Path) -> None:
    async def work(client: Client) -> None:
        first = await answered(client, "analyze_capture", capture=HTTP_DNS)
        shutil.copy(folder / "mcp-tls13.pcapng", folder / HTTP_DNS)
        second = await answered(client, "analyze_capture", capture=HTTP_DNS)
        assert first["sha256"] != second["sha256"]
        assert "cursor" not in second or await refused(
            client, "analyze_capture", capture=HTTP_DNS, cursor=first.get("cursor", "1-00000000")
        )

    piped.talk(work)


def _big(folder: Path) -> Path:
    """Make a capture that takes some seconds to analyze: a sample, some thousand times over."""
    big, piece = folder / "big.pcapng", (folder / "mcp-tls13.pcapng").read_bytes()
    with big.open("wb") as file:
        for _ in range(1200):
            file.write(piece)  # sections of a pcapng may follow one another
    return big


def test_a_long_analysis_reports_progress_and_can_be_given_up(service: Service, folder: Path) -> None:
    _big(folder)
    seen: list[float] = []

    async def work(client: Client) -> None:
        async def progress(progress: float, total: float | None, message: str | None) -> None:
            assert message
            assert total is None
            seen.append(progress)

        answered_in_full = False
        with anyio.move_on_after(300):
            async with anyio.create_task_group() as group:

                async def ask() -> None:
                    arguments = {"capture": "big.pcapng"}
                    nonlocal answered_in_full
                    await client.call_tool("analyze_capture", arguments, progress_callback=progress)
                    answered_in_full = True

                group.start_soon(ask)
                while not seen:
                    await anyio.sleep(0.02)
                assert await answered(client, "list_network_interfaces")
                assert not answered_in_full  # the server answers others meanwhile …
                group.cancel_scope.cancel()
        with anyio.fail_after(120):  # … and the analysis ends when nobody waits for it
            while _workers(folder):
                await anyio.sleep(0.1)
        assert await answered(client, "analyze_capture", capture=HTTP_DNS)

    service.talk(work)
    assert seen
    assert seen == sorted(seen)


def _workers(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = process.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            if str(folder) in line and " mcp " not in line.replace("pcap_report.mcp", ""):
                found.append(line)
    return found


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "ended", "hung up"])
def test_nothing_stays_behind_when_a_client_vanishes(folder: Path, ending: signal.Signals | None) -> None:
    _big(folder)
    temporary = folder.parent / "temporary"
    temporary.mkdir()
    service = Service("stdio", folder)
    process = subprocess.Popen(
        [PROGRAM, *service.arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert process.stdin is not None
    for line in (
        '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18",'
        '"capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
        '{"jsonrpc":"2.0","method":"notifications/initialized"}',
        '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"analyze_capture",'
        '"arguments":{"capture":"big.pcapng"}}}',
    ):
        process.stdin.write(line.encode() + b"\n")
    process.stdin.flush()
    deadline = time.monotonic() + 60
    while not _workers(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _workers(folder)
    assert any(temporary.iterdir())
    if ending is None:
        process.stdin.close()
    else:
        process.send_signal(ending)
        assert process.stdout is not None
        process.stdout.close()
    process.wait(timeout=30)
    deadline = time.monotonic() + 60
    while (_workers(folder) or any(temporary.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _workers(folder)
    assert not any(temporary.iterdir())
    for stream in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError):
            if stream:
                stream.close()


def test_nobody_gets_in_without_the_token(folder: Path) -> None:
    service = Service("http", folder)
    hello = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}

    async def whole() -> None:
        async with service.http_server() as url, httpx2.AsyncClient() as http:
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic YTpi"}):
                answer = await http.post(url, json=hello, headers=headers)
                assert answer.status_code == 401
                assert "Authorization: Bearer" in answer.json()["message"]
            both = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer wrong")]
            assert (await http.post(url, json=hello, headers=both)).status_code == 401
            assert (await http.post(f"{url}?access_token={TOKEN}", json=hello)).status_code == 401
            for path in ("/", "/mcp", "/docs"):
                assert (await http.get(url.replace("/mcp", path))).status_code == 401
            assert (await http.options(url, headers={"Origin": "http://attacker.example"})).status_code == 401
            lower = {"Authorization": f"bearer {TOKEN}", "Accept": _ACCEPTED}
            assert (await http.post(url, json=_HELLO, headers=lower)).status_code == 200

    anyio.run(whole)


STRANGERS = (
    ("Host", "attacker.example"),
    ("Host", "127.0.0.1.attacker.example:{port}"),
    ("Host", "127.0.0.1:1"),
    ("Host", "127.0.0.1:{port}@attacker.example"),
    ("Host", "127.0.0.1"),
    ("Origin", "null"),
    ("Origin", "http://attacker.example"),
    ("Origin", "http://127.0.0.1:{port}.attacker.example"),
    ("Origin", "http://localhost:1"),
    ("Origin", "https://127.0.0.1:{port}"),
)


def test_a_stranger_s_page_gets_nothing_even_with_the_token(folder: Path) -> None:
    """DNS rebinding: its name means this machine, but its requests name it."""

    async def whole() -> None:
        right = {"Authorization": f"Bearer {TOKEN}", "Accept": _ACCEPTED}
        async with Service("http", folder).http_server() as url, httpx2.AsyncClient() as http:
            port = url.split(":")[2].partition("/")[0]
            for header, value in STRANGERS:
                odd = {**right, header: value.replace("{port}", port)}
                status = (await http.post(url, json=_HELLO, headers=odd)).status_code
                assert status in (403, 421), (header, value)
            own = {**right, "Host": f"localhost:{port}", "Origin": f"http://localhost:{port}"}
            assert (await http.post(url, json=_HELLO, headers=own)).status_code == 200

    anyio.run(whole)


def test_a_client_over_http_that_vanishes_leaves_the_others_served(folder: Path) -> None:
    _big(folder)
    service = Service("http", folder)

    async def whole() -> None:
        with anyio.fail_after(100):
            async with service.http_server() as url:
                with anyio.move_on_after(2):
                    async with connected(url, "a-token-for-tests-only") as gone:
                        await gone.call_tool("analyze_capture", {"capture": "big.pcapng"})
                async with connected(url, "a-token-for-tests-only") as client:
                    assert await answered(client, "analyze_capture", capture=HTTP_DNS)

    anyio.run(whole)
