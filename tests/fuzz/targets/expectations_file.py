"""An expectations file is read, or refused with line and column; no saved report makes the checking fail."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.checks.examination import read_expectations
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLE: Final = Path(__file__).parents[3] / "samples" / "expectations.yaml"
_EVERYTHING: Final = b"""\
version: 1
connections:
  - name: the API
    match: {sni: "api.*", port: 443, id: 0, protocol: tcp, client: 1.2.3.4, server: x, alpn: h2}
    count: ">= 1"
    expect:
      tls.version: "TLS 1.3"
      handshake_rtt_ms: "< 200"
      tls_handshake.client_hello.alpn[0]: [h2, null, 1.5, true]
    cel: [tcp_phenomena == null, "a.all(x, x > 1)"]
no_findings: [{severity: medium, id: tls.*}]
filters: [{filter: tcp.flags.reset == 1, frames: 0}]
capture: {duration_s: "< 60"}
cel: connections.all(one, one.server.port in [443, 80])
"""


def seeds() -> Iterator[bytes]:
    """The samples' file, and one with everything."""
    yield _SAMPLE.read_bytes()
    yield _EVERYTHING
    yield b"capture: {packets: '>= 1_0', bytes: .inf, duration_s: !!float ''}"


def attempt(data: bytes) -> None:
    """Read it as a file."""
    with tempfile.NamedTemporaryFile(prefix="pcap-report-fuzz-") as file:
        file.write(data)
        file.flush()
        try:
            read_expectations(Path(file.name))
        except UsageError as error:
            assert file.name in error.message
