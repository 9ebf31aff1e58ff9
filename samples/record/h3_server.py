"""A small HTTP/3 server on aioquic: the pages of web_server.py over QUIC version 1.

h3_server.py 203.0.113.20 443 --certificate full.pem --key leaf.key

It issues session tickets and takes early data. With --retry it lets a client prove its address first.
"""

import argparse
import asyncio
from http import HTTPStatus
from typing import Final

from aioquic.asyncio import QuicConnectionProtocol, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import H3Event, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ProtocolNegotiated, QuicEvent
from aioquic.tls import SessionTicket
from web_server import NOT_FOUND, PAGE, THINKING

MOVED: Final = {b"/guide": b"/guide/"}
PAGES: Final = {b"/guide/": PAGE}


class TicketStore:
    """The session tickets that were issued; each is good once (RFC 8446, 8.1)."""

    def __init__(self) -> None:
        self._tickets: dict[bytes, SessionTicket] = {}

    def add(self, ticket: SessionTicket) -> None:
        """Remember a ticket."""
        self._tickets[ticket.ticket] = ticket

    def pop(self, label: bytes) -> SessionTicket | None:
        """Take a ticket out."""
        return self._tickets.pop(label, None)


class PageProtocol(QuicConnectionProtocol):
    """One connection: every request is answered after a little thought."""

    _http: H3Connection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing is being answered yet."""
        super().connection_made(transport)
        self._answers: set[asyncio.Task[None]] = set()

    def quic_event_received(self, event: QuicEvent) -> None:
        """Start HTTP/3 with the agreed protocol, and hand the rest to it."""
        if isinstance(event, ProtocolNegotiated):
            self._http = H3Connection(self._quic)
        if self._http:
            for http_event in self._http.handle_event(event):
                self._on_http(http_event)

    def _on_http(self, event: H3Event) -> None:
        if isinstance(event, HeadersReceived):
            answer = asyncio.ensure_future(self._answer(event.stream_id, dict(event.headers)[b":path"]))
            self._answers.add(answer)
            answer.add_done_callback(self._answers.discard)

    async def _answer(self, stream: int, path: bytes) -> None:
        await asyncio.sleep(THINKING.uniform(0.030, 0.120))
        if path in MOVED:
            self._reply(stream, HTTPStatus.MOVED_PERMANENTLY, b"", [(b"location", MOVED[path])])
        elif path in PAGES:
            self._reply(stream, HTTPStatus.OK, PAGES[path], [])
        else:
            self._reply(stream, HTTPStatus.NOT_FOUND, NOT_FOUND, [])

    def _reply(self, stream: int, status: HTTPStatus, body: bytes, extra: list[tuple[bytes, bytes]]) -> None:
        assert self._http is not None
        headers = [
            (b":status", str(status.value).encode()),
            (b"server", b"sample-h3/1.0"),
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            *extra,
        ]
        self._http.send_headers(stream, headers)
        self._http.send_data(stream, body, end_stream=True)
        self.transmit()


async def run(arguments: argparse.Namespace) -> None:
    """Serve until the process is ended."""
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(arguments.certificate, arguments.key)
    tickets = TicketStore()
    await serve(
        arguments.address,
        arguments.port,
        configuration=configuration,
        create_protocol=PageProtocol,
        session_ticket_fetcher=tickets.pop,
        session_ticket_handler=tickets.add,
        retry=arguments.retry,
    )
    await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("port", type=int)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--retry", action="store_true")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
