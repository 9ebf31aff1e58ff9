"""Statements about TLS that only a second look shows, proved with what Wireshark's default settings show.

A filter that asks for a TLS field selects nothing there, so these statements select their frames by number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pcap_report.model.filters import frame_filter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim, Finding

_TLS = "tls"


def claims_by_frames(claims: Iterable[Claim], connection: Connection) -> list[Claim]:
    """Return the statements of a connection, provable without its second look where it needed one."""
    if not _looked_again(connection):
        return list(claims)
    return [
        replace(
            one,
            display_filter=_by_frames(one.frames, one.display_filter, connection),
            values=tuple(value for value in one.values if not value.field.startswith(_TLS)),
        )
        for one in claims
    ]


def findings_by_frames(findings: Iterable[Finding], connections: Iterable[Connection]) -> tuple[Finding, ...]:
    """Return the findings, provable without a second look."""
    again = {one.id: one for one in connections if _looked_again(one)}
    return tuple(
        replace(one, display_filter=_by_frames(one.frames, one.display_filter, again[one.connection]))
        if one.connection in again
        else one
        for one in findings
    )


def _looked_again(connection: Connection) -> bool:
    tls = connection.tls_handshake
    return tls is not None and tls.second_look is not None


def _by_frames(frames: tuple[int, ...], display_filter: str, connection: Connection) -> str:
    if _TLS not in display_filter or not frames:
        return display_filter
    return f"{connection.display_filter} && {frame_filter(frames)}"
