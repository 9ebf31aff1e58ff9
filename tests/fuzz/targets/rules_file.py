"""A rules file is read, or refused with line and column."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError
from pcap_report.rules.registry import RULES
from pcap_report.written.rule_files import read_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN: Final = {rule.id: tuple(one.name for one in rule.thresholds) for rule in RULES}
_RULES: Final = b"""\
rules:
  - id: team.old_tls
    severity: high
    each: connection
    when: tls_handshake.version == "TLS 1.2"
    frames: "[tls_handshake.client_hello.frame]"
    summary: old
settings:
  tcp.reset: {severity: low, enabled: true}
accept:
  - rule: tcp.*
    reason: known
    connection: 1
"""


def seeds() -> Iterator[bytes]:
    """A file with one of everything, and values that YAML has tags for."""
    yield _RULES
    yield b"settings: {tcp.reset: {severity: !!int ''}}"
    yield b"a: !!float ''\nb: !!bool x\nc: !!timestamp y\n? [1]\n: 2\n"
    yield b"rules: [{id: .nan, when: '1 == 1.0', each: report}]\naccept: !!binary x"


def attempt(data: bytes) -> None:
    """Read it as a file."""
    with tempfile.NamedTemporaryFile(prefix="pcap-report-fuzz-") as file:
        file.write(data)
        file.flush()
        try:
            read_rules(Path(file.name), _KNOWN)
        except UsageError as error:
            assert file.name in error.message
