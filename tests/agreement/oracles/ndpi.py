"""nDPI's list of flows (``oracles/ndpi``): ends, packets, bytes, names, fingerprints.

The version that nDPI names is the ClientHello's or the ServerHello's legacy one, TLSv1.2 for TLS 1.3 in some
of its releases, so it is compared with both.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tests.agreement import names
from tests.agreement.comparison import Comparison
from tests.agreement.report_index import End, ReportIndex, client, written

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection

_FLOW: Final = re.compile(r"^\s*\d+\s+(TCP|UDP|ICMP\w*|\S+)\s+(\S+)\s+<?->\s+(\S+)\s+(\[.*)$")
_AMOUNT: Final = re.compile(r"\[(\d+) pkts/(\d+) bytes <?-> (\d+) pkts/(\d+) bytes\]")
_NAMED: Final = re.compile(r"\[(Hostname/SNI|JA3C|JA3S|JA4|Cipher|Subject|Issuer|Validity): ([^\]]*)\]")
_VERSION: Final = re.compile(r"\[((?:D?TLS|SSL)v[\d.]+)\]")


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare the flows of every result file."""
    comparison = Comparison(capture, "ndpi")
    for path in sorted(place.glob("*.out")):
        for line in path.read_text("utf-8", "replace").splitlines():
            flow = _FLOW.match(line)
            if flow:
                _compare_flow(comparison, index, flow)
    return [comparison]


def _compare_flow(comparison: Comparison, index: ReportIndex, flow: re.Match[str]) -> None:
    kind, one, other, rest = flow.groups()
    where = f"{one} → {other}"
    named = dict(_NAMED.findall(rest))
    version = _VERSION.search(rest)
    if kind != "TCP":
        comparison.lacking(f"flow ({kind})", where, "flow")
        for field, value in named.items():
            comparison.lacking(f"{field} ({kind})", where, value)
        return
    found = index.between(_end(one), _end(other))
    comparison.check("flow", where, bool(found), theirs=True)
    if not found:
        return
    comparison.check("client", where, written(client(found[0])), written(_end(one)))
    _compare_amounts(comparison, found, rest, where)
    _compare_tls(comparison, found[0], named, where)
    if version:
        _compare_version(comparison, found[0], version.group(1), where)


def _end(text: str) -> End:
    address, _, port = text.rpartition(":")
    return (address.strip("[]"), int(port))


def _compare_amounts(comparison: Comparison, ours: list[Connection], rest: str, where: str) -> None:
    amounts = _AMOUNT.search(rest)
    if not amounts:
        return
    sent, sent_bytes, received, received_bytes = map(int, amounts.groups())
    comparison.check("client packets", where, sum(one.client_packets for one in ours), sent)
    comparison.check("server packets", where, sum(one.server_packets for one in ours), received)
    comparison.check("bytes", where, sum(one.bytes for one in ours), sent_bytes + received_bytes)


def _compare_tls(comparison: Comparison, ours: Connection, named: dict[str, str], where: str) -> None:
    handshake = ours.tls_handshake
    hello = handshake.client_hello if handshake else None
    answer = handshake.server_hello if handshake else None
    known = {
        "Hostname/SNI": handshake.sni if handshake else next(iter(ours.server.names), None),
        "JA3C": hello.ja3 if hello else None,
        "JA4": hello.ja4 if hello else None,
        "JA3S": answer.ja3s if answer else None,
        "Cipher": answer.cipher_suite if answer else None,
    }
    for field, value in named.items():
        if field in known:
            comparison.check(field, where, known[field], value.partition(" (")[0])
    certificate = next(iter(handshake.certificates), None) if handshake else None
    for field in ("Subject", "Issuer"):
        if field in named and certificate:
            # nDPI prints some of the attributes only
            mine = set(getattr(certificate, field.lower()).replace("\\", "").split(","))
            wanted = {part.strip() for part in named[field].split(", ")}
            comparison.check(field, where, mine & wanted, wanted)
    if "Validity" in named and certificate:
        moments = (certificate.not_before, certificate.not_after)
        span = " - ".join((moment or "").replace("T", " ").removesuffix("Z") for moment in moments)
        comparison.check("Validity", where, span, named["Validity"])


def _compare_version(comparison: Comparison, ours: Connection, theirs: str, where: str) -> None:
    handshake = ours.tls_handshake
    hello = handshake.client_hello if handshake else None
    answer = handshake.server_hello if handshake else None
    wanted = names.tls_version(theirs)
    legacy = {answer.legacy_version if answer else None, hello.legacy_version if hello else None}
    mine = handshake.version if handshake else None
    comparison.check("version (legacy)", where, wanted if wanted in legacy else mine, wanted)
