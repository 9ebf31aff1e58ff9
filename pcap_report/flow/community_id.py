"""Community ID, version 1: one name for a flow in every tool (github.com/corelight/community-id-spec)."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import struct
from typing import Final

TCP: Final = 6
UDP: Final = 17
_SEED: Final = 0


def community_id(
    source: str, source_port: int, destination: str, destination_port: int, protocol: int
) -> str:
    """Return the Community ID of a flow with ports; the direction makes no difference.

    Args:
        source: IP address of one end.
        source_port: its port.
        destination: IP address of the other end.
        destination_port: its port.
        protocol: IP protocol number, :data:`TCP` or :data:`UDP`.

    Raises:
        ValueError: an address is no IP address.
    """
    one = (ipaddress.ip_address(source).packed, source_port)
    other = (ipaddress.ip_address(destination).packed, destination_port)
    (low, low_port), (high, high_port) = sorted((one, other))
    data = struct.pack("!H", _SEED) + low + high + struct.pack("!BBHH", protocol, 0, low_port, high_port)
    return "1:" + base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode("ascii")
