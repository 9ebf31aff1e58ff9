"""What somebody wants to watch: a host, a port, a URL; read, checked, and resolved to addresses.

Only addresses and port numbers that were read here ever reach a capture filter, never the text itself.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from typing import Final, TypeAlias

from pcap_report.errors import UsageError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_LONGEST: Final = 300
_LONGEST_NAME: Final = 253
_ADDRESSES: Final = 16
_RESOLVING_S: Final = 10
_ANY: Final = frozenset(("", "any", "auto", "all"))
_SCHEMES: Final = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_URL: Final = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,15})://(?P<place>[^/?#\s@]+)(?:[/?#]\S*)?")
_BRACKETED: Final = re.compile(r"\[(?P<host>[^\[\]]+)\](?::(?P<port>[0-9]{1,5}))?")
_HOST_PORT: Final = re.compile(r"(?P<host>[^:]+):(?P<port>[0-9]{1,5})")
_PORTS: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_LABEL: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_SCOPE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_HINT: Final = "Name a host, HOST:PORT, a port, a range of ports (8000-8010) or a URL."


@dataclass(frozen=True)
class Target:
    """What to watch.

    Attributes:
        text: as it was given.
        host: a name in its ASCII form, or an address; None for any.
        ports: first and last port; None for any.
        web: it was a URL of the web.
    """

    text: str
    host: str | None = None
    ports: tuple[int, int] | None = None
    web: bool = False


def parse_target(text: str) -> Target:
    """Read a target.

    Raises:
        UsageError: it is none of the kinds of target that there are.
    """
    if len(text) > _LONGEST:
        raise UsageError(f"The target is {len(text)} characters long, and no host or port is", _HINT)
    if text.lower() in _ANY:
        return Target(text)
    ports = _PORTS.fullmatch(text)
    if ports:
        return Target(text, ports=_range(text, ports[1], ports[2]))
    url = _URL.fullmatch(text)
    if url:
        return _of_url(text, url["scheme"].lower(), url["place"])
    host, port = _parted(text)
    return Target(text, _checked_host(host, text), port)


def resolve(target: Target) -> tuple[Address, ...]:
    """Return the addresses of a target's host, in the order of the system's resolver.

    Raises:
        UsageError: the name has no address, or the resolver does not answer in time.
    """
    if target.host is None:
        return ()
    address = _address(target.host)
    return (address,) if address else _asked(target.host)


def _of_url(text: str, scheme: str, place: str) -> Target:
    if scheme not in _SCHEMES:
        raise UsageError(f"No port is known for URLs that begin with {scheme}:", _HINT)
    host, port = _parted(place)
    known = _SCHEMES[scheme]
    return Target(text, _checked_host(host, text), port or (known, known), web=True)


def _parted(text: str) -> tuple[str, tuple[int, int] | None]:
    """Part a host from its port."""
    match = _BRACKETED.fullmatch(text) or _HOST_PORT.fullmatch(text)
    if not match:
        return text, None
    return match["host"], _range(text, match["port"], None) if match["port"] else None


def _range(text: str, first: str, last: str | None) -> tuple[int, int]:
    ports = int(first), int(last or first)
    if not 1 <= ports[0] <= ports[1] <= 65535:
        raise UsageError(f"{text} names no port: they go from 1 to 65535", _HINT)
    return ports


def _checked_host(host: str, text: str) -> str:
    address = _address(host)
    if address:
        return str(address)
    name = host.removesuffix(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            name = ""
    labels = name.split(".")
    plain = all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    if len(name) > _LONGEST_NAME or not plain:
        raise UsageError(f"{text} is no host and no port", _HINT)
    return name.lower()


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    scope = getattr(address, "scope_id", None)
    return address if scope is None or _SCOPE.fullmatch(scope) else None


def _asked(name: str) -> tuple[Address, ...]:
    """Ask the system's resolver, for a while: it cannot be stopped, only left alone."""
    answer: list[list[str] | OSError | UnicodeError] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
            answer.append([str(one[4][0]) for one in found])
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asking = threading.Thread(target=ask, name="resolver", daemon=True)
    asking.start()
    asking.join(_RESOLVING_S)
    if not answer:
        raise UsageError(f"The resolver did not answer for {name}", "Name an address in its place.")
    found = answer[0]
    texts = [] if isinstance(found, Exception) else found
    addresses = [address for address in map(_address, texts) if address]
    if not addresses:
        reason = getattr(found, "strerror", None) or "there is no such name"
        raise UsageError(f"{name} has no address: {reason}", "Check the name, or name an address.")
    return tuple(dict.fromkeys(addresses))[:_ADDRESSES]
