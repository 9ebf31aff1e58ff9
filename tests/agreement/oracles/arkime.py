"""Arkime's sessions (``oracles/arkime``): ends, packets, flags, fingerprints, names."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from tests.agreement import names
from tests.agreement.comparison import Comparison
from tests.agreement.report_index import ReportIndex, client, is_undisturbed, written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcap_report.model.connection import Connection
    from pcap_report.model.tls import TlsHandshake

# Any: the oracle's JSON is read as it is
Json = dict[str, Any]

_TCP: Final = 6
_LACKING_FLAGS: Final = ("ack", "psh", "urg", "ece", "cwr")


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare the sessions of every file; a session may be cut into several bodies."""
    comparison = Comparison(capture, "arkime")
    for path in sorted(place.glob("*.test")):
        sessions = [one["body"] for one in json.loads(path.read_text("utf-8"))["sessions3"]]
        by_ends: dict[frozenset[tuple[str, int]], list[Json]] = defaultdict(list)
        for body in sessions:
            if body.get("ipProtocol") == _TCP:
                by_ends[frozenset((_end(body["source"]), _end(body["destination"])))].append(body)
            else:
                _not_tcp(comparison, body)
        for bodies in by_ends.values():
            _compare_session(comparison, index, bodies)
    return [comparison]


def _end(side: Json) -> tuple[str, int]:
    return (side["ip"], side["port"])


def _not_tcp(comparison: Comparison, body: Json) -> None:
    where = f"{_end(body['source'])} → {_end(body['destination'])}"
    for field in ("source", "quic", "dns", "tls"):
        if field in body:
            comparison.lacking(f"{field} (IP protocol {body.get('ipProtocol')})", where, "session")


def _compare_session(comparison: Comparison, index: ReportIndex, bodies: Sequence[Json]) -> None:
    first = bodies[0]
    source, destination = _end(first["source"]), _end(first["destination"])
    ours = index.between(source, destination)
    where = f"{written(source)} → {written(destination)}"
    comparison.check("session", where, bool(ours), theirs=True)
    if not ours:
        return
    comparison.check("client", where, written(client(ours[0])), written(source))
    _compare_amounts(comparison, ours, bodies, where)
    _compare_flags(comparison, ours, bodies, where)
    community = first.get("network", {}).get("community_id")
    if community:
        comparison.check("community_id", where, ours[0].community_id, community)
    if "tls" in first:
        _compare_tls(comparison, ours, first["tls"], where)
    _compare_http(comparison, index, ours, first, where)
    for certificate in first.get("cert", ()):
        _compare_certificate(comparison, ours, certificate, where)


def _compare_amounts(
    comparison: Comparison, ours: Sequence[Connection], bodies: Sequence[Json], where: str
) -> None:
    sides = (("source", "client_packets"), ("destination", "server_packets"))
    for side, field in sides:
        packets = sum(body[side]["packets"] for body in bodies)
        comparison.check(f"{side} packets", where, sum(getattr(one, field) for one in ours), packets)
    total = sum(body["network"]["bytes"] for body in bodies)
    comparison.check("bytes", where, sum(one.bytes for one in ours), total)
    payloads = (("client", "client_payload_bytes"), ("server", "server_payload_bytes"))
    for side, field in payloads:
        if side in bodies[0] and not all(map(is_undisturbed, ours)):
            comparison.lacking(f"{side} payload (disturbed)", where, bodies[0][side]["bytes"])
        elif side in bodies[0]:
            payload = sum(body[side]["bytes"] for body in bodies)
            comparison.check(f"{side} payload", where, sum(getattr(one, field) for one in ours), payload)


def _compare_flags(
    comparison: Comparison, ours: Sequence[Connection], bodies: Sequence[Json], where: str
) -> None:
    theirs = {flag: sum(body["tcpflags"][flag] for body in bodies) for flag in bodies[0]["tcpflags"]}
    handshakes = [one.tcp_handshake for one in ours if one.tcp_handshake]
    endings = [one.teardown for one in ours if one.teardown]
    counted = {
        "syn": sum(len(one.syn_frames) for one in handshakes),
        "syn-ack": sum(len(one.syn_ack_frames) for one in handshakes),
        "fin": sum(len(one.fins) + len(one.repeated_fins) for one in endings),
        "rst": sum(len(one.resets) for one in endings),
    }
    for flag, count in counted.items():
        comparison.check(f"flag {flag}", where, count, theirs.get(flag))
    for flag in _LACKING_FLAGS:
        if theirs.get(flag):
            comparison.lacking(f"flag {flag}", where, theirs[flag])


def _compare_tls(comparison: Comparison, ours: Sequence[Connection], theirs: Json, where: str) -> None:
    handshakes = [one.tls_handshake for one in ours if one.tls_handshake]
    comparison.check("TLS", where, bool(handshakes), theirs=True)
    values: dict[str, set[str | None]] = {
        "cipher": {one.cipher_suite for one in handshakes},
        "version": {one.version for one in handshakes},
        "ja3": {_hello(one, "ja3") for one in handshakes},
        "ja4": {_hello(one, "ja4") for one in handshakes},
        "ja3s": {one.server_hello.ja3s for one in handshakes if one.server_hello},
        "srcSessionId": {_hello(one, "session_id") for one in handshakes},
        "dstSessionId": {one.server_hello.session_id for one in handshakes if one.server_hello},
    }
    for field, mine in values.items():
        if field in theirs:
            said = theirs[field]
            wanted = {names.tls_version(one) for one in said} if field == "version" else set(said)
            comparison.check(field, where, mine - {None, ""}, wanted)


def _hello(handshake: TlsHandshake, field: str) -> str | None:
    hello = handshake.client_hello
    return getattr(hello, field) if hello else None


def _compare_http(
    comparison: Comparison, index: ReportIndex, ours: Sequence[Connection], body: Json, where: str
) -> None:
    theirs = body.get("http", {})
    exchanges = index.http(ours)
    names_told = {one.tls_handshake.sni for one in ours if one.tls_handshake}
    hosts = {one.host for one in exchanges} | names_told
    values: dict[str, set[object]] = {
        "host": set(hosts),
        "method": {one.method for one in exchanges},
        "path": {(one.path or "").partition("?")[0] for one in exchanges if one.method},
        "statuscode": {one.status for one in exchanges},
        "useragent": {one.user_agent for one in exchanges},
    }
    for field, mine in values.items():
        if theirs.get(field):
            comparison.check(f"http {field}", where, mine - {None, ""}, set(theirs[field]) - {""})


def _compare_certificate(
    comparison: Comparison, ours: Sequence[Connection], theirs: Json, where: str
) -> None:
    name = theirs.get("subjectCN", [None])[0]
    certificates = [one for each in ours if each.tls_handshake for one in each.tls_handshake.certificates]
    found = [one for one in certificates if name and f"cn={name}" in (one.subject or "").lower()]
    comparison.check("certificate", f"{where} {name}", bool(found), theirs=True)
    if found:
        before = comparison_moment(theirs["notBefore"])
        comparison.check("certificate notBefore", f"{where} {name}", found[0].not_before, before)
        after = comparison_moment(theirs["notAfter"])
        comparison.check("certificate notAfter", f"{where} {name}", found[0].not_after, after)


def comparison_moment(milliseconds: int) -> str:
    """Write a moment as the report does."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
