"""What the numbers in a frame mean: IANA's names beside the raw values of an anatomy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.iana.tls import cipher_suite_name, group_name, version_name
from pcap_report.model.packet import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IP_PROTOCOLS: Final = {1: "ICMP", 6: "TCP", 17: "UDP", 47: "GRE", 58: "IPv6-ICMP"}
_CONTENT_TYPES: Final = {
    20: "change_cipher_spec",
    21: "alert",
    22: "handshake",
    23: "application_data",
    24: "heartbeat",
}
_HANDSHAKE_TYPES: Final = {
    0: "hello_request",
    1: "client_hello",
    2: "server_hello",
    4: "new_session_ticket",
    5: "end_of_early_data",
    8: "encrypted_extensions",
    11: "certificate",
    12: "server_key_exchange",
    13: "certificate_request",
    14: "server_hello_done",
    15: "certificate_verify",
    16: "client_key_exchange",
    20: "finished",
    22: "certificate_status",
    24: "key_update",
}
_FLAGS: Final = (
    ("F", "FIN"),
    ("S", "SYN"),
    ("R", "RST"),
    ("P", "PSH"),
    ("A", "ACK"),
    ("U", "URG"),
    ("E", "ECE"),
    ("C", "CWR"),
)
_NUMBERS: Final[Mapping[str, Callable[[int], str]]] = {
    "ip.proto": lambda number: _IP_PROTOCOLS.get(number, str(number)),
    "tcp.options.wscale.shift": lambda shift: f"×{1 << shift}",
    "tls.record.content_type": lambda number: _CONTENT_TYPES.get(number, str(number)),
    "tls.record.opaque_type": lambda number: _CONTENT_TYPES.get(number, str(number)),
    "tls.record.version": version_name,
    "tls.handshake.type": lambda number: _HANDSHAKE_TYPES.get(number, str(number)),
    "tls.handshake.version": version_name,
    "tls.handshake.extensions.supported_version": version_name,
    "tls.handshake.ciphersuite": cipher_suite_name,
    "tls.handshake.extensions_supported_group": group_name,
    "tls.handshake.extensions_key_share_group": group_name,
}


def meaning(field: str, values: list[str]) -> str | None:
    """Name what a field's numbers stand for; None where the values speak for themselves."""
    if field == "tcp.flags.str":
        return flag_names(values[0]) if values else None
    name = _NUMBERS.get(field)
    if name is None or not values:
        return None
    try:
        return ", ".join(name(whole_number(value)) for value in values)
    except ValueError:
        return None


def flag_names(letters: str) -> str:
    """Spell out tshark's flags, ``·······AP···``, as Wireshark's Info column does: ``PSH, ACK``."""
    return ", ".join(name for letter, name in _FLAGS if letter in letters)
