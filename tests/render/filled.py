"""Reports with another text in every field that a packet, a file or a tampered report could fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pcap_report.model.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

# What is ours and of a closed set: the templates decide by it.
OURS = {
    *("protocol", "direction", "outcome", "kind", "phase", "style", "severity", "status", "orientation"),
    *(
        "source",
        "from",
        "initiator",
        "text",
        "plural",
        "id",
        "role",
        "first_packet_at",
        "longest",
        "ended_by",
    ),
}


def filled(report: Report, next_text: Callable[[], str]) -> Report:
    """Put the next text into each field that is not ours."""
    return msgspec.convert(_replaced(msgspec.to_builtins(report), next_text, ""), type=Report)


def _replaced(value: Any, next_text: Callable[[], str], key: str) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _replaced(one, next_text, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, next_text, key) for one in value]
    if isinstance(value, str) and not _is_ours(key, value):
        return next_text()
    return value


def _is_ours(key: str, value: str) -> bool:
    return key in OURS or key.endswith(("_term", "_terms")) or value.startswith("TLS 1.")


def many(report: Report, count: int) -> Report:
    """Repeat a report's connections until there are so many, each with a number and ports of its own."""
    every = [report.connections[number % len(report.connections)] for number in range(count)]
    connections = tuple(
        msgspec.structs.replace(
            one,
            id=number,
            client=msgspec.structs.replace(one.client, port=40_000 + number),
            bytes=one.bytes + 7 * (number * 37 % count),
            start_s=one.start_s + number,
            end_s=one.end_s + number,
        )
        for number, one in enumerate(every)
    )
    return msgspec.structs.replace(report, connections=connections, told=tuple(range(count)))
