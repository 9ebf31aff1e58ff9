"""A small MCP server: JSON-RPC 2.0 in HTTP/1.1 POSTs over TLS (streamable HTTP with plain JSON answers).

It takes 30 to 120 ms to think about each message, answers the client's close_notify with its own, and can end
the connections from given client ports with a reset, as a hurried tunnel or proxy does.
"""

import argparse
import json
import random
import socket
import ssl
import struct
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final, Self

from mcp_tools import TOOLS, call_tool
from message_log import Message

PROTOCOL_VERSION: Final = "2025-06-18"
SERVER_INFO: Final = {"name": "clock-and-text", "title": "Clock and text tools", "version": "1.2.0"}
SESSION_ID: Final = "c2f1a9d4-6b0e-4d57-9a53-7c0f2e1b8d36"
RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
METHOD_NOT_FOUND: Final = -32601
THINKING: Final = random.Random(11)


def result_of(method: str, params: dict[str, Any]) -> Message | None:
    """The result of one request, None for a method that this server does not have."""
    if method == "initialize":
        capabilities = {"tools": {"listChanged": False}}
        return {"protocolVersion": PROTOCOL_VERSION, "capabilities": capabilities, "serverInfo": SERVER_INFO}
    if method == "tools/list":
        return {"tools": TOOLS}
    if method == "tools/call":
        return call_tool(params["name"], params.get("arguments", {}))
    return None


class McpHandler(BaseHTTPRequestHandler):
    """One HTTP connection, kept alive over many messages."""

    protocol_version = "HTTP/1.1"
    server_version = "clock-and-text/1.2"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one JSON-RPC message: 200 with a response to a request, 202 to a notification."""
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(THINKING.uniform(0.030, 0.120))
        if "id" not in message:
            self._reply(HTTPStatus.ACCEPTED, b"")
            return
        response: Message = {"jsonrpc": "2.0", "id": message["id"]}
        result = result_of(message["method"], message.get("params", {}))
        if result is None:
            response["error"] = {"code": METHOD_NOT_FOUND, "message": "Method not found"}
        else:
            response["result"] = result
        self._reply(HTTPStatus.OK, json.dumps(response, separators=(",", ":")).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the client keeps the log."""

    def _reply(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Mcp-Session-Id", SESSION_ID)
        self.end_headers()
        self.wfile.write(body)


class McpServer(ThreadingHTTPServer):
    """Accepts TLS connections and closes them as the protocol wants, or with a reset."""

    context: ssl.SSLContext
    reset_ports: ClassVar[set[int]] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept one connection; its TLS handshake runs in the connection's own thread."""
        connection, client = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), client

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - typed so in the base class
        """Send our close_notify, then FIN or, for the chosen ports, RST."""
        with suppress(OSError, ValueError):
            if request.getpeername()[1] in self.reset_ports:
                request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
                request.close()
                return
            request.unwrap()
        super().shutdown_request(request)

    @classmethod
    def from_arguments(cls, arguments: argparse.Namespace) -> Self:
        """A server on the address, certificate and ports of the command line."""
        cls.address_family = socket.AF_INET6 if ":" in arguments.address else socket.AF_INET
        server = cls((arguments.address, arguments.port), McpHandler)
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(arguments.certificate, arguments.key)
        server.context.set_alpn_protocols(["http/1.1"])
        cls.reset_ports = set(arguments.reset_port)
        return server


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--port", type=int, default=443)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument(
        "--reset-port", type=int, action="append", default=[], help="client port to end by RST"
    )
    McpServer.from_arguments(parser.parse_args()).serve_forever()


if __name__ == "__main__":
    main()
