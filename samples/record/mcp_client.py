"""An MCP client: JSON-RPC in HTTP/1.1 POSTs over TLS 1.3, with key log and application log.

One run is one or more visits, each a connection of its own from a chosen client port:

mcp_client.py mcp.example.net --ca root.pem --keys a.keys --log a.rpc.jsonl \
    --visit 50412 orderly initialize notifications/initialized tools/list current_time

Endings: `orderly` sends close_notify and FIN, then waits for the server's; `hasty` closes the socket right
after its close_notify, so that what the server still sends meets a closed port.
"""

import argparse
import http.client
import json
import random
import socket
import ssl
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from message_log import Message, MessageLog

HEADERS: Final = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "User-Agent": "sample-mcp-client/0.3",
}
PROTOCOL_VERSION: Final = "2025-06-18"
CLIENT_INFO: Final = {"name": "sample-mcp-client", "version": "0.3"}
LONG_TEXT: Final = "The quick brown fox jumps over the lazy dog. " * 260
INITIALIZE: Final = {"protocolVersion": PROTOCOL_VERSION, "capabilities": {}, "clientInfo": CLIENT_INFO}
ASK_TIME: Final = {"name": "current_time", "arguments": {"timezone": "UTC"}}
CALLS: Final[dict[str, Message]] = {
    "initialize": {"method": "initialize", "params": INITIALIZE},
    "notifications/initialized": {"method": "notifications/initialized"},
    "tools/list": {"method": "tools/list"},
    "current_time": {"method": "tools/call", "params": ASK_TIME},
    "echo": {"method": "tools/call", "params": {"name": "echo", "arguments": {"text": LONG_TEXT}}},
}
THINKING: Final = random.Random(5)


class McpConnection(http.client.HTTPSConnection):
    """An HTTPS connection to an address that is already known, under the host's name (SNI)."""

    def __init__(self, host: str, address: Any, source_port: int, context: ssl.SSLContext) -> None:  # noqa: ANN401
        """Prepare; `address` is a socket address as getaddrinfo gives it."""
        super().__init__(host, context=context)
        self._address = address
        self._source_port = source_port
        self._tls = context

    def connect(self) -> None:
        """TCP from the chosen port, then TLS."""
        plain = socket.socket(socket.AF_INET6 if ":" in self._address[0] else socket.AF_INET)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.bind(("", self._source_port))
        plain.connect(self._address)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)

    def finish(self, *, wait: bool) -> None:
        """Send close_notify and FIN; `wait` for the server's, or leave at once."""
        self.sock.setblocking(False)
        with suppress(ssl.SSLWantReadError):
            self.sock.unwrap()
        if wait:
            socket.socket.shutdown(self.sock, socket.SHUT_WR)
            self.sock.settimeout(10)
            with suppress(OSError):
                self.sock.recv(1)
        self.close()


class McpClient:
    """Sends messages one after the other and logs both directions."""

    def __init__(self, host: str, context: ssl.SSLContext, log: MessageLog) -> None:
        """Look the host up once; both A and AAAA are asked for."""
        self._host = host
        self._context = context
        self._log = log
        self._ids = count(1)
        self._session: dict[str, str] = {}
        self._address = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)[0][4]

    def visit(self, port: int, ending: str, calls: list[str]) -> None:
        """One connection from its SYN to its end."""
        connection = McpConnection(self._host, self._address, port, self._context)
        connection.connect()
        for number, call in enumerate(calls):
            if number:
                time.sleep(THINKING.uniform(0.2, 0.4))
            self._post(connection, call)
        time.sleep(THINKING.uniform(0.2, 0.4))
        connection.finish(wait=ending == "orderly")

    def _post(self, connection: McpConnection, call: str) -> None:
        numbered = {} if call.startswith("notifications/") else {"id": next(self._ids)}
        message: Message = {"jsonrpc": "2.0", **numbered, **CALLS[call]}
        self._log.write("send", message)
        body = json.dumps(message).encode()
        connection.request("POST", "/mcp", body=body, headers={**HEADERS, **self._session})
        response = connection.getresponse()
        answer = response.read()
        if answer:
            self._log.write("recv", json.loads(answer))
        if session := response.headers.get("Mcp-Session-Id"):
            self._session = {"Mcp-Session-Id": session, "MCP-Protocol-Version": PROTOCOL_VERSION}


def main() -> None:
    """Make the visits of the command line, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("--ca", required=True)
    parser.add_argument("--keys", required=True)
    parser.add_argument("--log", required=True, type=Path)
    parser.add_argument("--clock", choices=["utc", "local"], default="utc")
    parser.add_argument("--visit", nargs="+", action="append", required=True, metavar="WORD")
    parser.add_argument("--pause", type=float, default=1.8, help="seconds between two visits")
    arguments = parser.parse_args()
    context = ssl.create_default_context(cafile=arguments.ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["http/1.1"])
    context.keylog_filename = arguments.keys
    client = McpClient(arguments.host, context, MessageLog(arguments.log, arguments.clock))
    for number, (port, ending, *calls) in enumerate(arguments.visit):
        if number:
            time.sleep(arguments.pause)
        client.visit(int(port), ending, calls)


if __name__ == "__main__":
    main()
