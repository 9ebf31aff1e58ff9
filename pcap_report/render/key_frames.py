"""The table of key frames: every arrow of a connection's diagram as a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase, Step, StepStyle
    from pcap_report.model.message import Message


@dataclass(frozen=True)
class KeyFrames:
    """A row: frames of one kind."""

    frames: tuple[int, ...]
    time_s: float
    source: str
    destination: str
    protocol: str
    label: tuple[Message, ...]
    phase: Phase = "app_data"
    style: StepStyle = "normal"


def endpoint(ip: str, port: int) -> str:
    """Write an address with its port as Wireshark users do; IPv6 in brackets (RFC 3986, 3.2.2)."""
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def key_frames(connection: Connection, steps: Iterable[Step]) -> Iterator[KeyFrames]:
    """Yield the rows in capture order."""
    client = endpoint(connection.client.ip, connection.client.port)
    server = endpoint(connection.server.ip, connection.server.port)
    for step in steps:
        if step.kind == "arrow":
            back = step.direction == "server_to_client"
            ends = (server, client) if back else (client, server)
            protocol = _protocol(connection, step)
            yield KeyFrames(step.frames, step.time_s, *ends, protocol, step.label, step.phase, step.style)


def _protocol(connection: Connection, step: Step) -> str:
    tls, data = connection.tls_handshake, connection.app_data
    if connection.protocol == "quic":
        return "QUIC"
    above = step.style == "alert" or (step.phase in {"tls_handshake", "app_data"} and step.style == "normal")
    if above and tls and (step.phase == "tls_handshake" or (data and data.encrypted)):
        return tls.version or "TLS"
    return "DTLS" if connection.protocol == "dtls" else "TCP"


def fewer(rows: Sequence[KeyFrames], room: int) -> list[KeyFrames]:
    """Choose the rows that tell most, still in capture order.

    Acknowledgements, repetitions and farewells go first, then data from the middle; the opening, the TLS
    handshake and the close stay as long as they can.
    """
    ranked = sorted(range(len(rows)), key=lambda at: (_rank(rows[at]), _depth(at, len(rows))))
    return [rows[at] for at in sorted(ranked[:room])]


def _rank(row: KeyFrames) -> int:
    if row.phase == "tcp_handshake" or (row.phase == "tls_handshake" and row.style != "ack"):
        return 0
    if row.phase == "teardown" and row.style in {"normal", "reset"}:
        return 0
    return 1 if row.phase == "app_data" and row.style == "normal" else 2


def _depth(at: int, count: int) -> int:
    """Tell how far a row is from the nearer end."""
    return min(at, count - 1 - at)
