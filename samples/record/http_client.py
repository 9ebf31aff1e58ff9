"""An HTTPS client on Python's ssl: one GET, with key log and application log.

http_client.py docs.example.net /report.html --ca root.pem --keys a.keys --log a.log.jsonl --port 50610
"""

import argparse
import http.client
import socket
import ssl
from contextlib import suppress
from pathlib import Path

from message_log import MessageLog


def tls_context(ca: str, keys: str) -> ssl.SSLContext:
    """Up to TLS 1.2, offering http/1.1, with the session's secrets in `keys`."""
    context = ssl.create_default_context(cafile=ca)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.keylog_filename = keys
    return context


def finish(connection: socket.socket) -> None:
    """Answer the server's close_notify with ours; the socket's end sends our FIN."""
    if isinstance(connection, ssl.SSLSocket):
        with suppress(OSError):
            connection.unwrap()
    connection.close()


def main() -> None:
    """Ask for one page, and log the request as it goes and the response as it is complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("path")
    parser.add_argument("--ca", required=True)
    parser.add_argument("--keys", required=True)
    parser.add_argument("--log", required=True, type=Path)
    parser.add_argument("--port", type=int, required=True, help="our own port")
    arguments = parser.parse_args()
    log = MessageLog(arguments.log)
    context = tls_context(arguments.ca, arguments.keys)
    connection = http.client.HTTPSConnection(
        arguments.host, context=context, source_address=("", arguments.port)
    )
    connection.connect()
    tls = connection.sock
    log.write("send", {"method": "GET", "host": arguments.host, "path": arguments.path})
    connection.request("GET", arguments.path, headers={"User-Agent": "sample-http-client/0.3"})
    response = connection.getresponse()
    body = response.read()
    log.write("recv", {"status": response.status, "reason": response.reason, "bytes": len(body)})
    finish(tls)


if __name__ == "__main__":
    main()
