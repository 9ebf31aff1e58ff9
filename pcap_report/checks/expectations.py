"""What somebody expects of a capture: the records of an expectations file."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from msgspec import Struct

from pcap_report.model.evidence import Severity

Plain = str | int | float | bool | None
"""A value to compare with; a text may begin with ``<``, ``<=``, ``>``, ``>=``, ``!=`` or ``==``."""

SHORT_NAMES: dict[str, str] = {
    "alpn": "tls_handshake.alpn",
    "cipher_suite": "tls_handshake.cipher_suite",
    "handshake": "tcp_handshake.outcome",
    "handshake_rtt_ms": "tcp_handshake.rtt_ms",
    "quic": "quic.outcome",
    "sni": "tls_handshake.sni",
    "teardown": "teardown.outcome",
    "tls": "tls_handshake.outcome",
    "tls.alpn": "tls_handshake.alpn",
    "tls.cipher_suite": "tls_handshake.cipher_suite",
    "tls.resumed": "tls_handshake.resumed",
    "tls.sni": "tls_handshake.sni",
    "tls.version": "tls_handshake.version",
}
"""Names that stand for paths of the JSON report."""


class Match(Struct, forbid_unknown_fields=True, frozen=True):
    """Which connections are meant; texts may hold ``*`` and ``?``. Nothing means all."""

    id: int | None = None
    """The connection's id in the report: tshark's tcp.stream."""
    protocol: Literal["tcp", "quic", "dtls"] | None = None
    client: str | None = None
    """IP address of the client."""
    server: str | None = None
    """IP address of the server, or one of its names."""
    port: int | None = None
    """Port of the server."""
    sni: str | None = None
    """The name in the ClientHello."""
    alpn: str | None = None
    """The application protocol that was selected, or (TLS 1.3 hides it) one that was offered."""


class ConnectionExpectation(Struct, forbid_unknown_fields=True, frozen=True):
    """Connections that must exist, and what must hold of each of them."""

    name: str | None = None
    """What it is called in the results."""
    match: Match = Match()
    count: int | str = ">= 1"
    """How many of them there must be: a number, or a comparison such as ``">= 1"``."""
    expect: dict[str, Plain | list[Plain]] = {}
    """A path of the JSON report below a connection, and the value that must stand there; of a list, any."""
    cel: str | list[str] = []
    """Expressions in CEL that must hold; the fields of the connection are their variables."""


class Unwanted(Struct, forbid_unknown_fields=True, frozen=True):
    """Findings that must not be there."""

    id: str = "*"
    """A rule's id; may hold ``*``."""
    severity: Severity = "info"
    """Of this severity, or graver."""
    match: Match | None = None
    """Only in these connections."""
    name: str | None = None


class FilterExpectation(Struct, forbid_unknown_fields=True, frozen=True):
    """A display filter, and how many frames it must select."""

    filter: str
    frames: int | str
    """A number, or a comparison such as ``"<= 3"``."""
    name: str | None = None


class Expectations(Struct, forbid_unknown_fields=True, frozen=True):
    """An expectations file."""

    version: Literal[1] = 1
    """The version of this format."""
    connections: list[ConnectionExpectation] = []
    no_findings: list[Unwanted] = []
    filters: list[FilterExpectation] = []
    capture: dict[str, Plain | list[Plain]] = {}
    """A path of the JSON report below ``capture``, and the value that must stand there."""
    cel: str | list[str] = []
    """Expressions in CEL about the whole report: ``capture``, ``connections``, ``findings``, ``dns`` …"""


def expressions_of(cel: str | list[str]) -> list[str]:
    """Return the expressions, of which one may be written without a list."""
    return [cel] if isinstance(cel, str) else cel


def expectations_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an expectations file; Any because it is JSON."""
    schemas, definitions = msgspec.json.schema_components([Expectations], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What is expected of a capture: pcap-report check, version 1",
        **schemas[0],
        "$defs": definitions,
    }
