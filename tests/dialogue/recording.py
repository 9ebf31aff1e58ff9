"""A capture that a test writes packet by packet: who sends what, and when."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from scapy.layers.inet import IP
from scapy.layers.inet6 import IPv6
from scapy.layers.l2 import CookedLinux, CookedLinuxV2, Dot1Q, Ether, Loopback
from scapy.utils import wrpcap

from pcap_report.engine import Options, analyze
from tests.dialogue.dns import Resolver
from tests.dialogue.tcp import Talk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report

Link = Literal["ethernet", "vlan", "linux_sll", "linux_sll2", "null", "loop", "raw"]

CLIENT_MAC: Final = "02:00:00:00:00:01"
SERVER_MAC: Final = "02:00:00:00:00:02"
_BEGIN_S: Final = 1_700_000_000
_STEP_MS: Final = 1.0
_LINK_NUMBERS: Final = {
    "ethernet": 1,
    "vlan": 1,
    "linux_sll": 113,
    "linux_sll2": 276,
    "null": 0,
    "loop": 108,
    "raw": 101,
}


@dataclass
class Frame:
    """A packet of the dialogue; its number is known when all are in."""

    recording: Recording
    network: Any  # a scapy packet: scapy ships no types
    time_ms: float
    from_client: bool

    @property
    def number(self) -> int:
        places = [place for place, frame in enumerate(self.recording.frames, start=1) if frame is self]
        assert places, "this packet is not in the capture"
        return places[0]


class Recording:
    """A capture in the making, with a clock that advances a millisecond with every packet."""

    def __init__(self, folder: Path, link: Link = "ethernet") -> None:
        self.folder = folder
        self.link = link
        self.frames: list[Frame] = []
        self.clock_ms = 0.0
        self._recording = True

    def talk(
        self,
        client: str = "192.168.1.10",
        server: str = "203.0.113.5",
        *,
        client_port: int = 50000,
        server_port: int = 443,
    ) -> Talk:
        """Return a TCP connection that is about to begin."""
        return Talk(self, (client, client_port), (server, server_port))

    def resolver(self, client: str = "192.168.1.10", server: str = "192.168.1.1") -> Resolver:
        """Return a client that asks a DNS server over UDP."""
        return Resolver(self, client, server)

    def after(self, *, ms: float) -> None:
        """Let time go by."""
        self.clock_ms += ms

    @contextmanager
    def lost(self) -> Iterator[None]:
        """What is sent in here never reaches the point of capture."""
        self._recording = False
        try:
            yield
        finally:
            self._recording = True

    def doubled(self) -> None:
        """The latest packet stands in the capture twice."""
        last = self.frames[-1]
        self.frames.append(Frame(self, last.network, last.time_ms + 0.01, last.from_client))

    def reordered(self) -> None:
        """The latest two packets were captured in the other order."""
        one, other = self.frames[-2:]
        one.time_ms, other.time_ms = other.time_ms, one.time_ms
        self.frames[-2:] = [other, one]

    def only(self, side: Literal["client", "server"]) -> None:
        """The capture saw one direction only."""
        self.frames = [frame for frame in self.frames if frame.from_client == (side == "client")]

    def without(self, *frames: Frame) -> None:
        """These were not captured."""
        self.frames = [frame for frame in self.frames if all(frame is not other for other in frames)]

    def take(self, network: Any, *, from_client: bool) -> Frame:  # noqa: ANN401 - a scapy packet
        self.clock_ms += _STEP_MS
        frame = Frame(self, network, self.clock_ms, from_client)
        if self._recording:
            self.frames.append(frame)
        return frame

    def write(self, name: str = "dialogue.pcap") -> Path:
        path = self.folder / name
        packets = []
        for frame in self.frames:
            packet = framed(frame.network, self.link, from_client=frame.from_client)
            packet.time = _BEGIN_S + frame.time_ms / 1000
            packets.append(packet)
        wrpcap(str(path), packets, linktype=_LINK_NUMBERS[self.link])
        return path

    def report(self, options: Options | None = None) -> Report:
        return analyze(self.write(), options)

    def connection(self, options: Options | None = None) -> Connection:
        """Return the only connection of the report, in which every analyzer must have done its work."""
        report = self.report(options)
        assert [one for one in report.attempts if one.status == "failed"] == []
        (connection,) = report.connections
        return connection


def framed(network: Any, link: Link, *, from_client: bool) -> Any:  # noqa: ANN401 - scapy packets
    """Put a link-layer header of the capture's kind in front of an IP packet."""
    over_ipv6 = isinstance(network, IPv6)
    assert over_ipv6 or isinstance(network, IP)
    source, target = (CLIENT_MAC, SERVER_MAC) if from_client else (SERVER_MAC, CLIENT_MAC)
    kind = 0x86DD if over_ipv6 else 0x0800
    if link == "vlan":
        return Ether(src=source, dst=target) / Dot1Q(vlan=42) / network
    if link in ("linux_sll", "linux_sll2"):
        header = CookedLinux if link == "linux_sll" else CookedLinuxV2
        address = bytes.fromhex(source.replace(":", "")) + b"\0\0"
        return header(src=address, lladdrtype=1, lladdrlen=6, proto=kind) / network
    if link == "null":
        return Loopback(type=30 if over_ipv6 else 2) / network
    if link == "loop":
        family = 24 if over_ipv6 else 2
        return _with_raw_head(family.to_bytes(4, "big"), network)
    return network.copy() if link == "raw" else Ether(src=source, dst=target) / network


def _with_raw_head(head: bytes, network: Any) -> Any:  # noqa: ANN401 - scapy packets
    from scapy.packet import Raw

    return Raw(head + bytes(network))
