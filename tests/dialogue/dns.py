"""DNS in its own words: ``resolver.asks("www.example.org")``, ``resolver.answers("www.example.org", …)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scapy.layers.dns import DNS, DNSQR, DNSRR
from scapy.layers.inet import IP, UDP

if TYPE_CHECKING:
    from tests.dialogue.recording import Frame, Recording


class Resolver:
    """A client, and the server that it asks."""

    def __init__(self, recording: Recording, client: str, server: str) -> None:
        self._recording = recording
        self._client, self._server = client, server

    def asks(self, name: str, kind: str = "A", *, number: int = 7, port: int = 40000) -> Frame:
        return self._send(question(name, kind, number), port, from_client=True)

    def answers(
        self,
        name: str,
        *records: tuple[str, str, str],
        kind: str = "A",
        number: int = 7,
        rcode: int = 0,
        port: int = 40000,
    ) -> Frame:
        """Answer with records of owner, type and value."""
        return self._send(answer(name, kind, number, records, rcode), port, from_client=False)

    def _send(self, message: Any, port: int, *, from_client: bool) -> Frame:  # noqa: ANN401 - a scapy packet
        if from_client:
            network = IP(src=self._client, dst=self._server) / UDP(sport=port, dport=53) / message
        else:
            network = IP(src=self._server, dst=self._client) / UDP(sport=53, dport=port) / message
        return self._recording.take(network, from_client=from_client)


def question(name: str, kind: str = "A", number: int = 7) -> Any:  # noqa: ANN401 - a scapy packet
    return DNS(id=number, rd=1, qd=DNSQR(qname=name, qtype=kind))


def answer(
    name: str,
    kind: str = "A",
    number: int = 7,
    records: tuple[tuple[str, str, str], ...] = (),
    rcode: int = 0,
) -> Any:  # noqa: ANN401 - a scapy packet
    rows = [DNSRR(rrname=owner, type=sort, rdata=value, ttl=60) for owner, sort, value in records]
    return DNS(id=number, qr=1, rd=1, ra=1, rcode=rcode, qd=DNSQR(qname=name, qtype=kind), an=rows)


def over_tcp(message: Any) -> bytes:  # noqa: ANN401 - a scapy packet
    """Put the two bytes of length in front (RFC 1035, 4.2.2)."""
    data = bytes(message)
    return len(data).to_bytes(2, "big") + data
