"""An HTTP/3 client on aioquic, with key log and application log: three connections, one after the other.

h3_client.py h3.example.net --ca root.pem --keys a.keys --log a.log.jsonl --ports 50910 50911 50912

The first makes a full handshake and gets a session ticket; the second resumes it and asks in early data
(0-RTT); the third goes to port 8443, where the server wants to see a token first (Retry).
"""

import argparse
import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import TextIO

from aioquic.asyncio import QuicConnectionProtocol, connect
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import QuicEvent
from aioquic.tls import SessionTicket
from message_log import MessageLog

SERVER_PORT, RETRY_PORT = 443, 8443
TICKET_WAIT_S = 0.2


class Answer:
    """The response on one stream as it grows."""

    def __init__(self) -> None:
        self.complete = asyncio.get_running_loop().create_future()
        self._status = 0
        self._size = 0

    def add(self, event: H3Event) -> None:
        """Take in headers or data."""
        if isinstance(event, HeadersReceived):
            self._status = int(dict(event.headers)[b":status"])
        elif isinstance(event, DataReceived):
            self._size += len(event.data)
        if isinstance(event, HeadersReceived | DataReceived) and event.stream_ended:
            reason = HTTPStatus(self._status).phrase
            self.complete.set_result({"status": self._status, "reason": reason, "bytes": self._size})


class AskingProtocol(QuicConnectionProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start HTTP/3 at once: early data does not wait for the agreed protocol."""
        super().connection_made(transport)
        self._http = H3Connection(self._quic)
        self._answers: dict[int, Answer] = {}

    def quic_event_received(self, event: QuicEvent) -> None:
        """Hand what came to HTTP/3, and the responses in it to who waits for them."""
        for http_event in self._http.handle_event(event):
            answer = self._answers.get(getattr(http_event, "stream_id", -1))
            if answer:
                answer.add(http_event)

    async def get(self, host: str, path: str, log: MessageLog) -> None:
        """Ask for one page, and log the request as it goes and the response as it is complete."""
        stream = self._quic.get_next_available_stream_id()
        answer = self._answers[stream] = Answer()
        headers = {":method": "GET", ":scheme": "https", ":authority": host, ":path": path}
        headers["user-agent"] = "sample-h3-client/0.1"
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._http.send_headers(stream, encoded, end_stream=True)
        log.write("send", {"method": "GET", "host": host, "path": path})
        self.transmit()
        log.write("recv", await answer.complete)


class Browser:
    """What stays from connection to connection: the certificates, the logs, the last session ticket."""

    def __init__(self, arguments: argparse.Namespace, keys: TextIO) -> None:
        self._arguments = arguments
        self._keys = keys
        self._log = MessageLog(arguments.log)
        self._ticket: SessionTicket | None = None

    async def visit(self, port: int, local_port: int, *paths: str, early: bool = False) -> None:
        """Open a connection, ask for the pages one by one, and close it."""
        configuration = QuicConfiguration(
            alpn_protocols=H3_ALPN,
            secrets_log_file=self._keys,
            session_ticket=self._ticket if early else None,
        )
        configuration.load_verify_locations(self._arguments.ca)
        async with connect(
            self._arguments.host,
            port,
            configuration=configuration,
            create_protocol=AskingProtocol,
            session_ticket_handler=self._keep,
            wait_connected=not early,
            local_port=local_port,
        ) as client:
            host = self._arguments.host if port == SERVER_PORT else f"{self._arguments.host}:{port}"
            for path in paths:
                await client.get(host, path, self._log)
            await asyncio.sleep(TICKET_WAIT_S)

    def _keep(self, ticket: SessionTicket) -> None:
        self._ticket = ticket


async def run(arguments: argparse.Namespace) -> None:
    """Make the three connections."""
    first, second, third = arguments.ports
    with arguments.keys.open("a", encoding="ascii") as keys:
        browser = Browser(arguments, keys)
        await browser.visit(SERVER_PORT, first, "/guide", "/guide/", "/missing")
        await browser.visit(SERVER_PORT, second, "/guide/", early=True)
        await browser.visit(RETRY_PORT, third, "/guide")


def main() -> None:
    """Read the command line and go."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("host")
    parser.add_argument("--ca", required=True)
    parser.add_argument("--keys", required=True, type=Path)
    parser.add_argument("--log", required=True, type=Path)
    parser.add_argument("--ports", type=int, nargs=3, required=True, help="our own ports")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
