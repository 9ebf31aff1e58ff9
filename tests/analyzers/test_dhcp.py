"""How hosts got their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP

from tests.dialogue.wire import HOST, captured, proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.dhcp import DhcpExchange

NOBODY = "0.0.0.0"  # noqa: S104 - what stands in a message for "no address"
CLIENT = bytes.fromhex(HOST.replace(":", ""))
SETTINGS = (
    ("server_id", "10.0.0.254"),
    ("subnet_mask", "255.255.255.0"),
    ("router", "10.0.0.254"),
    ("name_server", "10.0.0.53", "10.0.0.54"),
    ("domain", b"example.org"),
    ("lease_time", 3600),
)


def from_client(kind: str, *options: Any, number: int = 7) -> Any:  # noqa: ANN401 - scapy
    return (
        IP(src=NOBODY, dst="255.255.255.255")
        / UDP(sport=68, dport=67)
        / BOOTP(op=1, xid=number, chaddr=CLIENT)
        / DHCP(options=[("message-type", kind), *options, "end"])
    )


def from_server(kind: str, *options: Any, address: str = "10.0.0.17", number: int = 7) -> Any:  # noqa: ANN401 - scapy
    return (
        IP(src="10.0.0.254", dst="255.255.255.255")
        / UDP(sport=67, dport=68)
        / BOOTP(op=2, xid=number, chaddr=CLIENT, yiaddr=address)
        / DHCP(options=[("message-type", kind), *options, "end"])
    )


def only(folder: Path, *packets: Any) -> DhcpExchange:  # noqa: ANN401 - scapy packets
    (found,) = captured(folder, *packets).dhcp
    return found


def test_discover_offer_request_acknowledge(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        from_client("discover", ("hostname", b"laptop")),
        from_server("offer", *SETTINGS),
        from_client("request", ("requested_addr", "10.0.0.17")),
        from_server("ack", *SETTINGS),
    )

    assert (found.outcome, found.client_mac, found.transaction_id) == ("acknowledged", HOST, "0x00000007")
    assert [(one.frame, one.type) for one in found.messages] == [
        (1, "DISCOVER"),
        (2, "OFFER"),
        (3, "REQUEST"),
        (4, "ACK"),
    ]
    assert (found.offered, found.requested, found.server) == ("10.0.0.17", "10.0.0.17", "10.0.0.254")
    assert (found.subnet_mask, found.routers) == ("255.255.255.0", ("10.0.0.254",))
    assert found.dns_servers == ("10.0.0.53", "10.0.0.54")
    assert (found.domain, found.lease_s, found.hostname) == ("example.org", 3600, "laptop")


def test_refused(tmp_path: Path) -> None:
    found = only(tmp_path, from_client("request"), from_server("nak", address=NOBODY))
    assert (found.outcome, found.offered) == ("refused", None)


def test_nobody_answers(tmp_path: Path) -> None:
    found = only(tmp_path, from_client("discover"), from_client("discover"))
    assert (found.outcome, found.server, found.lease_s, found.routers) == ("unanswered", None, None, ())


def test_given_back(tmp_path: Path) -> None:
    assert only(tmp_path, from_client("release")).outcome == "released"


def test_an_address_that_another_host_has_is_declined(tmp_path: Path) -> None:
    report = captured(
        tmp_path, from_client("decline", ("requested_addr", "10.0.0.17"), ("server_id", "10.0.0.254"))
    )
    assert [one.outcome for one in report.dhcp] == ["declined"]
    assert f"DHCP: {HOST} declined the address that it was given." in [one.text for one in report.claims]


def test_a_host_with_an_address_asks_for_settings(tmp_path: Path) -> None:
    report = captured(tmp_path, from_client("inform"), from_server("ack", *SETTINGS[:5], address=NOBODY))
    assert [(one.outcome, one.offered, one.lease_s) for one in report.dhcp] == [("informed", None, None)]
    assert f"DHCP: {HOST} asked for settings only." in [one.text for one in report.claims]


def test_two_transactions(tmp_path: Path) -> None:
    report = captured(tmp_path, from_client("discover", number=1), from_client("discover", number=2))
    assert [one.transaction_id for one in report.dhcp] == ["0x00000001", "0x00000002"]


def test_other_datagrams_are_no_dhcp(tmp_path: Path) -> None:
    datagram = IP(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=4000, dport=4001) / b"hello"
    assert captured(tmp_path, datagram).dhcp == ()


def test_a_real_offer(captures_dir: Path) -> None:
    (found,) = proved(captures_dir / "tls-decrypt" / "pcapfs-system-tests.pcap").dhcp
    assert (found.outcome, found.client_mac) == ("offered", "00:0b:82:01:fc:42")
    assert (found.offered, found.server, found.lease_s) == ("192.168.0.10", "192.168.0.1", 3600)
    assert [one.frame for one in found.messages] == [1, 2]
