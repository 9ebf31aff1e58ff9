"""A small web server over HTTP/1.1, plain or inside TLS 1.3: a page, a redirect to it, and 404s."""

import argparse
import random
import socket
import ssl
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

PAGE: Final = (
    "<!doctype html>\n<html lang='en'>\n<title>Guide</title>\n<h1>Guide</h1>\n"
    + "<p>A capture shows what was sent; a log shows what was meant. Read both.</p>\n" * 45
    + "</html>\n"
).encode()
NOT_FOUND: Final = b"<!doctype html>\n<title>404</title>\n<p>There is no such page here.</p>\n"
THINKING: Final = random.Random(3)


class WebHandler(BaseHTTPRequestHandler):
    """One connection, kept alive."""

    protocol_version = "HTTP/1.1"
    server_version = "sample-web/1.0"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with the page, with its true place, or with 404."""
        time.sleep(THINKING.uniform(0.030, 0.120))
        if self.path == "/guide":
            self._reply(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": "/guide/"})
        elif self.path == "/guide/":
            self._reply(HTTPStatus.OK, PAGE, {})
        else:
            self._reply(HTTPStatus.NOT_FOUND, NOT_FOUND, {})

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet: the client keeps the log."""

    def _reply(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class WebServer(ThreadingHTTPServer):
    """Accepts connections, inside TLS where there is a context."""

    context: ssl.SSLContext | None = None

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept one connection; its TLS handshake runs in the connection's own thread."""
        connection, client = super().get_request()
        if self.context is None:
            return connection, client
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), client


def main() -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    arguments = parser.parse_args()
    WebServer.address_family = socket.AF_INET6 if ":" in arguments.address else socket.AF_INET
    server = WebServer((arguments.address, arguments.port), WebHandler)
    if arguments.certificate:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.minimum_version = ssl.TLSVersion.TLSv1_3
        server.context.load_cert_chain(arguments.certificate, arguments.key)
        server.context.set_alpn_protocols(["http/1.1"])
    server.serve_forever()


if __name__ == "__main__":
    main()
