"""Read an application log: JSON lines with a time, a direction and a message (docs/decryption.md)."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.analyzers.rpc.log import LogMessage
from pcap_report.analyzers.rpc.messages import parsed_messages
from pcap_report.capture.named_file import NamedFile, reading
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FILE: Final = NamedFile(
    "--rpc-log",
    "log",
    "session.jsonl",
    64 * 1024 * 1024,
    "Keep the lines of the time that the capture covers.",
)
_LONGEST_LINE: Final = 8 * 1024 * 1024
_MESSAGES: Final = 2000
_TIMES: Final = ("time", "timestamp", "ts", "@timestamp", "datetime", "date")
_DIRECTIONS: Final = ("direction", "dir", "event", "type", "kind")
_MESSAGE_KEYS: Final = ("data", "message", "msg", "payload", "body", "rpc", "json")
_SENT: Final = frozenset(
    ("send", "sent", "out", "outgoing", "outbound", "tx", "request", "->", ">", "client_to_server")
)
_RECEIVED: Final = frozenset(
    (
        "recv",
        "receive",
        "received",
        "in",
        "incoming",
        "inbound",
        "rx",
        "response",
        "<-",
        "<",
        "server_to_client",
    )
)
_EXPECTED: Final = (
    'Every line is a JSON object with a time, a direction and a message: {"time": "2026-11-21T06:35:34.101Z",'
    ' "direction": "send", "data": {"jsonrpc": "2.0", …}}. More names are accepted: docs/decryption.md.'
)
_MILLISECONDS_FROM: Final = 1e11
"""Numbers above are milliseconds since 1970: as seconds they would lie in the year 5138."""


def read_rpc_log(path: Path) -> list[LogMessage]:
    """Return the JSON-RPC messages of a log, in their order.

    Raises:
        UsageError: there is no such file, it is too large, a line is none of a log, or nothing is JSON-RPC.
    """
    with reading(path, _FILE):
        found = list(_messages(path))
    if not found:
        raise UsageError(f"{path} holds no JSON-RPC 2.0 message", _EXPECTED)
    if len(found) > _MESSAGES:
        message = f"{path} holds {len(found)} messages; up to {_MESSAGES} are matched"
        raise UsageError(message, "Keep the lines of the time that the capture covers.")
    return sorted(found, key=lambda one: (one.time_s, one.line))


def _messages(path: Path) -> Iterator[LogMessage]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST_LINE):
            number += 1
            text = line.strip().removeprefix(b"\xef\xbb\xbf")
            if text:
                yield from _of_line(text, number, path)


def _of_line(text: bytes, number: int, path: Path) -> Iterator[LogMessage]:
    try:
        entry = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}, line {number}, is no JSON", _EXPECTED) from error
    if not isinstance(entry, dict):
        raise UsageError(f"{path}, line {number}, is no JSON object", _EXPECTED)
    time_s = next((_seconds(entry[key]) for key in _TIMES if key in entry), None)
    if time_s is None or not math.isfinite(time_s):
        raise UsageError(f"{path}, line {number}, has no time that can be read", _EXPECTED)
    value = _message(entry)
    for parsed in parsed_messages(value):
        sent = _is_sent(entry)
        if sent is None:
            sent = parsed.kind in {"request", "notification"}
        whole = value if parsed.batch is not None else parsed.body
        yield LogMessage(number, time_s, sent, parsed, _shortest(whole), _longest(whole))


def _message(entry: dict[str, Any]) -> object:
    """Return the message of an entry, which may be JSON inside a text; or the entry itself."""
    for key in _MESSAGE_KEYS:
        value = entry.get(key)
        if isinstance(value, str) and value.lstrip()[:1] in {"{", "["}:
            try:
                value = msgspec.json.decode(value)
            except (msgspec.DecodeError, RecursionError):
                continue
        if isinstance(value, (dict, list)):
            return value
    return {key: value for key, value in entry.items() if key not in {*_TIMES, *_DIRECTIONS}}


def _is_sent(entry: dict[str, Any]) -> bool | None:
    for key in _DIRECTIONS:
        word = entry.get(key)
        if isinstance(word, str):
            if word.strip().lower() in _SENT:
                return True
            if word.strip().lower() in _RECEIVED:
                return False
    return None


def _seconds(value: object) -> float | None:
    """Return seconds since 1970; a time without its zone counts as UTC, and the matching finds the offset."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value) / 1000 if abs(value) > _MILLISECONDS_FROM else float(value)
    if not isinstance(value, str):
        return None
    try:
        return _seconds(float(value))
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(value.strip().replace(",", "."))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _shortest(value: object) -> int:
    return len(msgspec.json.encode(value))


def _longest(value: object) -> int:
    """Bytes with blanks and with escapes, as Python's json writes it."""
    return len(json.dumps(value))
