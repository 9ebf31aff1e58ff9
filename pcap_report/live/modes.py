"""The capture modes: which packets each lets through, as a filter of libpcap (pcap-filter(7))."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.live.target import Address, Target


class Mode(StrEnum):
    """What to capture."""

    domain = "domain"
    """All that a host sends and gets."""
    port = "port"
    """All that goes to or comes from a port."""
    web = "web"
    """HTTP, TLS and QUIC on the usual ports."""
    diagnosis = "diagnosis"
    """What tells why a network does not work: ICMP, ARP, DNS, DHCP, and the web or the target."""
    auto = "auto"
    """The mode that fits the target."""


_WEB: Final = "tcp port 80 or tcp port 443 or tcp port 8080 or tcp port 8443 or udp port 443"
_PLUMBING: Final = "icmp or icmp6 or arp or port 53 or udp portrange 67-68 or udp portrange 546-547"


def fitting(mode: Mode, target: Target) -> Mode:
    """Return the mode that ``auto`` stands for with this target; any other mode is itself."""
    if mode is not Mode.auto:
        return mode
    if target.host:
        return Mode.domain
    return Mode.port if target.ports else Mode.diagnosis


def capture_filter(mode: Mode, target: Target, addresses: tuple[Address, ...]) -> str:
    """Return the filter of a mode.

    Args:
        mode: any but ``auto``; see :func:`fitting`.
        target: what to watch.
        addresses: those of its host.

    Raises:
        UsageError: the mode needs another target.
    """
    if mode is Mode.domain and not addresses:
        raise UsageError("The mode domain needs a host", "pcap-report capture --mode domain example.org")
    if mode is Mode.port and not target.ports:
        raise UsageError("The mode port needs a port", "pcap-report capture --mode port 443")
    hosts = _any_of(f"host {str(one).partition('%')[0]}" for one in addresses)
    ports = _ports(target.ports)
    if mode is Mode.web:
        return _all_of(hosts, ports or _WEB)
    if mode is Mode.diagnosis:
        return f"{_PLUMBING} or {_grouped(_all_of(hosts, ports) or _WEB)}"
    return _all_of(hosts, ports)


def _ports(ports: tuple[int, int] | None) -> str:
    if ports is None:
        return ""
    first, last = ports
    return f"port {first}" if first == last else f"portrange {first}-{last}"


def _any_of(conditions: Iterable[str]) -> str:
    return " or ".join(conditions)


def _all_of(*conditions: str) -> str:
    there = [one for one in conditions if one]
    return there[0] if len(there) == 1 else " and ".join(map(_grouped, there))


def _grouped(condition: str) -> str:
    return f"({condition})" if " or " in condition else condition
