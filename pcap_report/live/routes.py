"""Which interface leads to an address: the system is asked for its route, and no packet is sent."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import struct
import subprocess
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.live.target import Address

ANYWHERE: Final = (ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("2001:db8::1"))
"""Addresses of documentation (RFC 5737, RFC 3849): their route is the default one."""

_GET_ROUTE: Final = 26
_NEW_ROUTE: Final = 24
_REQUEST: Final = 1
_DESTINATION: Final = 1
_OUTGOING_INTERFACE: Final = 4
_NETLINK_ROUTE: Final = 0
_HEADER: Final = 16
_ROUTE_HEADER: Final = 12
_ROUTE_COMMAND: Final = "/sbin/route"
_BSD_INTERFACE: Final = re.compile(r"^\s*interface:\s*(\S+)", re.MULTILINE)


def interface_towards(address: Address) -> str | None:
    """Return the interface over which packets to an address leave; None where there is no route."""
    scope = getattr(address, "scope_id", None)
    if scope is not None:
        return str(scope)
    if sys.platform == "linux":
        return _linux(address)
    if sys.platform == "darwin":
        return _darwin(address)
    return None


def _linux(address: Address) -> str | None:
    """Ask the kernel over rtnetlink (rtnetlink(7)), as ``ip route get`` does."""
    with contextlib.suppress(OSError, struct.error):
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_ROUTE) as link:
            link.settimeout(2)
            link.send(_question(address))
            answer = link.recv(65536)
        index = _outgoing(answer)
        return socket.if_indextoname(index) if index else None
    return None


def _question(address: Address) -> bytes:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    raw = address.packed
    route = struct.pack("=BBBBBBBBI", family, len(raw) * 8, 0, 0, 0, 0, 0, 0, 0)
    destination = struct.pack("=HH", 4 + len(raw), _DESTINATION) + raw
    length = _HEADER + len(route) + len(destination)
    return struct.pack("=IHHII", length, _GET_ROUTE, _REQUEST, 1, 0) + route + destination


def _outgoing(answer: bytes) -> int | None:
    """Read the index of the outgoing interface out of the kernel's answer."""
    length, kind = struct.unpack_from("=IH", answer)
    if kind != _NEW_ROUTE:
        return None
    at = _HEADER + _ROUTE_HEADER
    while at + 4 <= min(length, len(answer)):
        size, attribute = struct.unpack_from("=HH", answer, at)
        if size < 4:
            return None
        if attribute == _OUTGOING_INTERFACE:
            return int(struct.unpack_from("=I", answer, at + 4)[0])
        at += size + 3 & ~3
    return None


def _darwin(address: Address) -> str | None:
    family = "-inet" if address.version == 4 else "-inet6"
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        done = subprocess.run(
            [_ROUTE_COMMAND, "-n", "get", family, str(address)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
        return interface_of_route(done.stdout)
    return None


def interface_of_route(said: str) -> str | None:
    """Return the interface that macOS's ``route -n get`` names; None where it names none."""
    match = _BSD_INTERFACE.search(said)
    return match[1] if match else None
