"""What changed between two reports: connections, facts, performance, findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from pcap_report.model.known import FindingKey, ServerKey, keyed_findings, server_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Finding
    from pcap_report.model.report import Report

_FACTS = (
    "tcp_handshake.outcome",
    "tls_handshake.outcome",
    "tls_handshake.version",
    "tls_handshake.cipher_suite",
    "tls_handshake.alpn",
    "tls_handshake.resumed",
    "quic.outcome",
    "quic.version",
    "teardown.outcome",
    "teardown.initiator",
)
_SLOWER = ("tcp_handshake.rtt_ms", "tls_handshake.duration_ms", "quic.rtt_ms", "longest_latency_ms")
_LESS = ("tcp_performance.client.throughput_bytes_per_s", "tcp_performance.server.throughput_bytes_per_s")
_MORE = ("sent_again",)


class Thresholds(Struct, frozen=True):
    """From where on a number has changed."""

    percent: float = 25.0
    """Of what it was before."""
    least_ms: float = 20.0
    """Times that differ by less are the same."""
    least_segments: int = 2
    """Segments sent again that differ by less are the same."""


class Change(Struct, frozen=True):
    """Something that is not as it was before."""

    kind: Literal["connection", "fact", "performance", "finding"]
    change: Literal["appeared", "vanished", "changed", "better", "worse"]
    where: str
    """The server that it is about; "" for the whole capture."""
    what: str
    before: Any
    after: Any
    connection_before: int | None = None
    connection_after: int | None = None
    frames: tuple[int, ...] = ()
    """Frames of a finding, in the capture that it is in."""


def differences(before: Report, after: Report, thresholds: Thresholds | None = None) -> tuple[Change, ...]:
    """Return what changed, connections first."""
    limits = thresholds or Thresholds()
    return (*_connections(before, after, limits), *_findings(before, after))


def _connections(before: Report, after: Report, limits: Thresholds) -> Iterator[Change]:
    old, new = _grouped(before), _grouped(after)
    for key in dict.fromkeys((*old, *new)):
        ours, theirs = old.get(key, []), new.get(key, [])
        for one, other in zip(ours, theirs, strict=False):
            yield from _changes(key, one, other, limits)
        for gone in ours[len(theirs) :]:
            yield Change("connection", "vanished", str(key), "connection", gone.conn_state, None, gone.id)
        for come in theirs[len(ours) :]:
            yield Change(
                "connection", "appeared", str(key), "connection", None, come.conn_state, None, come.id
            )


def _grouped(report: Report) -> dict[ServerKey, list[Connection]]:
    groups: dict[ServerKey, list[Connection]] = {}
    for one in sorted(report.connections, key=lambda one: one.first_frame):
        groups.setdefault(server_key(one), []).append(one)
    return groups


def _changes(key: ServerKey, one: Connection, other: Connection, limits: Thresholds) -> Iterator[Change]:
    for path in _FACTS:
        was, now = _fact(one, path), _fact(other, path)
        if was != now:
            yield Change("fact", "changed", str(key), path, was, now, one.id, other.id)
    for path, more_is_worse, least in (
        *((path, True, limits.least_ms) for path in _SLOWER),
        *((path, False, 0.0) for path in _LESS),
        *((path, True, float(limits.least_segments)) for path in _MORE),
    ):
        was, now = _fact(one, path), _fact(other, path)
        if was is None or now is None or abs(now - was) < least:
            continue
        if abs(now - was) * 100 > limits.percent * abs(was):
            worse = (now > was) == more_is_worse
            yield Change(
                "performance", "worse" if worse else "better", str(key), path, was, now, one.id, other.id
            )


def _fact(one: Connection, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return a fact of a connection; None where it, or what it is in, is unknown."""
    made = _MADE.get(path)
    if made is not None:
        return made(one)
    value: Any = one
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


def _longest_latency_ms(one: Connection) -> float | None:
    exchanges = one.app_data.exchanges if one.app_data else ()
    waits = (exchange.latency_ms for exchange in exchanges if exchange.latency_ms is not None)
    return max(waits, default=None)


def _sent_again(one: Connection) -> int | None:
    """Wireshark flags fast and spurious ones as retransmissions, too."""
    return one.tcp_phenomena.retransmission.packets if one.tcp_phenomena else None


_MADE: Final = {"longest_latency_ms": _longest_latency_ms, "sent_again": _sent_again}
"""Facts that are made of others."""


def _findings(before: Report, after: Report) -> Iterator[Change]:
    old, new = _found(before), _found(after)
    for key, finding in _surplus(old, new):
        yield Change(
            "finding",
            "vanished",
            str(key.server or ""),
            finding.id,
            finding.summary,
            None,
            finding.connection,
            None,
            finding.frames,
        )
    for key, finding in _surplus(new, old):
        yield Change(
            "finding",
            "appeared",
            str(key.server or ""),
            finding.id,
            None,
            finding.summary,
            None,
            finding.connection,
            finding.frames,
        )


def _found(report: Report) -> list[tuple[FindingKey, Finding]]:
    return list(keyed_findings(report.findings, report.connections))


def _surplus(
    ours: Sequence[tuple[FindingKey, Finding]], theirs: Sequence[tuple[FindingKey, Finding]]
) -> Iterator[tuple[FindingKey, Finding]]:
    left = Counter(key for key, _ in theirs)
    for key, finding in ours:
        if left[key]:
            left[key] -= 1
        else:
            yield key, finding
