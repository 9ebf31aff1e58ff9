"""Zeek's ssl.log and x509.log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tests.agreement import names
from tests.agreement.oracles.zeek_logs import Row, items

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.tls import Certificate, TlsHandshake
    from tests.agreement.comparison import Comparison
    from tests.agreement.report_index import ReportIndex

_ATTRIBUTE: Final = re.compile(r"(?:^|,)[A-Za-z]+=")
_COMPARED = (
    "version",
    "cipher",
    "curve",
    "server_name",
    "resumed",
    "last_alert",
    "next_protocol",
    "established",
    "cert_chain_fps",
    "client_cert_chain_fps",
    "subject",
    "issuer",
)
_LACKING = ("ssl_history", "validation_status", "sni_matches_cert")


def compare_ssl(
    comparison: Comparison, index: ReportIndex, ours: Connection | None, row: Row, where: str
) -> None:
    """Compare one row with the connection that it speaks of."""
    handshake = ours.tls_handshake if ours else None
    if ours is None and (row.get("_quic") or row.get("version", "").startswith("DTLS")):
        for field in (*_COMPARED, *_LACKING):
            if field in row:
                comparison.lacking(f"{field} (over UDP)", where, row[field])
        return
    comparison.check("handshake", where, handshake is not None, theirs=True)
    if handshake is None:
        return
    _compare_choice(comparison, handshake, row, where)
    _compare_course(comparison, handshake, row, where, over_quic=bool(ours and ours.protocol == "quic"))
    _compare_chain(comparison, handshake, row, where)


def _compare_choice(comparison: Comparison, ours: TlsHandshake, row: Row, where: str) -> None:
    version = row.get("version")
    comparison.check("version", where, ours.version, names.tls_version(version) if version else None)
    comparison.check("cipher", where, ours.cipher_suite, row.get("cipher"))
    comparison.check("server_name", where, ours.sni, row.get("server_name"))
    comparison.check("next_protocol", where, ours.alpn, row.get("next_protocol"))
    if "curve" in row:
        comparison.check("curve", where, ours.key_exchange_group, row["curve"])


def _compare_course(
    comparison: Comparison, ours: TlsHandshake, row: Row, where: str, *, over_quic: bool
) -> None:
    if over_quic and "established" in row:  # Zeek sees the Initial packets only, so it never says yes
        comparison.lacking("established (QUIC)", where, row["established"])
    elif "established" in row:
        comparison.check("established", where, ours.outcome == "complete", row["established"] == "T")
    if "resumed" in row and ours.server_hello is not None:
        comparison.check("resumed", where, ours.resumed or False, row["resumed"] == "T")
    readable = [one.description for one in ours.alerts if one.description]
    comparison.check("last_alert", where, readable[-1] if readable else None, row.get("last_alert"))
    for field in _LACKING[:2]:
        if field in row:
            comparison.lacking(field, where, row[field])


def _compare_chain(comparison: Comparison, ours: TlsHandshake, row: Row, where: str) -> None:
    for field, sender in (("cert_chain_fps", "server"), ("client_cert_chain_fps", "client")):
        if field in row:
            chain = [one.sha256 for one in ours.certificates if one.sender == sender]
            comparison.check(field, where, chain, items(row, field))
    first = next((one for one in ours.certificates if one.sender == "server"), None)
    if first and "sni_matches_cert" in row:
        said = {"T": True, "F": False}.get(row["sni_matches_cert"])
        comparison.check("sni_matches_cert", where, ours.sni_matches_certificate, said)
    if first and "subject" in row:
        comparison.check("subject", where, _name(first.subject), _name(row["subject"]))
        comparison.check("issuer", where, _name(first.issuer), _name(row.get("issuer")))


def compare_x509(
    comparison: Comparison, index: ReportIndex, rows: list[Row], source: str, *, alone: bool
) -> None:
    """Compare the certificates by their fingerprints."""
    handshakes = [one.tls_handshake for one in index.report.connections if one.tls_handshake]
    ours = {one.sha256: one for handshake in handshakes for one in handshake.certificates}
    for row in rows:
        mark = row.get("fingerprint", "")
        where = f"{source} {mark[:16]}"
        certificate = ours.get(mark)
        if certificate is None and not alone:
            continue  # a certificate of another capture of the same test
        if certificate is None and not handshakes:
            comparison.lacking("certificate (over UDP)", where, row.get("certificate.subject"))
            continue
        comparison.check("certificate", where, certificate is not None, theirs=True)
        if certificate is not None:
            _compare_certificate(comparison, certificate, row, where)


def _compare_certificate(comparison: Comparison, ours: Certificate, row: Row, where: str) -> None:
    comparison.check("subject", where, _name(ours.subject), _name(row.get("certificate.subject")))
    comparison.check("issuer", where, _name(ours.issuer), _name(row.get("certificate.issuer")))
    for field, value in (("not_valid_before", ours.not_before), ("not_valid_after", ours.not_after)):
        moment = row.get(f"certificate.{field}")
        if moment:
            comparison.check(field, where, value, _moment(moment))
    comparison.check("key", where, ours.key, _key(row))
    names_given = [
        *items(row, "san.dns"),
        *items(row, "san.uri"),
        *items(row, "san.email"),
        *items(row, "san.ip"),
    ]
    comparison.check("san", where, set(ours.san), set(names_given))
    comparison.check("sig_alg", where, ours.signature_algorithm, row.get("certificate.sig_alg"))


def _name(text: str | None) -> str:
    """Types of attributes are the same in any case (RFC 4514, 2.3)."""
    return _ATTRIBUTE.sub(lambda found: found.group(0).upper(), text or "")


def _moment(text: str) -> str:
    return datetime.fromtimestamp(float(text), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(row: Row) -> str:
    kind = row.get("certificate.key_type", "")
    if kind == "ecdsa":
        curve = row.get("certificate.curve", "")
        return f"EC {'secp256r1' if curve == 'prime256v1' else curve}"
    return f"{kind.upper()} {row.get('certificate.key_length', '')}"
