"""TLS hellos recognised by their bytes."""

from __future__ import annotations

from typing import Any

import pytest
from scapy.layers.inet import IP, TCP, UDP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import GRE, Dot1Q, Ether

from pcap_report.capture.hellos import HelloBytes, HelloFinder, addresses_and_ports, turned
from tests.dialogue import tls

CLIENT = ("192.0.2.1", 40000)
SERVER = ("203.0.113.5", 25)
OVER_IP = IP(src=CLIENT[0], dst=SERVER[0])


def segment(payload: bytes, **more: Any) -> Any:  # noqa: ANN401 - scapy ships no types
    return TCP(sport=CLIENT[1], dport=SERVER[1], flags="PA", **more) / payload


def found_in(*frames: Any) -> list[HelloBytes]:  # noqa: ANN401 - scapy ships no types
    finder = HelloFinder()
    for number, frame in enumerate(frames, start=1):
        finder.see(number, bytes(frame))
    return finder.hellos


@pytest.mark.parametrize(
    ("hello", "random"),
    [(tls.client_hello(), tls.RANDOM), (tls.server_hello(), tls.RANDOM[::-1])],
)
def test_a_hello_with_its_ends(hello: bytes, random: bytes) -> None:
    frame = Ether() / OVER_IP / segment(hello)
    (found,) = found_in(Ether() / OVER_IP / segment(b"EHLO"), frame)
    assert (found.frame, found.random) == (2, random.hex())
    assert addresses_and_ports(found.ends) == (CLIENT, SERVER)
    assert addresses_and_ports(turned(found.ends)) == (SERVER, CLIENT)
    assert bytes(frame)[found.ends_at :].startswith(found.ends)


@pytest.mark.parametrize(
    "below",
    [
        Ether() / Dot1Q(vlan=7) / OVER_IP,
        OVER_IP,
        Ether() / IP(src="10.0.0.1", dst="10.0.0.2") / GRE() / OVER_IP,
    ],
    ids=["vlan", "raw", "gre"],
)
def test_below_other_headers(below: Any) -> None:  # noqa: ANN401 - scapy ships no types
    options = [("Timestamp", (1, 2)), ("NOP", None), ("NOP", None)]
    (found,) = found_in(below / segment(tls.client_hello(), options=options))
    assert addresses_and_ports(found.ends) == (CLIENT, SERVER)


def test_ipv6() -> None:
    (found,) = found_in(Ether() / IPv6(src="2001:db8::1", dst="2001:db8::2") / segment(tls.client_hello()))
    assert addresses_and_ports(found.ends) == (("2001:db8::1", 40000), ("2001:db8::2", 25))
    assert addresses_and_ports(turned(found.ends)) == (("2001:db8::2", 25), ("2001:db8::1", 40000))


@pytest.mark.parametrize(
    "frame",
    [
        Ether() / OVER_IP / segment(tls.client_hello()[:40]),
        Ether() / OVER_IP / segment(tls.finished12()),
        Ether() / OVER_IP / segment(tls.encrypted(100)),
        Ether() / OVER_IP / segment(b"220 ready\r\n" + tls.client_hello()),
        Ether() / OVER_IP / UDP() / tls.client_hello(),
        Ether() / OVER_IP / segment(b"\x16\x03" * 150),
        tls.client_hello(),
        b"",
    ],
    ids=["cut off", "Finished", "data", "not at the beginning", "UDP", "marks only", "no headers", "nothing"],
)
def test_what_is_none(frame: Any) -> None:  # noqa: ANN401 - scapy ships no types
    assert found_in(frame) == []


def test_more_than_are_kept_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcap_report.capture.hellos._LISTED", 2)
    finder = HelloFinder()
    for number in range(1, 6):
        finder.see(number, bytes(Ether() / OVER_IP / segment(tls.client_hello())))
    assert ([one.frame for one in finder.hellos], finder.left_out) == ([1, 2], 3)
