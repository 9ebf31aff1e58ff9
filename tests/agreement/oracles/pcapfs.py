"""What pcapFS extracts (``oracles/pcapfs``): certificates; decrypted content needs keys."""

from __future__ import annotations

import hashlib
import ssl
from typing import TYPE_CHECKING

from tests.agreement.comparison import Comparison

if TYPE_CHECKING:
    from pathlib import Path

    from tests.agreement.report_index import ReportIndex


def compare(place: Path, index: ReportIndex, capture: str) -> list[Comparison]:
    """Compare the certificates by their fingerprints."""
    comparison = Comparison(capture, "pcapfs")
    handshakes = [one.tls_handshake for one in index.report.connections if one.tls_handshake]
    ours = {one.sha256 for handshake in handshakes for one in handshake.certificates}
    for path in sorted(one for one in place.rglob("*") if one.is_file()):
        if path.suffix == ".pem":
            mark = hashlib.sha256(ssl.PEM_cert_to_DER_cert(path.read_text("ascii"))).hexdigest()
            comparison.check("certificate", path.name, mark if mark in ours else None, mark)
        else:
            comparison.lacking("extracted file", path.name, path.stat().st_size)
    return [comparison]
