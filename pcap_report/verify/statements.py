"""What a report states about frames: its claims, and its findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim, FieldValue, Finding
    from pcap_report.model.report import Report

_NOTHING: Final = "frame.number == 0"
Kind: TypeAlias = Literal["claim", "finding"]


class Statement(NamedTuple):
    """Something that a report states about frames."""

    name: str
    frames: tuple[int, ...]
    display_filter: str
    values: tuple[FieldValue, ...] = ()
    kind: Kind = "claim"
    connection: int | None = None
    text: str = ""
    said: bytes = b""
    """The message before translation, and the severity of a finding, as JSON."""
    needs_keys: bool = False
    """tshark confirms it only with the secrets."""


def statements_of(report: Report, connections: int | None = None) -> list[Statement]:
    """Return what a report states of the capture and of its connections, or of the first ones only."""
    shown = report.connections[:connections]
    numbers = {one.id for one in shown}
    found = [_claimed(one, None) for one in report.claims]
    for connection in shown:
        found += _of_connection(connection)
    found += [_found(one) for one in report.findings if one.connection in numbers or one.connection is None]
    return found


def _of_connection(connection: Connection) -> Iterator[Statement]:
    for one in connection.claims:
        yield _claimed(one, connection.id)


def _claimed(one: Claim, connection: int | None) -> Statement:
    said = _json(one.message, one.needs_keys)
    return Statement(
        one.id,
        one.frames,
        one.display_filter,
        one.values,
        "claim",
        connection,
        one.text,
        said,
        one.needs_keys,
    )


def _found(one: Finding) -> Statement:
    said = _json(one.message, one.severity, one.display_filter)
    shown = one.display_filter if one.frames else _NOTHING  # no frame shows it: only the facts prove it
    return Statement(one.id, one.frames, shown, (), "finding", one.connection, one.summary, said)


def _json(*parts: object) -> bytes:
    return msgspec.json.encode(parts)
