"""An application's log is read, or refused with the number of its line; its times are times."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pcap_report.engine.rpc_log_file import read_rpc_log
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[3] / "samples"


def seeds() -> Iterator[bytes]:
    """Lines of the samples' logs, and other ways to write one."""
    for path in sorted(SAMPLES.glob("*.jsonl")):
        yield b"\n".join(path.read_bytes().splitlines()[:2])
    yield b'{"ts": 1700000000.5, "dir": "->", "msg": "{\\"jsonrpc\\": \\"2.0\\", \\"method\\": \\"x\\"}"}'
    yield b'{"time": "2026-01-01T00:00:00,5", "rpc": [{"jsonrpc": "2.0", "id": null, "result": []}]}'
    yield b'{"time": "nan", "jsonrpc": "2.0", "method": "x", "params": {"a": [1e300, "\\ud83d\\ude00"]}}'


def attempt(data: bytes) -> None:
    """Read it as a file."""
    with tempfile.NamedTemporaryFile(prefix="pcap-report-fuzz-") as file:
        file.write(data)
        file.flush()
        try:
            messages = read_rpc_log(Path(file.name))
        except UsageError as error:
            assert "\n" not in error.message
            return
    assert messages
    for one in messages:
        assert math.isfinite(one.time_s)
        assert 0 < one.shortest <= one.longest
    assert [one.time_s for one in messages] == sorted(one.time_s for one in messages)
