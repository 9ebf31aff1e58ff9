"""Rules about the network: packets that do not fit, addresses that two machines have, scans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.rules.base import Limits, Rule, Sighting, Threshold, seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.connection import Connection
    from pcap_report.model.icmp import IcmpError
    from pcap_report.model.report import Report

_NAMED: Final = 10
"""Hosts that complain: of more, they are counted."""
_UNDELIVERED: Final = frozenset(("unreachable", "port_unreachable"))


def _too_big(report: Report, _: Limits) -> Iterator[Sighting]:
    frames = [
        frame for error in report.icmp_errors if error.kind == "packet_too_big" for frame in error.frames
    ]
    known = [
        error.next_hop_mtu
        for error in report.icmp_errors
        if error.kind == "packet_too_big" and error.next_hop_mtu
    ]
    if frames and known:
        yield seen(
            msg("Packets are too big for the path: a router lets %(mtu)s bytes through.", mtu=min(known)),
            frames,
        )
    elif frames:
        yield seen(msg("Packets are too big for the path."), frames)


def _undelivered(report: Report, _: Limits) -> Iterator[Sighting]:
    by_word: dict[tuple[str, str], list[IcmpError]] = {}
    for error in report.icmp_errors:
        if error.kind in _UNDELIVERED:
            by_word.setdefault((error.sender, error.meaning), []).append(error)
    if len(by_word) > _NAMED:
        errors = [error for told in by_word.values() for error in told]
        yield seen(
            msg(
                "%(count)s hosts and routers say of %(packets)s packets that they could not be delivered.",
                count=len({sender for sender, _ in by_word}),
                packets=sum(error.count for error in errors),
            ),
            (frame for error in errors for frame in error.frames),
        )
        return
    for (sender, meaning), errors in by_word.items():
        yield seen(
            msg_n(
                "%(sender)s says of %(count)s packet that it could not be delivered: %(meaning)s.",
                "%(sender)s says of %(count)s packets that they could not be delivered: %(meaning)s.",
                sum(error.count for error in errors),
                sender=sender,
                meaning=meaning,
            ),
            (frame for error in errors for frame in error.frames),
        )


def _duplicate_address(report: Report, _: Limits) -> Iterator[Sighting]:
    for conflict in report.neighbours.conflicts if report.neighbours else ():
        yield seen(
            msg_n(
                "%(count)s MAC address claims an IP address that another has too.",
                "%(count)s MAC addresses claim the same IP address.",
                len(conflict.macs),
            ),
            conflict.frames,
        )


def _came_to_nothing(report: Report) -> Iterator[Connection]:
    for one in report.connections:
        silent = one.protocol == "tcp" and not one.client_payload_bytes and not one.server_payload_bytes
        if silent and one.tcp_handshake and one.tcp_handshake.syn:
            yield one


def _port_scan(report: Report, limits: Limits) -> Iterator[Sighting]:
    by_pair: dict[tuple[str, str], list[Connection]] = {}
    for one in _came_to_nothing(report):
        by_pair.setdefault((one.client.ip, one.server.ip), []).append(one)
    for tried in by_pair.values():
        ports = {one.server.port for one in tried}
        if len(ports) >= limits["ports"]:
            yield seen(
                msg_n(
                    "One host tried %(count)s port of another, and said nothing on any.",
                    "One host tried %(count)s ports of another, and said nothing on any.",
                    len(ports),
                ),
                (one.first_frame for one in tried),
            )


def _host_scan(report: Report, limits: Limits) -> Iterator[Sighting]:
    by_port: dict[tuple[str, int], list[Connection]] = {}
    for one in _came_to_nothing(report):
        by_port.setdefault((one.client.ip, one.server.port), []).append(one)
    for (_, port), tried in by_port.items():
        hosts = {one.server.ip for one in tried}
        if len(hosts) >= limits["hosts"]:
            yield seen(
                msg_n(
                    "One host tried port %(port)s of %(count)s other, and said nothing to any.",
                    "One host tried port %(port)s of %(count)s others, and said nothing to any.",
                    len(hosts),
                    port=port,
                ),
                (one.first_frame for one in tried),
            )


RULES: Final = (
    Rule(
        "network.packet_too_big",
        "medium",
        msg("Where these messages are dropped on the way, connections hang as soon as much is sent."),
        _too_big,
    ),
    Rule(
        "network.undelivered",
        "low",
        msg("Somebody goes on sending to where nobody listens, or where no way leads."),
        _undelivered,
    ),
    Rule(
        "network.duplicate_address",
        "medium",
        msg("Traffic goes now to the one and now to the other; or somebody forges answers."),
        _duplicate_address,
    ),
    Rule(
        "scan.ports",
        "medium",
        msg("Somebody looks for services; or a monitor is too eager."),
        _port_scan,
        (Threshold("ports", 20, msg("different ports of one host, tried by one other")),),
    ),
    Rule(
        "scan.hosts",
        "medium",
        msg("Somebody looks for a service on many machines: so do worms."),
        _host_scan,
        (Threshold("hosts", 20, msg("different hosts, tried by one at the same port")),),
    ),
)
