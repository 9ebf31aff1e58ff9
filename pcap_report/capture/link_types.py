"""Names of link-layer header types, as tcpdump.org's registry numbers them."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    0: "null",
    1: "ethernet",
    6: "token_ring",
    7: "arcnet",
    8: "slip",
    9: "ppp",
    10: "fddi",
    50: "ppp_hdlc",
    51: "ppp_ether",
    101: "raw",
    104: "c_hdlc",
    105: "ieee802_11",
    107: "frelay",
    108: "loop",
    113: "linux_sll",
    127: "ieee802_11_radiotap",
    129: "arcnet_linux",
    143: "docsis",
    187: "bluetooth_hci_h4",
    189: "usb_linux",
    195: "ieee802_15_4",
    220: "usb_linux_mmapped",
    228: "ipv4",
    229: "ipv6",
    239: "nflog",
    249: "usbpcap",
    251: "bluetooth_le_ll",
    276: "linux_sll2",
}


def link_type_name(number: int) -> str:
    """Return the registry's name in lower case, or ``linktype_N`` for one that we do not name."""
    return _NAMES.get(number, f"linktype_{number}")
