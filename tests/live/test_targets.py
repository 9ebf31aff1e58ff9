"""Targets and the filters made of them: hostile text never reaches a recorder."""

from __future__ import annotations

import ipaddress
import subprocess
from shutil import which

import pytest

from pcap_report.errors import UsageError
from pcap_report.live.bounds import Bounds, parse_size
from pcap_report.live.modes import Mode, capture_filter, fitting
from pcap_report.live.planning import planned
from pcap_report.live.routes import interface_of_route
from pcap_report.live.target import Target, parse_target, resolve

V4, V6 = ipaddress.ip_address("192.0.2.7"), ipaddress.ip_address("2001:db8::7")


@pytest.mark.parametrize(
    ("text", "host", "ports"),
    [
        ("example.org", "example.org", None),
        ("Example.ORG.", "example.org", None),
        ("españa.example", "xn--espaa-rta.example", None),
        ("_sip.example.org", "_sip.example.org", None),
        ("example.org:8443", "example.org", (8443, 8443)),
        ("192.0.2.7", "192.0.2.7", None),
        ("192.0.2.7:53", "192.0.2.7", (53, 53)),
        ("2001:DB8::7", "2001:db8::7", None),
        ("[2001:db8::7]:443", "2001:db8::7", (443, 443)),
        ("[2001:db8::7]", "2001:db8::7", None),
        ("443", None, (443, 443)),
        ("8000-8010", None, (8000, 8010)),
        ("https://example.org/a?b=c#d", "example.org", (443, 443)),
        ("http://[::1]:8080/", "::1", (8080, 8080)),
        ("", None, None),
        ("auto", None, None),
    ],
)
def test_a_target_is_read(text: str, host: str | None, ports: tuple[int, int] | None) -> None:
    target = parse_target(text)
    assert (target.host, target.ports) == (host, ports)


@pytest.mark.parametrize(
    "text",
    [
        "example.org; rm -rf /",
        "$(id)",
        "`id`",
        "a|b",
        "host or 1=1",
        "-w/etc/passwd",
        "-",
        "example.org or port 22",
        "a\nb",
        "a\0b",
        "exa mple.org",
        "../../etc/passwd",
        "TCP@192.0.2.1:2002",
        "rpcap://192.0.2.1/eth0",
        "user@example.org",
        "https://user:secret@example.org/",
        "999.1.1.1",
        "1.2.3",
        "0",
        "70000",
        "9-8",
        "example.org:0",
        "example..org",
        "x" * 64 + ".org",
        "a." * 140,
        "x" * 1_000_000,
        "1" * 5000,
        "\uff12\uff12",
        "[::1",
        "::1%lo; id",
    ],
    ids=lambda text: text[:20].encode("unicode_escape").decode(),
)
def test_a_hostile_target_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        planned(Mode.auto, text, ("lo",), Bounds())


@pytest.mark.parametrize(
    ("mode", "text", "addresses", "expected"),
    [
        (Mode.domain, "x.example", (V4, V6), "host 192.0.2.7 or host 2001:db8::7"),
        (Mode.domain, "x.example:25", (V4, V6), "(host 192.0.2.7 or host 2001:db8::7) and port 25"),
        (Mode.port, "8000-8010", (), "portrange 8000-8010"),
        (Mode.port, "x.example:25", (V4,), "host 192.0.2.7 and port 25"),
        (Mode.web, "https://x.example/", (V4,), "host 192.0.2.7 and port 443"),
    ],
)
def test_a_mode_makes_its_filter(
    mode: Mode, text: str, addresses: tuple[ipaddress.IPv4Address, ...], expected: str
) -> None:
    assert capture_filter(mode, parse_target(text), addresses) == expected


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("text", ["", "443", "8000-8010", "x.example", "x.example:25", "https://x.example/"])
def test_libpcap_understands_every_filter(mode: Mode, text: str) -> None:
    dumpcap = which("dumpcap")
    if dumpcap is None:
        pytest.skip("no dumpcap")
    target = parse_target(text)
    chosen = fitting(mode, target)
    addresses = (V4, V6) if target.host else ()
    try:
        made = capture_filter(chosen, target, addresses)
    except UsageError as refused:
        assert refused.hint
        return
    done = subprocess.run(
        [dumpcap, "-i", "lo", "-f", made, "-d"], capture_output=True, text=True, check=False
    )
    if "permission" in done.stderr:
        pytest.skip("no right to capture here: libpcap compiles filters for an open interface")
    assert "(000)" in done.stdout, done.stderr


def test_the_mode_that_fits() -> None:
    assert fitting(Mode.auto, parse_target("x.example")) is Mode.domain
    assert fitting(Mode.auto, parse_target("443")) is Mode.port
    assert fitting(Mode.auto, parse_target("auto")) is Mode.diagnosis
    assert fitting(Mode.web, parse_target("443")) is Mode.web


def test_localhost_is_resolved() -> None:
    addresses = resolve(Target("localhost", "localhost"))
    assert addresses
    assert all(one.is_loopback for one in addresses)


def test_a_name_that_does_not_exist_is_said() -> None:
    with pytest.raises(UsageError, match="has no address"):
        resolve(parse_target("nowhere.invalid"))


@pytest.mark.parametrize("interface", ["TCP@192.0.2.1", "-", "/etc/passwd", "rpcap://x/y", "lo;id", "1", ""])
def test_an_interface_is_one_of_this_machine(interface: str) -> None:
    with pytest.raises(UsageError, match="There is no interface"):
        planned(Mode.port, "443", (interface,), Bounds())


ROUTE_OF_MACOS = """\
   route to: 192.0.2.1
destination: default
       mask: default
    gateway: 192.168.1.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING,GLOBAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
"""
LOOPBACK_OF_MACOS = """\
   route to: 127.0.0.1
destination: 127.0.0.1
  interface: lo0
      flags: <UP,HOST,DONE,LOCAL>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
   49152     49152         0         0         0         0     16384         0
"""


@pytest.mark.parametrize(
    ("said", "interface"),
    [
        (ROUTE_OF_MACOS, "en0"),
        (LOOPBACK_OF_MACOS, "lo0"),
        (ROUTE_OF_MACOS.replace("en0", "utun4"), "utun4"),
        ("", None),  # "route: writing to routing socket: not in table" goes to standard error
        ("   gateway: interface: en9", None),
    ],
)
def test_the_interface_of_a_route_of_macos(said: str, interface: str | None) -> None:
    """MacOS itself is not among the machines that run these tests: what its `route -n get` prints is read."""
    assert interface_of_route(said) == interface


def test_loopback_is_found_for_a_loopback_address() -> None:
    assert planned(Mode.auto, "127.0.0.1", (), Bounds()).interfaces[0].startswith("lo")


@pytest.mark.parametrize("text", ["", "x", "-5", "5T", "1e9", "1" * 40])
def test_a_size_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_size(text)


def test_sizes() -> None:
    assert [parse_size(text) for text in ("500k", "50M", "1 GB", "4096")] == [
        500_000,
        50_000_000,
        10**9,
        4096,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"duration_s": 0},
        {"duration_s": 10**9},
        {"packets": -1},
        {"size": 10},
        {"ring": 1},
        {"snap_length": 1},
    ],
)
def test_every_capture_is_bounded(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        Bounds(**wrong)
