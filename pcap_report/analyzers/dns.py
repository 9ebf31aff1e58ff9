"""Which names were looked up, and what came back?

DNS over UDP and TCP (RFC 1035), and its relatives on the link: multicast DNS (RFC 6762), LLMNR (RFC 4795)
and the NetBIOS name service (RFC 1002).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, get_args

from mypy_extensions import mypyc_attr

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.dns_messages import FIELDS, Message, Question, messages_in, netbios_messages_in
from pcap_report.analyzers.dns_story import claim_of
from pcap_report.analyzers.iana.dns import rcode_name
from pcap_report.model.around import DnsLookup, NameService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_LOOKUPS_LISTED: Final = 5000
_CLAIMED: Final = 200
_ANSWERS_LISTED: Final = 100
_RETRIES_LISTED: Final = 100
_SERVICES: Final[tuple[NameService, ...]] = get_args(NameService)
_QUOTING: Final = frozenset(("icmp", "icmpv6"))
_Key = tuple[int, str, str, str, str]


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
@dataclass(slots=True)
class _Query:
    """A query that may still be answered."""

    frame: int | None
    time_ns: int
    number: int
    question: Question
    client: str
    server: str
    protocol: NameService
    connection: int | None
    retries: list[int] = field(default_factory=list)
    response: Message | None = None
    response_frame: int | None = None
    answered_ns: int = 0


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class DnsAnalyzer(CaptureAnalyzer[tuple[DnsLookup, ...]]):
    """Pairs queries with answers by transaction id, name, type and addresses."""

    id = "dns"
    protocols = frozenset(_SERVICES)
    fields = FIELDS

    def __init__(self) -> None:
        self._lookups: list[_Query] = []
        self._open: dict[_Key, _Query] = {}

    def on_packet(self, packet: Packet) -> None:
        protocol = _service(packet.protocols)
        if protocol is None:
            return
        read = netbios_messages_in if protocol == "nbns" else messages_in
        for message in read(packet):
            if message.is_response:
                self._on_response(packet, message, protocol)
            else:
                for question in message.questions:
                    self._on_query(packet, message, question, protocol)

    def _on_query(self, packet: Packet, message: Message, question: Question, protocol: NameService) -> None:
        key = _key(message, question, packet.source, packet.destination, protocol)
        known = self._open.get(key)
        if known is not None and known.response is None:
            if len(known.retries) < _RETRIES_LISTED:
                known.retries.append(packet.frame)
            return
        query = self._remember(packet, message, question, protocol)
        query.frame = packet.frame
        self._open[key] = query

    def _on_response(self, packet: Packet, message: Message, protocol: NameService) -> None:
        questions = message.questions or tuple(Question(one.owner, "") for one in message.answers[:1])
        for question in questions:
            key = _key(message, question, packet.destination, packet.source, protocol)
            query = self._open.get(key)
            if query is None or query.response is not None:
                query = self._remember(packet, message, question, protocol)
            query.response, query.response_frame = message, packet.frame
            query.answered_ns = packet.time_ns

    def _remember(
        self, packet: Packet, message: Message, question: Question, protocol: NameService
    ) -> _Query:
        ends = (packet.source, packet.destination)
        client, server = reversed(ends) if message.is_response else ends
        query = _Query(
            None, packet.time_ns, message.number, question, client, server, protocol, packet.stream
        )
        if len(self._lookups) < _LOOKUPS_LISTED:
            self._lookups.append(query)
        else:
            self.omitted += 1
        return query

    def result(self) -> tuple[DnsLookup, ...]:
        return tuple(self._lookup(query) for query in self._lookups)

    def _lookup(self, query: _Query) -> DnsLookup:
        response, asked = query.response, query.frame is not None
        answers = response.answers[:_ANSWERS_LISTED] if response else ()
        return DnsLookup(
            frame=query.frame,
            response_frame=query.response_frame,
            name=query.question.name,
            type=query.question.kind or None,
            rcode=rcode_name(response.rcode) if response else None,
            answers=tuple(one.text for one in answers),
            rtt_ms=(query.answered_ns - query.time_ns) / 1_000_000 if asked and response else None,
            client=query.client,
            server=query.server,
            retries=tuple(query.retries),
            transport="tcp" if query.connection is not None else "udp",
            protocol=query.protocol,
            ttls=tuple(one.ttl for one in answers),
            answer_types=tuple(one.kind for one in answers),
            cnames=tuple(one.text for one in answers if one.kind == "CNAME"),
            transaction_id=query.number,
            asked_s=self.seconds(query.time_ns) if asked else None,
            answered_s=self.seconds(query.answered_ns) if response else None,
            authoritative=response.authoritative if response else None,
            truncated=response.truncated if response else None,
            connection=query.connection,
        )

    def claims(self, result: tuple[DnsLookup, ...]) -> Sequence[Claim]:
        return [claim_of(number, lookup) for number, lookup in enumerate(result[:_CLAIMED], start=1)]


@lru_cache(maxsize=1024)
def _service(path: str) -> NameService | None:
    """Tell which name service a protocol path ends in; None where an ICMP error merely quotes it."""
    layers = path.split(":")
    if not _QUOTING.isdisjoint(layers):
        return None
    return next((service for service in _SERVICES if service in layers), None)


def _key(message: Message, question: Question, client: str, server: str, protocol: NameService) -> _Key:
    """What a query and its answer have in common; who was asked by multicast answers from its own address."""
    return (
        message.number,
        question.name.lower(),
        question.kind,
        client,
        server if protocol == "dns" else protocol,
    )
