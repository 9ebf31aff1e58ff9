"""Keep only the connections that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.engine.connections import Draft
    from pcap_report.engine.options import Options
    from pcap_report.model.connection import Connection


class _OfConnection(Protocol):
    """A record that names its connection."""

    @property
    def connection(self) -> int | None: ...


_Record = TypeVar("_Record", bound=_OfConnection)


def selected(drafts: list[Draft], options: Options) -> list[Draft]:
    """Apply ``--connection`` and ``--server``.

    Raises:
        UsageError: nothing is left.
    """
    if not options.connections and not options.server:
        return drafts
    kept = [draft for draft in drafts if _wanted(draft.connection, options)]
    if not kept:
        numbers = ", ".join(str(draft.connection.id) for draft in drafts[:20])
        message = "No connection of the capture is the one that was asked for"
        raise UsageError(
            message, f"Its connections are: {numbers or 'none'}. See them: pcap-report connections"
        )
    return kept


def of_connections(records: Iterable[_Record], connections: Sequence[Connection]) -> tuple[_Record, ...]:
    """Return the records that speak of these connections."""
    ids = {one.id for one in connections}
    return tuple(one for one in records if one.connection in ids)


def _wanted(connection: Connection, options: Options) -> bool:
    if options.connections and connection.id not in options.connections:
        return False
    return options.server is None or is_server(connection, options.server)


def is_server(connection: Connection, text: str) -> bool:
    """Tell whether the server has this address or name, or a name below it."""
    wanted = text.lower().rstrip(".")
    names = [name.lower().rstrip(".") for name in connection.server.names]
    return connection.server.ip == wanted or any(
        name == wanted or name.endswith("." + wanted) for name in names
    )
