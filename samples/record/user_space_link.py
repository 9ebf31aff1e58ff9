"""User-space cables between network namespaces, held at both ends through /dev/net/tun.

A kernel without the netem queueing discipline cannot delay, lose or reorder. A program that holds both ends
of a cable can, and the same way at every run. TAP ends carry Ethernet frames, TUN ends carry IP packets;
neither has offloads, so what is captured there is MTU-sized and has valid checksums.
"""

import asyncio
import fcntl
import os
import random
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal

TUNSETIFF: Final = 0x400454CA
IFF_TUN: Final = 0x0001
IFF_TAP: Final = 0x0002
IFF_NO_PI: Final = 0x1000
LARGEST_FRAME: Final = 65_536
SPACING_S: Final = 0.000_12
"""Least time between two packets of one direction: 1,500 bytes at about 100 Mbit/s."""

Kind = Literal["tun", "tap"]
Towards = Literal["server", "client"]
Fate = float | None
"""What a lossy path does to one packet: hold it back for so many seconds (0 is none), or drop it (None)."""
Judge = Callable[[bytes, Towards], Fate]


def open_device(name: str, kind: Kind) -> int:
    """Create the interface `name` in this namespace; whoever holds the returned descriptor is its cable."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    flags = (IFF_TAP if kind == "tap" else IFF_TUN) | IFF_NO_PI
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), flags))
    return descriptor


def deliver_all(_packet: bytes, _towards: Towards) -> Fate:
    """A perfect path: nothing is lost and nothing overtakes."""
    return 0.0


@dataclass
class Link:
    """One cable: what enters one end leaves the other after `delay_s`, in order unless `judge` says else."""

    client_end: int
    server_end: int
    delay_s: float = 0.0
    jitter_s: float = 0.0
    judge: Judge = deliver_all
    _random: random.Random = field(default_factory=lambda: random.Random(7))
    _last_due: dict[Towards, float] = field(default_factory=lambda: {"server": 0.0, "client": 0.0})

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to carry packets both ways on `loop`."""
        loop.add_reader(self.client_end, self._carry, loop, "server")
        loop.add_reader(self.server_end, self._carry, loop, "client")

    def close(self) -> None:
        """Let go of both ends, which removes both interfaces."""
        os.close(self.client_end)
        os.close(self.server_end)

    def _carry(self, loop: asyncio.AbstractEventLoop, towards: Towards) -> None:
        source, sink = self.client_end, self.server_end
        if towards == "client":
            source, sink = sink, source
        packet = os.read(source, LARGEST_FRAME)
        hold_s = self.judge(packet, towards)
        if hold_s is None:
            return
        due = loop.time() + self.delay_s + self._random.uniform(0, self.jitter_s)
        if hold_s:
            due += hold_s
        else:
            due = max(due, self._last_due[towards] + SPACING_S)
            self._last_due[towards] = due
        loop.call_at(due, _deliver, sink, packet)


def _deliver(sink: int, packet: bytes) -> None:
    """Put the packet in; an interface that is still down takes none, as an unplugged one would not."""
    with suppress(OSError):
        os.write(sink, packet)


class LinkRunner:
    """Carries the packets of all links on a thread of its own."""

    def __init__(self) -> None:
        """Start the thread with no links yet."""
        self._loop = asyncio.new_event_loop()
        self._links: list[Link] = []
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def add(self, link: Link) -> None:
        """Put `link` into service."""
        self._links.append(link)
        self._loop.call_soon_threadsafe(link.attach, self._loop)

    def stop(self) -> None:
        """Stop the thread, then close every link."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        for link in self._links:
            link.close()
