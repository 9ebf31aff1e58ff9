"""The interfaces of this machine, and the one to capture on."""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.live.routes import ANYWHERE, interface_towards

if TYPE_CHECKING:
    from pcap_report.live.target import Address

ALL: Final = "any"
"""Linux's interface that stands for all of them."""


def interface_names() -> list[str]:
    """Return the names of the interfaces of this machine, as the kernel has them."""
    names = [name for _, name in socket.if_nameindex()]
    return [*names, ALL] if sys.platform == "linux" else names


def checked_interface(name: str) -> str:
    """Return the name of an interface that exists.

    A recorder would also take a pipe, a file or another machine for an interface; nothing but a name of
    this list ever reaches it.

    Raises:
        UsageError: there is no such interface.
    """
    names = interface_names()
    if name not in names:
        raise UsageError(f"There is no interface {name}", f"The interfaces are: {', '.join(names)}")
    return name


def default_interface() -> str | None:
    """Return the interface of the default route; None where there is none."""
    return next(filter(None, map(interface_towards, ANYWHERE)), None)


def interfaces_for(addresses: tuple[Address, ...]) -> tuple[str, ...]:
    """Find the interfaces that lead to some addresses, or to anywhere for none.

    Raises:
        UsageError: no route leads there.
    """
    found = [interface_towards(one) for one in addresses] if addresses else [default_interface()]
    names = dict.fromkeys(name for name in found if name in interface_names())
    if not names:
        where = ", ".join(map(str, addresses)) or "anywhere"
        listed = ", ".join(interface_names())
        raise UsageError(f"No interface is found that leads to {where}", f"Name it with -i: {listed}")
    return tuple(name for name in names if name)
