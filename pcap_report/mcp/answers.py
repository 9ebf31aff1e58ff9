"""What each tool answers; the schemas that clients see are made from these records."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pcap_report.mcp.records import (
    Call,
    ConnectionLine,
    Difference,
    DnsQuery,
    FieldLine,
    HttpRequest,
    InterfaceLine,
    Keys,
    Limit,
    MatchedLog,
    Problem,
    ProtocolShare,
    Statement,
    StepLine,
    Totals,
)


class Page(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An answer that may not hold everything."""

    left_out: dict[str, int] = {}
    """How many of each list are still to come."""
    cursor: str | None = None
    """Ask the same again with this cursor for what comes next; absent at the end."""


class Diagnosis(Page, frozen=True, omit_defaults=True, kw_only=True):
    """What is in a capture, and what is wrong with it: problems first."""

    capture: str
    verdict: str | None = None
    """In one sentence; on the first page, like the totals and the hash."""
    totals: Totals | None = None
    sha256: str | None = None
    keys: Keys | None = None
    """What the secrets have opened; absent without any."""
    rpc_log: MatchedLog | None = None
    """How well the application's log fits; absent without one."""
    problems: tuple[Problem, ...] = ()
    connections: tuple[ConnectionLine, ...] = ()
    dns_queries: tuple[DnsQuery, ...] = ()
    http_requests: tuple[HttpRequest, ...] = ()
    statements: tuple[Statement, ...] = ()
    protocols: tuple[ProtocolShare, ...] = ()
    not_visible: tuple[Limit, ...] = ()
    """What this capture cannot show, and why."""


class Connections(Page, frozen=True, omit_defaults=True, kw_only=True):
    """The connections of a capture, those with problems first, then the largest."""

    capture: str
    total: int
    connections: tuple[ConnectionLine, ...] = ()


class ConnectionStory(Page, frozen=True, omit_defaults=True, kw_only=True):
    """One connection: what happened in it, in proved sentences."""

    capture: str
    connection: ConnectionLine | None = None
    """On the first page, where there is room for it; so are suite, ALPN and bytes."""
    cipher_suite: str | None = None
    alpn: str | None = None
    client_bytes: int | None = None
    """Payload that the client sent."""
    server_bytes: int | None = None
    problems: tuple[Problem, ...] = ()
    statements: tuple[Statement, ...] = ()
    http_requests: tuple[HttpRequest, ...] = ()
    calls: tuple[Call, ...] = ()
    steps: tuple[StepLine, ...] = ()


class Findings(Page, frozen=True, omit_defaults=True, kw_only=True):
    """What the rules found, the gravest first."""

    capture: str
    total: int
    verdict: str
    """In one sentence, of all severities."""
    by_severity: dict[str, int]
    problems: tuple[Problem, ...] = ()


class FrameStory(Page, frozen=True, omit_defaults=True, kw_only=True):
    """One frame: what the report says of it, and its layers from the outermost inwards."""

    capture: str
    frame: int
    display_filter: str | None = None
    """On the first page, where there is room for it."""
    connection: int | None = None
    statements: tuple[Statement, ...] = ()
    fields: tuple[FieldLine, ...] = ()


class Diagram(Page, frozen=True, omit_defaults=True, kw_only=True):
    """A sequence diagram as Mermaid."""

    capture: str
    mermaid: str
    steps_shown: int
    steps_in_all: int
    connection: int | None = None


class Verdict(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What tshark says of a statement when it is asked again."""

    capture: str
    verdict: Literal["proved", "refuted", "not_provable"]
    display_filter: str
    frame_count: int
    frames: tuple[int, ...] = ()
    """The stated frames, the first ones."""
    text: str | None = None
    reasons: tuple[str, ...] = ()


class Comparison(Page, frozen=True, omit_defaults=True, kw_only=True):
    """What has changed from the first capture to the second, what became worse first; as `diff` says it."""

    before: str
    after: str
    total: int
    verdict: str
    """In one sentence."""
    before_totals: Totals | None = None
    """On the first page, like those after."""
    after_totals: Totals | None = None
    differences: tuple[Difference, ...] = ()


class Interfaces(Page, frozen=True, omit_defaults=True, kw_only=True):
    """Where packets can be captured: the default first, then loopback."""

    may_capture: bool
    interfaces: tuple[InterfaceLine, ...] = ()
    reason: str | None = None
    """Why not."""


class CaptureStatus(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A capture that goes on, or the last one."""

    state: Literal["none", "capturing", "ended"]
    file: str | None = None
    """The name to give to analyze_capture, once it has ended."""
    interfaces: tuple[str, ...] = ()
    capture_filter: str | None = None
    packets: int = 0
    bytes: int = 0
    seconds: float = 0.0
    seconds_left: float = 0.0
    remark: str | None = None


class EndedCapture(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A capture that was stopped, and what is in it."""

    status: CaptureStatus
    diagnosis: Diagnosis | None = None
    """None where no packet came, or where the budget has no room for it: `analyze_capture` has."""
