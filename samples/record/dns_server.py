"""A small authoritative name server over UDP: A, AAAA and CNAME records given on the command line.

dns_server.py 192.168.1.1 "www.example.org CNAME web.example.net" "web.example.net A 203.0.113.20"

It follows CNAME chains, answers an existing name without the asked type with an empty answer, an unknown name
with NXDOMAIN, and takes the time of a recursive look-up about it.
"""

import argparse
import ipaddress
import socket
import struct
import time
from dataclasses import dataclass
from typing import Final

TYPES: Final = {"A": 1, "CNAME": 5, "AAAA": 28}
IN: Final = 1
TTL_S: Final = 300
NXDOMAIN: Final = 3
RESPONSE_FLAGS: Final = 0x8180
LOOK_UP_S: Final = 0.017


@dataclass(frozen=True)
class Record:
    """One resource record of class IN."""

    name: str
    kind: int
    value: str

    @property
    def rdata(self) -> bytes:
        """The value as it travels: an address's bytes, or an encoded name."""
        if self.kind == TYPES["CNAME"]:
            return encode_name(self.value)
        return ipaddress.ip_address(self.value).packed


def encode_name(name: str) -> bytes:
    """Labels with their lengths, without compression (RFC 1035, 3.1)."""
    return b"".join(bytes([len(label)]) + label.encode() for label in name.rstrip(".").split(".")) + b"\0"


def read_question(query: bytes) -> tuple[str, int, bytes]:
    """Name, type and raw bytes of the one question of a query."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode())
        at += 1 + query[at]
    (kind,) = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels).lower(), kind, query[12 : at + 5]


def look_up(zone: list[Record], name: str, kind: int) -> list[Record]:
    """The records that answer the question, a CNAME chain first."""
    answers: list[Record] = []
    while alias := next((r for r in zone if r.name == name and r.kind == TYPES["CNAME"]), None):
        answers.append(alias)
        name = alias.value
    return answers + [r for r in zone if r.name == name and r.kind == kind]


def answer(zone: list[Record], query: bytes) -> bytes:
    """The whole response to one query."""
    name, kind, question = read_question(query)
    records = look_up(zone, name, kind)
    known = any(record.name == name for record in zone)
    flags = RESPONSE_FLAGS | (0 if known else NXDOMAIN)
    response = query[:2] + struct.pack("!5H", flags, 1, len(records), 0, 0) + question
    for record in records:
        owner = b"\xc0\x0c" if record.name == name else encode_name(record.name)
        response += owner + struct.pack("!HHIH", record.kind, IN, TTL_S, len(record.rdata)) + record.rdata
    return response


def serve(address: str, zone: list[Record]) -> None:
    """Answer queries until the process is ended."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as endpoint:
        endpoint.bind((address, 53))
        while True:
            query, asker = endpoint.recvfrom(512)
            time.sleep(LOOK_UP_S)
            endpoint.sendto(answer(zone, query), asker)


def main() -> None:
    """Read the zone from the command line and serve it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("records", nargs="+", help="NAME TYPE VALUE")
    arguments = parser.parse_args()
    rows = [record.split() for record in arguments.records]
    serve(arguments.address, [Record(name.lower(), TYPES[kind], value.lower()) for name, kind, value in rows])


if __name__ == "__main__":
    main()
