"""Streamable HTTP on loopback: whoever has the token may ask."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final

from pcap_report.errors import UsageError
from pcap_report.mcp.server import McpServer, tell

if TYPE_CHECKING:
    from mcp.server.transport_security import TransportSecuritySettings

    from pcap_report.mcp.bench import Bench

HOST: Final = "127.0.0.1"

# ASGI's own words; Any because its messages differ in what they hold.
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_LEAST: Final = 16


class TokenGate:
    """Lets requests through that carry the token (RFC 6750, 2.1); everybody else gets a 401."""

    def __init__(self, app: App, token: str) -> None:
        """Guard an application.

        Raises:
            UsageError: the token is too short to be one.
        """
        if len(token) < _LEAST or not token.isascii() or not token.isprintable():
            raise UsageError(
                f"The token is no {_LEAST} printable characters long", "Leave it out for a new one."
            )
        self._app = app
        self._token = token.encode()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] == "http" and not self._is_let_in(scope):
            await _refuse(send)
            return
        await self._app(scope, receive, send)

    def _is_let_in(self, scope: Message) -> bool:
        given = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
        if len(given) != 1:
            return False
        scheme, _, token = given[0].partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)


async def _refuse(send: Send) -> None:
    body = (
        b'{"error":"unauthorized","message":"Send the header Authorization: Bearer TOKEN with the token that'
    )
    body += b' pcap-report mcp --http printed."}'
    headers = [(b"content-type", b"application/json"), (b"www-authenticate", b"Bearer")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _own_names(port: int) -> TransportSecuritySettings:
    """Return what a request may name as its host and its origin: this very server, and no other port.

    A page of a stranger whose name was made to mean this machine (DNS rebinding) names itself.
    """
    from mcp.server.transport_security import TransportSecuritySettings

    hosts = [f"{name}:{port}" for name in (HOST, "localhost")]
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"http://{host}" for host in hosts],
    )


def serve_http(bench: Bench, port: int, token: str, *, allow_capture: bool) -> None:
    """Serve on loopback until somebody ends it.

    Raises:
        UsageError: the port is taken.
    """
    import socket

    import uvicorn

    server = McpServer(bench, allow_capture=allow_capture).sdk_server()
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it every answer waits 40 ms
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen(128)
        except OSError as error:
            raise UsageError(
                f"Port {port} cannot be used: {error.strerror or error}", "Choose another with --port."
            ) from error
        port = listening.getsockname()[1]
        app = server.streamable_http_app(host=HOST, transport_security=_own_names(port))
        guarded = TokenGate(app, token)
        tell(f"serving MCP on http://{HOST}:{port}/mcp")
        settings = uvicorn.Config(
            guarded, log_level="warning", lifespan="on", ws="none", timeout_graceful_shutdown=3
        )
        try:
            uvicorn.Server(settings).run(sockets=[listening])
        finally:
            bench.close()
