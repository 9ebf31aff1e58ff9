"""Application logs as files: what is read, and what is said of lines that are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import pytest

from pcap_report.engine import Options, analyze
from pcap_report.engine.rpc_log_file import read_rpc_log
from pcap_report.errors import UsageError

SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"
CALL: Final = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "echo"}}
RESULT: Final = {"jsonrpc": "2.0", "id": 7, "result": {}}


def written(folder: Path, *lines: object) -> Path:
    path = folder / "log.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "entry",
    [
        {"time": "2026-11-21T06:35:34.5+00:00", "direction": "send", "data": CALL},
        {"time": "2026-11-21T07:35:34.5+01:00", "direction": "send", "data": CALL},
        {"timestamp": "2026-11-21T06:35:34.500", "dir": "out", "message": json.dumps(CALL)},
        {"ts": 1795242934.5, "type": "request", "payload": CALL},
        {"ts": 1795242934500, "event": "->", "msg": CALL},
        {"@timestamp": "2026-11-21 06:35:34,500", "body": CALL},
        {"date": "1795242934.5", **CALL},
    ],
)
def test_ways_to_write_a_line(tmp_path: Path, entry: dict[str, object]) -> None:
    (one,) = read_rpc_log(written(tmp_path, entry))
    assert one.time_s == pytest.approx(1795242934.5)
    assert one.sent
    assert (one.parsed.kind, one.parsed.id, one.parsed.tool, one.line) == ("request", "7", "echo", 1)
    assert one.shortest < one.longest == len(json.dumps(CALL))


def test_answers_batches_and_other_lines(tmp_path: Path) -> None:
    found = read_rpc_log(
        written(
            tmp_path,
            {"time": 3, "direction": "recv", "data": [RESULT, {**RESULT, "id": 8}]},
            "",
            {"time": 2, "direction": "send", "data": {"method": "GET", "path": "/"}},
            {"time": 1, "data": RESULT},
        )
    )
    assert [(one.line, one.sent, one.parsed.batch) for one in found] == [
        (4, False, None),
        (1, False, 1),
        (1, False, 2),
    ]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (({"time": 1, "data": CALL}, "{"), "line 2, is no JSON"),
        (("[1]",), "line 1, is no JSON object"),
        (({"data": CALL},), "line 1, has no time"),
        (({"time": "yesterday", "data": CALL},), "line 1, has no time"),
        (({"time": 1, "data": {"method": "GET"}},), "holds no JSON-RPC 2.0 message"),
        (("[" * 100_000,), "line 1, is no JSON"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, lines: tuple[object, ...], words: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_rpc_log(written(tmp_path, *lines))
    assert words in refused.value.message
    assert refused.value.hint is not None


@pytest.mark.parametrize(
    ("name", "words"), [("-", "standard input"), (".", "is a folder"), ("none", "no file")]
)
def test_a_name_that_is_no_file(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_rpc_log(Path(name))


def test_a_log_of_another_day_finds_no_burst() -> None:
    report = analyze(
        SAMPLES / "ipv6-tls13.pcapng", Options(rpc_log=SAMPLES / "lossy-three-connections.rpc.jsonl")
    )
    assert report.rpc_log is not None
    assert report.rpc_log.messages == 9
    assert all(
        message.certainty == "low"
        for one in report.connections
        for message in (one.rpc.messages if one.rpc else ())
    )


def test_what_is_inferred_says_so_and_claims_nothing() -> None:
    report = analyze(SAMPLES / "mcp-tls13.pcapng", Options(rpc_log=SAMPLES / "mcp-tls13.rpc.jsonl"))
    (connection,) = report.connections
    assert connection.rpc is not None
    assert connection.rpc.basis == "inferred"
    assert {one.basis for one in connection.rpc.messages} == {"inferred"}
    assert {one.certainty for one in connection.rpc.messages} <= {"high", "medium", "low"}
    assert all(one.reasons for one in connection.rpc.messages)
    assert [one for one in connection.claims if one.id.startswith(("rpc", "inside"))] == []
    assert report.rpc_log is not None
    assert [(one.frames, one.likely) for one in report.rpc_log.unmatched_bursts] == [
        ((28,), "acknowledgement")
    ]
    assert report.rpc_log.clock_offset_found == "same_clock"


def test_a_local_clock_is_found() -> None:
    name = "lossy-three-connections"
    report = analyze(SAMPLES / f"{name}.pcapng", Options(rpc_log=SAMPLES / f"{name}.rpc.jsonl"))
    assert report.rpc_log is not None
    assert report.rpc_log.clock_offset_found == "time_zone"
    assert report.rpc_log.clock_offset_s == pytest.approx(-21_600, abs=0.05)
    assert report.rpc_log.matched == 8
