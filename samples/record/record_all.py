"""Records every sample again, or those named: `record_all.py http-dns ipv6-tls13`. Needs root."""

import argparse
import sys
from collections.abc import Callable
from typing import Final

import http_dns
import ipv6_tls13
import lossy_three_connections
import mcp_tls13
import quic_h3
import refused_and_unanswered
import tls12_chain

SCENARIOS: Final[dict[str, Callable[[], None]]] = {
    "mcp-tls13": mcp_tls13.record,
    "tls12-chain": tls12_chain.record,
    "lossy-three-connections": lossy_three_connections.record,
    "http-dns": http_dns.record,
    "refused-and-unanswered": refused_and_unanswered.record,
    "ipv6-tls13": ipv6_tls13.record,
    "quic-h3": quic_h3.record,
}


def main() -> None:
    """Record the chosen scenarios, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(SCENARIOS)}")
    names = parser.parse_args().names or list(SCENARIOS)
    if unknown := [name for name in names if name not in SCENARIOS]:
        parser.error(f"no such scenario: {', '.join(unknown)}")
    for name in names:
        sys.stderr.write(f"recording {name}\n")
        SCENARIOS[name]()


if __name__ == "__main__":
    main()
