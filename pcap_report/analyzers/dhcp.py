"""How did hosts get their addresses? DHCP (RFC 2131; options RFC 2132)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import CaptureAnalyzer
from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.left_out import LeftOut
from pcap_report.analyzers.proof import claim
from pcap_report.model.dhcp import DhcpExchange, DhcpMessage, DhcpOutcome
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim
    from pcap_report.model.packet import Packet

_ID: Final = "dhcp.id"
_OPERATION: Final = "dhcp.type"
_TYPE: Final = "dhcp.option.dhcp"
_MAC: Final = "dhcp.hw.mac_addr"
_YOURS: Final = "dhcp.ip.your"
_RELAY: Final = "dhcp.ip.relay"
_SERVER: Final = "dhcp.option.dhcp_server_id"
_ROUTER: Final = "dhcp.option.router"
_DNS: Final = "dhcp.option.domain_name_server"
_MASK: Final = "dhcp.option.subnet_mask"
_DOMAIN: Final = "dhcp.option.domain_name"
_LEASE: Final = "dhcp.option.ip_address_lease_time"
_HOSTNAME: Final = "dhcp.option.hostname"
_VENDOR: Final = "dhcp.option.vendor_class_id"
_REQUESTED: Final = "dhcp.option.requested_ip_address"

_NAMES: Final = {
    1: "DISCOVER",
    2: "OFFER",
    3: "REQUEST",
    4: "DECLINE",
    5: "ACK",
    6: "NAK",
    7: "RELEASE",
    8: "INFORM",
}
_OUTCOMES: Final[tuple[tuple[str, DhcpOutcome], ...]] = (
    ("DECLINE", "declined"),
    ("RELEASE", "released"),
    ("ACK", "acknowledged"),
    ("NAK", "refused"),
    ("OFFER", "offered"),
    ("INFORM", "informed"),
)
"""The first of these messages that came decides how an exchange ended."""
_BOOTP: Final = "BOOTP"
_REPLY: Final = 2
_NONE: Final = "0.0.0.0"  # noqa: S104 - what stands in a message for "no address"
_LISTED: Final = 1000
_MESSAGES_LISTED: Final = 50
_ADDRESSES_LISTED: Final = 20
_CLAIMED: Final = 200


@dataclass(slots=True)
class _Exchange:
    """A transaction as far as it has come; what a later message says replaces what an earlier one said."""

    number: str
    mac: str | None
    messages: list[DhcpMessage] = field(default_factory=list)
    omitted: int = 0
    kinds: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, ...]] = field(default_factory=dict)


class DhcpAnalyzer(CaptureAnalyzer["tuple[DhcpExchange, ...]"]):
    """Puts the messages of a transaction together by its id and the client's MAC address."""

    id = "dhcp"
    protocols = frozenset(("dhcp",))
    fields = (
        _ID,
        _OPERATION,
        _TYPE,
        _MAC,
        _YOURS,
        _RELAY,
        _SERVER,
        _ROUTER,
        _DNS,
        _MASK,
        _DOMAIN,
        _LEASE,
        _HOSTNAME,
        _VENDOR,
        _REQUESTED,
    )

    def __init__(self) -> None:
        self._exchanges: dict[tuple[str, str | None], _Exchange] = {}
        self._left_out = LeftOut()

    def on_packet(self, packet: Packet) -> None:
        number, mac = packet.text(_ID), packet.text(_MAC)
        if number is None:
            return
        exchange = self._exchanges.get((number, mac))
        if exchange is None:
            if len(self._exchanges) >= _LISTED:
                self.omitted += self._left_out.count((number, mac))
                return
            exchange = self._exchanges[number, mac] = _Exchange(number, mac)
        kind = packet.number(_TYPE)
        name = _BOOTP if kind is None else _NAMES.get(kind, str(kind))
        exchange.kinds.add(name)
        if len(exchange.messages) < _MESSAGES_LISTED:
            exchange.messages.append(DhcpMessage(packet.frame, name, self.seconds(packet.time_ns)))
        else:
            exchange.omitted += 1
        _read_options(packet, exchange)

    def result(self) -> tuple[DhcpExchange, ...]:
        return tuple(map(_record, self._exchanges.values()))

    def claims(self, result: tuple[DhcpExchange, ...]) -> Sequence[Claim]:
        return [_claim(number, one) for number, one in enumerate(result[:_CLAIMED], start=1)]


def _read_options(packet: Packet, exchange: _Exchange) -> None:
    from_server = packet.number(_OPERATION) == _REPLY
    told = (_YOURS, _RELAY, _SERVER, _MASK, _DOMAIN, _LEASE) if from_server else ()
    for name in (*told, *(() if from_server else (_RELAY, _HOSTNAME, _VENDOR, _REQUESTED))):
        value = packet.text(name)
        if value and value != _NONE:
            exchange.texts[name] = value
    if from_server:
        for name in (_ROUTER, _DNS):
            values = packet.texts(name)
            if values:
                exchange.lists[name] = tuple(values[:_ADDRESSES_LISTED])


def _record(one: _Exchange) -> DhcpExchange:
    told = one.texts.get
    lease = told(_LEASE)
    return DhcpExchange(
        transaction_id=one.number,
        client_mac=one.mac,
        outcome=_outcome(one),
        messages=tuple(one.messages),
        messages_omitted=one.omitted,
        hostname=told(_HOSTNAME),
        vendor_class=told(_VENDOR),
        requested=told(_REQUESTED),
        offered=told(_YOURS),
        server=told(_SERVER),
        relay=told(_RELAY),
        subnet_mask=told(_MASK),
        routers=one.lists.get(_ROUTER, ()),
        dns_servers=one.lists.get(_DNS, ()),
        domain=told(_DOMAIN),
        lease_s=int(lease) if lease and lease.isdecimal() else None,
    )


def _outcome(one: _Exchange) -> DhcpOutcome:
    found = next((outcome for name, outcome in _OUTCOMES if name in one.kinds), None)
    if found == "acknowledged" and "INFORM" in one.kinds:
        return "informed"
    if found is None and _YOURS in one.texts:
        return "offered"  # BOOTP knows no acknowledgement (RFC 951)
    return found or "unanswered"


def _claim(number: int, one: DhcpExchange) -> Claim:
    frames = [message.frame for message in one.messages]
    return claim(f"dhcp.exchange.{number}", _sentence(one), frames, f"dhcp && {frame_filter(frames)}")


def _sentence(one: DhcpExchange) -> Message:
    if one.outcome == "acknowledged":
        return msg(
            "DHCP: %(server)s gave %(address)s to %(mac)s for %(lease_s)s.",
            server=one.server,
            address=one.offered,
            mac=one.client_mac,
            lease_s=one.lease_s,
        )
    if one.outcome == "offered":
        return msg("DHCP: %(address)s was offered to %(mac)s.", address=one.offered, mac=one.client_mac)
    if one.outcome == "refused":
        return msg("DHCP: %(mac)s was refused an address.", mac=one.client_mac)
    if one.outcome == "unanswered":
        return msg("DHCP: %(mac)s got no answer in the capture.", mac=one.client_mac)
    if one.outcome == "released":
        return msg("DHCP: %(mac)s gave its address back.", mac=one.client_mac)
    if one.outcome == "declined":
        return msg("DHCP: %(mac)s declined the address that it was given.", mac=one.client_mac)
    return msg("DHCP: %(mac)s asked for settings only.", mac=one.client_mac)
