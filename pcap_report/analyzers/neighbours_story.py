"""What is said about the local link, with the frames that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import msg

if TYPE_CHECKING:
    from pcap_report.model.evidence import Claim
    from pcap_report.model.neighbours import AddressConflict, Neighbour, Neighbours

_CLAIMED: Final = 100
_PROTOCOLS: Final = {"arp": "arp", "ndp": "icmpv6"}


def claims_of(neighbours: Neighbours) -> list[Claim]:
    """Say which address is where, and which addresses are in two places."""
    known = [_known(number, one) for number, one in enumerate(neighbours.known[:_CLAIMED], start=1)]
    conflicts = enumerate(neighbours.conflicts[:_CLAIMED], start=1)
    return [*known, *(_conflict(number, one) for number, one in conflicts)]


def _known(number: int, one: Neighbour) -> Claim:
    text = (
        msg("The router %(ip)s is at %(mac)s.", ip=one.ip, mac=one.mac)
        if one.router
        else msg("%(ip)s is at %(mac)s.", ip=one.ip, mac=one.mac)
    )
    display_filter = f"{_PROTOCOLS[one.protocol]} && {frame_filter(one.frames)}"
    return claim(f"neighbours.known.{number}", text, one.frames, display_filter)


def _conflict(number: int, one: AddressConflict) -> Claim:
    text = msg("%(ip)s is said to be at %(macs)s.", ip=one.ip, macs=one.macs)
    display_filter = f"{_PROTOCOLS[one.protocol]} && {frame_filter(one.frames)}"
    return claim(f"neighbours.conflict.{number}", text, one.frames, display_filter)
