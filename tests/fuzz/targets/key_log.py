"""A key log is read, or refused with a message of one line; none of its secrets stands there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.capture.key_log import key_log_in, read_key_log
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[3] / "samples"


def seeds() -> Iterator[bytes]:
    """The first lines of the samples' key logs."""
    for path in sorted(SAMPLES.glob("*.keys")):
        yield b"\n".join(path.read_bytes().splitlines()[:3])
    yield b"# a comment\r\n\r\nRSA Session-ID:aa Master-Key:" + b"ab" * 48 + b"\n"


def attempt(data: bytes) -> None:
    """Read it as a file and as what a capture holds."""
    inside = key_log_in([data])
    with tempfile.NamedTemporaryFile(prefix="pcap-report-fuzz-") as file:
        file.write(data)
        file.flush()
        try:
            read = read_key_log(Path(file.name))
        except UsageError as error:
            assert "\n" not in error.message
            return
    assert read.lines
    assert (read.labels, read.by_random) == (inside.labels, inside.by_random)
