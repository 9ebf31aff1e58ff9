"""Read a capture with scapy, packet by packet, and print how many packets and TCP connections it holds."""

from __future__ import annotations

import sys

from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import Ether  # noqa: F401 - what the link type stands for
from scapy.utils import PcapReader


def main(path: str) -> None:
    """Dissect every packet as scapy does by itself; a connection is a pair of addresses and ports."""
    packets = 0
    connections = set()
    with PcapReader(path) as reader:
        for packet in reader:
            packets += 1
            if TCP in packet:
                network = packet[IP] if IP in packet else packet[IPv6]
                segment = packet[TCP]
                ends = (network.src, segment.sport), (network.dst, segment.dport)
                connections.add(min(ends) + max(ends))
    print(packets, len(connections))


if __name__ == "__main__":
    main(*sys.argv[1:])
