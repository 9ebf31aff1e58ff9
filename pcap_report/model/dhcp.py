"""How a host got its address: DHCP (RFC 2131)."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

DhcpOutcome = Literal["acknowledged", "refused", "offered", "unanswered", "released", "declined", "informed"]
"""How the exchange ended; ``informed`` asks for settings only (RFC 2131, 3.4)."""


class DhcpMessage(Struct, frozen=True):
    """A message of the exchange."""

    frame: int
    type: str
    """``DISCOVER``, ``OFFER``, ``REQUEST``, ``ACK``, ``NAK`` …; ``BOOTP`` without the option (RFC 951)."""
    time_s: float
    """Seconds since the first packet of the capture."""


class DhcpExchange(Struct, frozen=True):
    """The messages of one transaction."""

    transaction_id: str
    """Hexadecimal, as tshark writes it."""
    client_mac: str | None
    outcome: DhcpOutcome
    messages: tuple[DhcpMessage, ...]
    messages_omitted: int
    hostname: str | None
    """The name that the client gives itself."""
    vendor_class: str | None
    requested: str | None
    """The address that the client asks for."""
    offered: str | None
    """The address that it was given, or at least offered."""
    server: str | None
    """The server's identifier (option 54)."""
    relay: str | None
    subnet_mask: str | None
    routers: tuple[str, ...]
    dns_servers: tuple[str, ...]
    domain: str | None
    lease_s: int | None
    """Seconds for which the address is the client's."""
