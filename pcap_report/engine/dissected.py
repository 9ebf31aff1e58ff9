"""Frames that somebody wants to see completely, as ``--dissect`` asks for them, in a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.report import Report


def with_dissected(report: Report, path: Path, frames: Sequence[int]) -> Report:
    """Return the report with these frames of its capture taken apart, every layer and field.

    Raises:
        UsageError: the capture has no such frame.
    """
    from pcap_report.capture.dissect import dissect
    from pcap_report.capture.tshark import find_tshark

    anatomies = dissect(path, frames, find_tshark())
    return replace(report, anatomy=(*report.anatomy, *(owned(one, report) for one in anatomies)))


def owned(anatomy: FrameAnatomy, report: Report) -> FrameAnatomy:
    """Return the dissection of a frame with the connection of the report that the frame belongs to."""
    return replace(anatomy, connection=_owner(anatomy, report))


def _owner(anatomy: FrameAnatomy, report: Report) -> int | None:
    """Return the connection whose ends stand in a frame and whose span holds it."""
    values = {field.name: field.value for layer in anatomy.layers for field in layer.fields}
    addresses = {values.get(name) for name in ("ip.src", "ip.dst", "ipv6.src", "ipv6.dst")}
    ports = {values.get(name) for name in ("tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport")}
    for one in report.connections:
        if not one.first_frame <= anatomy.frame <= one.last_frame:
            continue
        ends = {one.client.ip, one.server.ip} <= addresses
        if ends and {str(one.client.port), str(one.server.port)} <= ports:
            return one.id
    return None
