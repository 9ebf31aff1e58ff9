"""What answers are made of: small records without what is unknown, each with the filter that proves it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Severity
from pcap_report.model.rpc import Basis, Certainty


class ConnectionLine(Struct, frozen=True, omit_defaults=True):
    """A connection in a line."""

    id: int
    """The number to ask `get_connection` for: Wireshark's tcp.stream."""
    protocol: str
    client: str
    server: str
    packets: int
    bytes: int
    start_s: float
    """Seconds since the first packet of the capture."""
    duration_s: float
    display_filter: str
    name: str | None = None
    """A name of the server, as the packets tell it."""
    opened: str | None = None
    """How the TCP handshake went: complete, refused, unanswered, incomplete, not_captured."""
    closed: str | None = None
    """How it ended: orderly, reset, reset_after_fin, half_closed, open."""
    rtt_ms: float | None = None
    tls: str | None = None
    """The TLS version agreed on."""
    retransmissions: int = 0
    resets: int = 0
    problems: tuple[str, ...] = ()
    """Ids of the findings about it."""


class Problem(Struct, frozen=True, omit_defaults=True):
    """Something that a rule found, with its evidence and what to look at next."""

    id: str
    severity: Severity
    summary: str
    frame_count: int
    frames: tuple[int, ...]
    """The first frames that show it."""
    display_filter: str
    connection: int | None = None
    next_step: str | None = None


class Statement(Struct, frozen=True, omit_defaults=True):
    """A sentence of the report, proved by frames."""

    id: str
    text: str
    frame_count: int
    frames: tuple[int, ...]
    display_filter: str
    connection: int | None = None
    needs_keys: bool = False
    """It was read with keys: Wireshark shows it only with them."""


class DnsQuery(Struct, frozen=True, omit_defaults=True):
    """A question to a name service."""

    name: str
    frame: int | None = None
    type: str | None = None
    rcode: str | None = None
    """None: nobody answered in the capture."""
    answers: tuple[str, ...] = ()
    rtt_ms: float | None = None
    retries: int = 0


class HttpRequest(Struct, frozen=True, omit_defaults=True):
    """A request and its answer."""

    method: str | None = None
    host: str | None = None
    path: str | None = None
    status: int | None = None
    """None: no answer in the capture."""
    frame: int | None = None
    latency_ms: float | None = None
    connection: int | None = None
    decrypted: bool = False
    """It travelled encrypted and was read with keys."""


class ProtocolShare(Struct, frozen=True):
    """A protocol's share of the capture."""

    path: str
    packets: int
    bytes: int


class StepLine(Struct, frozen=True, omit_defaults=True):
    """An arrow or a note of a connection's sequence diagram."""

    time_s: float
    label: str
    frames: tuple[int, ...]
    direction: str | None = None


class Call(Struct, frozen=True, omit_defaults=True):
    """A JSON-RPC message."""

    kind: str
    direction: str
    frames: tuple[int, ...]
    time_s: float
    method: str | None = None
    tool: str | None = None
    id: str | None = None
    latency_ms: float | None = None
    error: str | None = None
    basis: Basis = "read"
    """inferred: a message of the application's log, matched to encrypted bursts, and never certain."""
    certainty: Certainty | None = None
    """How sure an inferred one is."""


class FieldLine(Struct, frozen=True, omit_defaults=True):
    """A field of a frame."""

    layer: str
    name: str
    value: str
    meaning: str | None = None


class Totals(Struct, frozen=True, omit_defaults=True):
    """The capture in numbers."""

    packets: int
    bytes: int
    connections: int
    duration_s: float | None = None
    first_packet_at: str | None = None
    truncated: bool = False
    opened: int = 0
    """Connections whose TCP handshake is complete."""
    closed: int = 0
    """Connections that ended in order."""
    refused: int = 0
    unanswered: int = 0
    reset: int = 0
    retransmissions: int = 0
    dns_queries: int = 0
    dns_failed: int = 0
    """Without an answer, or with another code than NOERROR."""
    http_requests: int = 0
    http_failed: int = 0
    """Without an answer, or with a status from 400 on."""
    problems: dict[str, int] = {}
    """Findings by severity."""


class Keys(Struct, frozen=True, omit_defaults=True):
    """What the secrets of a key log, or of the capture itself, have opened."""

    decrypted: tuple[int, ...] = ()
    """Connections that were read, the first hundred."""
    partly: tuple[int, ...] = ()
    not_decrypted: tuple[int, ...] = ()


class MatchedLog(Struct, frozen=True, omit_defaults=True):
    """How well the messages of an application's log fit the bursts of the capture."""

    messages: int
    matched: int


class Difference(Struct, frozen=True, omit_defaults=True):
    """Something that is not as it was in the first capture."""

    kind: Literal["connection", "fact", "performance", "finding"]
    change: Literal["appeared", "vanished", "changed", "better", "worse"]
    what: str
    """A path of the report, or the id of a finding."""
    where: str | None = None
    """The server that it is about; absent for the whole capture."""
    before: str | float | int | bool | None = None
    after: str | float | int | bool | None = None
    connection_before: int | None = None
    connection_after: int | None = None
    frames: tuple[int, ...] = ()
    """Frames of a finding, in the capture that it is in."""


class InterfaceLine(Struct, frozen=True, omit_defaults=True):
    """An interface of this machine."""

    name: str
    default: bool = False
    """Packets to anywhere leave by it."""
    loopback: bool = False


class Limit(Struct, frozen=True):
    """What a capture cannot show, and why."""

    what: str
    why: str
