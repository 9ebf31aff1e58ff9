"""A small network in three namespaces: a client at home, its gateway, a server far away.

    client eth0 (TAP) ── lan0 (TAP) gateway wan0 (TUN) ── path with delay ── eth0 (TUN) server

The capture runs on the client's eth0. The gateway is a real router: it answers ARP and lowers the TTL; it
also runs the name server, as home routers do. Nothing here reaches a network outside.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from pcapng_tidy import drop_host_details
from topology import (
    CLIENT,
    CLIENT_MAC,
    GATEWAY,
    GATEWAY_MAC,
    IPV4,
    SERVER,
    Addresses,
    Road,
    cable_end,
    give_address,
    python,
    run,
)
from user_space_link import Link, LinkRunner

RESOLVER_FOLDER: Final = Path("/etc/netns") / CLIENT
SETTLE_S: Final = 2.5
"""Neighbour discovery and multicast reports at link-up are over by then."""
READY_AFTER_S: Final = 0.7
SETTINGS: Final = (
    "net.ipv4.tcp_congestion_control=reno",
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv6.conf.all.router_solicitations=0",
    "net.ipv6.conf.default.router_solicitations=0",
)


class Lab:
    """The three namespaces, alive for the length of a `with` block."""

    def __init__(self, addresses: Addresses = IPV4, road: Road | None = None) -> None:
        """Describe the network; nothing exists before `with`."""
        self.addresses = addresses
        self._road = road or Road()
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        """Build the namespaces and wait until they are quiet."""
        self._remove()
        self._links = LinkRunner()
        try:
            self._build()
        except BaseException:
            self._take_down()
            raise
        time.sleep(SETTLE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the programs, then take everything down."""
        self._take_down()

    def _build(self) -> None:
        settings = (*SETTINGS, *self._road.settings, self._ipv6_switch())
        for namespace in (CLIENT, GATEWAY, SERVER):
            run("ip", "netns", "add", namespace)
            run("ip", "netns", "exec", namespace, "sysctl", "-q", "-w", *settings)
            run("ip", "-n", namespace, "link", "set", "lo", "up")
        lan = Link(cable_end(CLIENT, "eth0", CLIENT_MAC), cable_end(GATEWAY, "lan0", GATEWAY_MAC))
        path = self._road.link(cable_end(GATEWAY, "wan0"), cable_end(SERVER, "eth0"))
        self._links.add(lan)
        self._links.add(path)
        self._configure()
        RESOLVER_FOLDER.mkdir(parents=True, exist_ok=True)
        (RESOLVER_FOLDER / "resolv.conf").write_text(f"nameserver {self.addresses.gateway}\n")

    def _take_down(self) -> None:
        for child in reversed(self._children):
            child.terminate()
            child.wait()
        self._links.stop()
        self._remove()

    def start(self, namespace: str, command: Sequence[str], *, folder: Path | None = None) -> None:
        """Start a server that lives until the lab ends, in `folder` if it serves files."""
        full = ["ip", "netns", "exec", namespace, *command]
        child = subprocess.Popen(full, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self._children.append(child)
        time.sleep(READY_AFTER_S)
        if child.poll() is not None:
            message = f"{command[0]} ended at once with exit code {child.returncode}"
            raise RuntimeError(message)

    def name_server(self, *records: str) -> None:
        """Serve `NAME TYPE VALUE` records at the gateway."""
        self.start(GATEWAY, python("dns_server.py", self.addresses.gateway, *records))

    def run_client(
        self, command: Sequence[str], *, environment: dict[str, str] | None = None, check: bool = True
    ) -> str:
        """Run a client program to its end and give back what it printed."""
        full = ["ip", "netns", "exec", CLIENT, *command]
        surroundings = {**os.environ, **(environment or {})}
        ended = subprocess.run(full, check=check, env=surroundings, stdout=subprocess.PIPE)
        return ended.stdout.decode()

    def route_nowhere(self, destination: str) -> None:
        """Let the gateway swallow what goes to `destination`, without a word."""
        run("ip", "-n", GATEWAY, "route", "add", "blackhole", destination)

    @contextmanager
    def capture(self, target: Path, *, linger_s: float = 1.0) -> Iterator[None]:
        """Record the client's eth0 into `target` with dumpcap, and for `linger_s` after the block."""
        draft = Path("/run") / f"lab-{target.name}"
        full = ["ip", "netns", "exec", CLIENT, "dumpcap", "-q", "-i", "eth0", "-w", str(draft)]
        dumpcap = subprocess.Popen(full, stderr=subprocess.DEVNULL)
        time.sleep(1.0)
        try:
            yield
            time.sleep(linger_s)
        finally:
            dumpcap.send_signal(signal.SIGINT)
            dumpcap.wait()
        target.write_bytes(drop_host_details(draft.read_bytes()))
        draft.unlink()

    def _ipv6_switch(self) -> str:
        return f"net.ipv6.conf.default.disable_ipv6={0 if self.addresses.version == 6 else 1}"

    def _configure(self) -> None:
        a = self.addresses
        give_address(CLIENT, "eth0", f"{a.client}/{a.prefix}")
        give_address(GATEWAY, "lan0", f"{a.gateway}/{a.prefix}")
        run("ip", "-n", GATEWAY, "link", "set", "wan0", "up")
        run("ip", "-n", SERVER, "link", "set", "eth0", "mtu", str(self._road.server_mtu))
        give_address(SERVER, "eth0", f"{a.server}/{a.server_net.split('/')[1]}")
        forwarding = "net.ipv4.ip_forward=1" if a.version == 4 else "net.ipv6.conf.all.forwarding=1"
        run("ip", "netns", "exec", GATEWAY, "sysctl", "-q", "-w", forwarding)
        run("ip", "-n", CLIENT, "route", "add", "default", "via", a.gateway)
        run("ip", "-n", GATEWAY, "route", "add", a.server_net, "dev", "wan0")
        family = f"-{a.version}"
        run("ip", family, "-n", SERVER, "route", "add", "default", "dev", "eth0")

    def _remove(self) -> None:
        existing = run("ip", "netns", "list")
        for namespace in (CLIENT, GATEWAY, SERVER):
            if namespace in existing:
                run("ip", "netns", "delete", namespace)
        shutil.rmtree(RESOLVER_FOLDER, ignore_errors=True)
        with suppress(OSError):
            RESOLVER_FOLDER.parent.rmdir()
