"""Names of servers, and which DNS answer led to which connection."""

from __future__ import annotations

import ipaddress
import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from msgspec.structs import replace

from pcap_report.model.connection import ServerName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.flow import Flow

_NAMES_LISTED: Final = 20
_ANSWERS_LOOKED_AT: Final = 100
_LED_TO_LISTED: Final = 100
_PORT: Final = re.compile(r":\d*$")


class _Answer(NamedTuple):
    """An address in a DNS answer."""

    frame: int
    lookup: int
    """Its place among the look-ups."""


class Names:
    """Knows the names of addresses out of DNS answers, and of connections out of HTTP requests."""

    def __init__(self, lookups: Sequence[DnsLookup], exchanges: Sequence[HttpExchange]) -> None:
        self._lookups = lookups
        self._by_address: dict[str, list[_Answer]] = {}
        self._own: dict[tuple[str, str | None], list[_Answer]] = {}
        self._led_to: dict[int, list[int]] = {}
        for place, lookup in enumerate(lookups):
            if lookup.response_frame is not None:
                for address in dict.fromkeys(lookup.answers):
                    answer = _Answer(lookup.response_frame, place)
                    self._by_address.setdefault(address, []).append(answer)
                    self._own.setdefault((address, lookup.client), []).append(answer)
        for answers in (*self._by_address.values(), *self._own.values()):
            answers.sort()
        self._hosts: dict[int, tuple[int, str]] = {}
        for exchange in exchanges:
            name = _named_by(exchange)
            if name and exchange.connection is not None and exchange.frame is not None:
                self._hosts.setdefault(exchange.connection, (exchange.frame, name))

    def of(self, flow: Flow, sni: str | None, sni_frame: int | None) -> tuple[ServerName, ...]:
        """Return the names of a flow's server, the most telling first, and note the look-ups behind them."""
        found: list[ServerName] = []
        if sni and sni_frame is not None:
            found.append(ServerName(sni, "sni", sni_frame))
        host = self._hosts.get(flow.number)
        if host:
            found.append(ServerName(host[1], "http_host", host[0]))
        for answer in self._answers_before(flow):
            found.append(ServerName(self._lookups[answer.lookup].name, "dns", answer.frame))
            led_to = self._led_to.setdefault(answer.lookup, [])
            if len(led_to) < _LED_TO_LISTED:
                led_to.append(flow.number)
        return tuple(found[:_NAMES_LISTED])

    def _answers_before(self, flow: Flow) -> list[_Answer]:
        """The latest answer for each name before the flow began; the client's own look-ups come first."""
        server, client = flow.server[0], flow.client[0]
        answers = self._by_address.get(server, [])
        end = bisect_left(answers, (flow.first_frame, 0))
        if not end:
            return []
        begin = max(0, end - _ANSWERS_LOOKED_AT)
        own = self._own.get((server, client), [])
        of_client = own[bisect_left(own, answers[begin]) : bisect_left(own, (flow.first_frame, 0))]
        latest: dict[str, _Answer] = {}
        for answer in of_client or answers[begin:end]:
            latest[self._lookups[answer.lookup].name] = answer
        return sorted(latest.values())

    def lookups(self) -> tuple[DnsLookup, ...]:
        """Return the look-ups with the connections they led to, once all connections have their names."""
        return tuple(
            replace(lookup, led_to=tuple(self._led_to[place])) if place in self._led_to else lookup
            for place, lookup in enumerate(self._lookups)
        )


def _named_by(exchange: HttpExchange) -> str | None:
    """Return the server's name as the Host field has it (RFC 9110, 7.2), without its port.

    An address is no name, and what is asked of a proxy names another machine.
    """
    if exchange.host is None or exchange.asks_proxy:
        return None
    name = _PORT.sub("", exchange.host)
    return name if name and not (_is_address(name) or _is_address(exchange.host)) else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True
