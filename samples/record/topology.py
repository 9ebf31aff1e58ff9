"""Who has which address in the lab, what the path between gateway and server is like, and how it is built."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from user_space_link import Judge, Link, deliver_all, open_device

PROGRAMS: Final = Path(__file__).resolve().parent
CLIENT, GATEWAY, SERVER = "lab-client", "lab-gateway", "lab-server"
CLIENT_MAC, GATEWAY_MAC = "0a:5c:1d:4e:20:17", "0a:5c:1d:4e:20:01"


@dataclass(frozen=True)
class Addresses:
    """Who has which address; `server_net` is what the gateway routes to the far end."""

    client: str
    gateway: str
    server: str
    server_net: str
    prefix: int

    @property
    def version(self) -> int:
        """4 or 6."""
        return 6 if ":" in self.client else 4


@dataclass(frozen=True)
class Road:
    """The path between gateway and server, and the kernel settings of this run."""

    delay_ms: float = 6.0
    """One way."""
    jitter_ms: float = 0.4
    judge: Judge = deliver_all
    server_mtu: int = 1500
    settings: tuple[str, ...] = ()

    def link(self, gateway_end: int, server_end: int) -> Link:
        """The cable with these traits."""
        return Link(gateway_end, server_end, self.delay_ms / 1000, self.jitter_ms / 1000, self.judge)


IPV4: Final = Addresses("192.168.1.23", "192.168.1.1", "203.0.113.20", "203.0.113.0/24", 24)
IPV6: Final = Addresses("2001:db8:1::23", "2001:db8:1::1", "2001:db8:2::20", "2001:db8:2::/64", 64)


def run(*command: str) -> str:
    """Run one command to its end and give back what it printed; its complaint is the error's message."""
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode:
        message = f"{' '.join(command)}: {ended.stderr.strip()}"
        raise RuntimeError(message)
    return ended.stdout


def python(program: str, *arguments: str) -> list[str]:
    """The command that runs a program of this folder."""
    return [sys.executable, "-B", str(PROGRAMS / program), *arguments]


def cable_end(namespace: str, name: str, mac: str | None = None) -> int:
    """One end of a cable, moved into `namespace`: TAP with a MAC address, TUN without."""
    draft = f"lab{os.getpid() % 10_000}{name}"
    descriptor = open_device(draft, "tap" if mac else "tun")
    if mac:
        run("ip", "link", "set", draft, "address", mac)
    run("ip", "link", "set", draft, "netns", namespace, "name", name)
    return descriptor


def give_address(namespace: str, interface: str, address: str) -> None:
    """Bring `interface` up with one address."""
    run("ip", "-n", namespace, "link", "set", interface, "up")
    options = ["nodad"] if ":" in address else []
    run("ip", "-n", namespace, "address", "add", address, "dev", interface, *options)
