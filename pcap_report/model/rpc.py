"""Facts about JSON-RPC 2.0 and MCP messages: read in the clear or with keys, or inferred from a log."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.model.evidence import Direction

Basis = Literal["read", "inferred"]
"""``read``: it stands in the packets, in the clear or decrypted. ``inferred``: a log's message, matched to
encrypted bursts by order, direction, time and size. An inference is never certain."""

Certainty = Literal["high", "medium", "low"]
"""How sure a match is; never more than high."""

Reason = Literal[
    "order", "direction", "time", "size", "alone", "answer", "rival", "late", "loose_size", "no_clock"
]
"""Why a match is as sure as it is.

``order``, ``direction``, ``time``, ``size``: it agrees. ``alone``: no other place comes near. ``answer``: the
answer follows its request. ``rival``: another place is nearly as good. ``late``: the times differ more than
usual. ``loose_size``: the size of the burst leaves room. ``no_clock``: too few messages tell how far the two
clocks stand apart.
"""


class RpcMessage(Struct, frozen=True):
    """A JSON-RPC message (JSON-RPC 2.0, sections 4 to 6)."""

    kind: Literal["request", "notification", "result", "error", "invalid"]
    direction: Direction
    id: str | None
    """As JSON: ``1``, ``"a"``; None for a notification."""
    method: str | None
    """For an answer, the method of its request where that is known."""
    tool: str | None
    """MCP's ``tools/call``: the name of the tool."""
    frames: tuple[int, ...]
    """Frames that carry it, the one in which it ends last; inferred: those of its burst."""
    time_s: float
    """When its end was captured: seconds since the first packet of the capture."""
    bytes: int | None
    """Bytes of its JSON text."""
    carrier: Literal["http", "sse", "websocket", "log"]
    basis: Basis
    request: int | None = None
    """For an answer: place of its request in ``messages``, from 0."""
    answer: int | None = None
    """For a request: place of its answer."""
    latency_ms: float | None = None
    """For an answer: from the end of its request to its own end."""
    error_code: int | None = None
    error_message: str | None = None
    batch: int | None = None
    """Place in a batch, from 1; None outside batches."""
    burst: int | None = None
    """Inferred: place in ``app_data.bursts``, from 0."""
    log_line: int | None = None
    """Line of the application log that holds it."""
    certainty: Certainty | None = None
    """None for what was read."""
    reasons: tuple[Reason, ...] = ()


class MethodCalls(Struct, frozen=True):
    """Calls of one method."""

    method: str
    calls: int
    errors: int
    unanswered: int
    median_ms: float | None
    """Median of the latencies; None without an answer."""
    maximum_ms: float | None
    tools: tuple[str, ...] = ()
    """Tools called by ``tools/call``, in the order of their first call."""


class McpSession(Struct, frozen=True):
    """A session of the Model Context Protocol, as far as its messages tell."""

    protocol_version: str | None
    """What the server answered; the client's wish where there is no answer."""
    client_name: str | None
    client_version: str | None
    server_name: str | None
    server_version: str | None
    client_capabilities: tuple[str, ...]
    server_capabilities: tuple[str, ...]
    tools_listed: tuple[str, ...]
    """Names of the tools that the server offers."""
    tools_called: tuple[str, ...]
    tool_errors: int
    """Calls whose result says ``isError``, and calls answered with an error."""


class Rpc(Struct, frozen=True):
    """JSON-RPC on one connection."""

    basis: Basis
    messages: tuple[RpcMessage, ...]
    methods: tuple[MethodCalls, ...]
    mcp: McpSession | None
    messages_omitted: int = 0


class UnmatchedMessage(Struct, frozen=True):
    """A message of the log that got no burst."""

    log_line: int
    direction: Direction | None
    kind: str
    method: str | None
    id: str | None
    why: Literal["no_burst", "ambiguous", "outside"]
    """``outside``: the capture does not cover its time."""


class UnmatchedBurst(Struct, frozen=True):
    """A burst of the connections in question that no message of the log explains."""

    connection: int
    burst: int
    """Place in ``app_data.bursts``, from 0."""
    direction: Direction
    frames: tuple[int, ...]
    bytes: int
    likely: Literal["acknowledgement", "handshake", "unknown"]
    """``acknowledgement``: an answer without a body to a notification; ``handshake``: session tickets."""


class RpcLogCheck(Struct, frozen=True):
    """Inferred matches held against what the keys reveal."""

    compared: int
    right: int
    wrong: int


class RpcLog(Struct, frozen=True):
    """An application log, and how it fits the capture."""

    file: str
    messages: int
    matched: int
    clock_offset_s: float | None
    """Log time minus capture time, found by the matching; None where nothing fits."""
    clock_offset_found: Literal["same_clock", "time_zone", "skew", "unknown"]
    """``time_zone``: whole quarters of an hour, as of a local clock without its offset."""
    unmatched_messages: tuple[UnmatchedMessage, ...]
    unmatched_bursts: tuple[UnmatchedBurst, ...]
    check: RpcLogCheck | None
    """None without keys."""
    omitted: int = 0
    """Unmatched messages and bursts that are not listed."""
