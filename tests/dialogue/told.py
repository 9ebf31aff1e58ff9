"""What a report tells, in short form for comparing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection


def told(connection: Connection, analyzer: str) -> dict[str, tuple[int, ...]]:
    """The frames of an analyzer's claims, by what follows its id."""
    begin = f"{analyzer}."
    return {one.id.removeprefix(begin): one.frames for one in connection.claims if one.id.startswith(begin)}


def text_of(connection: Connection, claim: str) -> str:
    """The English sentence of a claim."""
    (text,) = (one.text for one in connection.claims if one.id == claim)
    return text
