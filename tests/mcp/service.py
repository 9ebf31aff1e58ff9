"""The server as clients meet it: the installed command, over a pipe or HTTP, and the SDK's own client."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import httpx2
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from mcp_types import CallToolResult

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
PROGRAM = Path(sys.executable).with_name("pcap-report")
TOKEN = "a-token-for-tests-only"  # noqa: S105 - it opens nothing
PATIENCE_S = 600

T = TypeVar("T")


@dataclass(frozen=True)
class Service:
    """A server to talk to.

    Attributes:
        transport: ``stdio`` or ``http``.
        folder: the folder that it may read.
        allow_capture: it may capture.
        patience_s: seconds that everything together may take.
        under: what runs the server, with its arguments.
    """

    transport: str
    folder: Path
    allow_capture: bool = False
    patience_s: float = PATIENCE_S
    under: tuple[str, ...] = ()

    def talk(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """Start a server, let a client work with it, and end it."""

        async def whole() -> T:
            with anyio.fail_after(self.patience_s):
                async with self.client() as client:
                    return await work(client)

        return anyio.run(whole)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        if self.transport == "stdio":
            command = [*self.under, str(PROGRAM), *self.arguments]
            started = StdioServerParameters(command=command[0], args=command[1:], env=_measured())
            async with Client(stdio_client(started)) as client:
                yield client
            return
        async with self.http_server() as url, connected(url, TOKEN) as client:
            yield client

    @asynccontextmanager
    async def http_server(self) -> AsyncIterator[str]:
        """Serve over HTTP; yield the address."""
        environment = {**os.environ, "PCAP_REPORT_MCP_TOKEN": TOKEN}
        command = [str(PROGRAM), *self.arguments, "--http", "--port", "0"]
        process = await anyio.open_process(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
        )
        try:
            assert process.stderr is not None
            said = b""
            while b"/mcp\n" not in said:
                said += await process.stderr.receive()
            address = re.search(rb"http://127\.0\.0\.1:\d+/mcp", said)
            assert address, said
            yield address[0].decode()
        finally:
            process.terminate()
            with anyio.CancelScope(shield=True):
                await process.wait()
                await process.aclose()

    @property
    def arguments(self) -> list[str]:
        allowed = ["--allow-capture"] if self.allow_capture else []
        return ["mcp", "--root", str(self.folder), *allowed]


def _measured() -> dict[str, str]:
    """What `make coverage` needs in the environment, of which the SDK hands on little."""
    return {
        name: value
        for name, value in os.environ.items()
        if name.startswith(("COVERAGE_", "PCAP_REPORT_PURE"))
    }


@asynccontextmanager
async def connected(url: str, token: str | None) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S) as http,
        Client(streamable_http_client(url, http_client=http)) as client,
    ):
        yield client


async def answered(client: Client, tool: str, **arguments: object) -> dict[str, Any]:
    """Call a tool that succeeds; its text is its structured answer."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, text_of(result)
    found: dict[str, Any] = result.structured_content
    assert found
    return found


async def refused(client: Client, tool: str, **arguments: object) -> str:
    """Call a tool that does not succeed, and return what it says."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error, text_of(result)
    assert result.structured_content is None
    return text_of(result)


def text_of(result: CallToolResult) -> str:
    (content,) = result.content
    assert content.type == "text"
    return content.text
