"""From a mode and a target to what is to be recorded, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.live.interfaces import checked_interface, interfaces_for
from pcap_report.live.modes import Mode, capture_filter, fitting
from pcap_report.live.recorders import Plan
from pcap_report.live.target import parse_target, resolve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.live.bounds import Bounds


def planned(mode: Mode, target: str, interfaces: Sequence[str], bounds: Bounds) -> Plan:
    """Return what is to be recorded: a name is looked up, and the interfaces are found where none is named.

    Raises:
        UsageError: the target is none, the mode needs another one, or no interface leads to it.
    """
    what = parse_target(target)
    chosen = fitting(mode, what)
    if (chosen is Mode.domain and what.host is None) or (chosen is Mode.port and what.ports is None):
        capture_filter(chosen, what, ())  # it says what is missing, before anybody is asked for addresses
    addresses = resolve(what)
    named = tuple(dict.fromkeys(map(checked_interface, interfaces)))
    return Plan(named or interfaces_for(addresses), capture_filter(chosen, what, addresses), bounds)
