"""Pair requests with their answers, and sum a connection's messages up: by method, and as an MCP session.

Ids count per direction: both ends may ask (JSON-RPC 2.0, section 4; MCP lets servers ask too).
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers.inside.masking import masked_text
from pcap_report.analyzers.proof import direction_of, side_of
from pcap_report.analyzers.rpc.messages import Parsed, names_in, parsed_messages, text_at
from pcap_report.model.rpc import McpSession, MethodCalls, Rpc, RpcMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pcap_report.analyzers.inside.records import JsonText
    from pcap_report.model.rpc import Basis

_MESSAGES: Final = 5000
_METHODS: Final = 100


class RpcBuilder:
    """Takes messages in the order of their time.

    Attributes:
        messages: the records so far.
        omitted: messages that are not listed.
    """

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        self.messages: list[RpcMessage] = []
        self.omitted = 0
        self._asked: dict[tuple[str, str], int] = {}
        """Places of requests that wait for their answer, by direction and id."""
        self._session = _Session()

    def add(self, parsed: Parsed, record: RpcMessage) -> None:
        """Take a message: what it says, and the record that tells where it was."""
        if len(self.messages) >= _MESSAGES:
            self.omitted += 1
            return
        place = len(self.messages)
        if record.kind == "request" and record.id is not None:
            self._asked[record.direction, record.id] = place
        elif record.kind in {"result", "error"} and record.id is not None:
            record = self._paired(record, place)
        self.messages.append(record)
        self._session.see(parsed, record)

    def _paired(self, record: RpcMessage, place: int) -> RpcMessage:
        back = "server_to_client" if record.direction == "client_to_server" else "client_to_server"
        asked = self._asked.pop((back, record.id or ""), None)
        if asked is None:
            return record
        request = self.messages[asked]
        self.messages[asked] = replace(request, answer=place)
        return replace(
            record,
            request=asked,
            method=request.method,
            tool=request.tool,
            latency_ms=(record.time_s - request.time_s) * 1000,
        )

    def result(self) -> Rpc | None:
        """Return the summary; None without a message."""
        if not self.messages:
            return None
        return Rpc(
            basis=self._basis,
            messages=tuple(self.messages),
            methods=methods_of(self.messages),
            mcp=self._session.result(),
            messages_omitted=self.omitted,
        )


def rpc_read(texts: Iterable[JsonText], seconds: Callable[[int], float]) -> Rpc | None:
    """Return the JSON-RPC that was read in the packets of a connection; None when there was none."""
    builder = RpcBuilder("read")
    for text in texts:
        for parsed in parsed_messages(text.value):
            record = record_of(
                parsed, from_client=text.from_client, frames=text.frames, time_s=seconds(text.time_ns)
            )
            builder.add(parsed, replace(record, bytes=text.size, carrier=text.carrier, basis="read"))
    return builder.result()


def record_of(parsed: Parsed, *, from_client: bool, frames: tuple[int, ...], time_s: float) -> RpcMessage:
    """Return the record of a message, its pairing left open."""
    return RpcMessage(
        kind=parsed.kind,
        direction=direction_of(side_of(from_client)),
        id=parsed.id,
        method=parsed.method,
        tool=parsed.tool,
        frames=frames,
        time_s=time_s,
        bytes=None,
        carrier="log",
        basis="inferred",
        error_code=parsed.error_code,
        error_message=None if parsed.error_message is None else masked_text(parsed.error_message),
        batch=parsed.batch,
    )


def methods_of(messages: Sequence[RpcMessage]) -> tuple[MethodCalls, ...]:
    """Sum the calls up by method, in the order of their first call."""
    calls: dict[str, list[RpcMessage]] = {}
    for one in messages:
        if (
            one.kind in {"request", "notification"}
            and one.method
            and (one.method in calls or len(calls) < _METHODS)
        ):
            calls.setdefault(one.method, []).append(one)
    return tuple(_calls(method, asked, messages) for method, asked in calls.items())


def _calls(method: str, asked: Sequence[RpcMessage], messages: Sequence[RpcMessage]) -> MethodCalls:
    answers = [messages[one.answer] for one in asked if one.answer is not None]
    latencies = [one.latency_ms for one in answers if one.latency_ms is not None]
    return MethodCalls(
        method=method,
        calls=len(asked),
        errors=sum(one.kind == "error" for one in answers),
        unanswered=sum(one.kind == "request" and one.answer is None for one in asked),
        median_ms=statistics.median(latencies) if latencies else None,
        maximum_ms=max(latencies, default=None),
        tools=tuple(dict.fromkeys(one.tool for one in asked if one.tool)),
    )


class _Session:
    """Collects what MCP's messages say of the session."""

    def __init__(self) -> None:
        self._wish: object = None
        self._answer: object = None
        self._listed: dict[str, None] = {}
        self._called: dict[str, None] = {}
        self._errors = 0

    def see(self, parsed: Parsed, record: RpcMessage) -> None:
        """Take a message, paired already."""
        if record.method == "initialize" and record.kind == "request":
            self._wish = parsed.body.get("params")
        elif record.method == "initialize" and record.kind == "result":
            self._answer = parsed.body.get("result")
        elif record.method == "tools/list" and record.kind == "result":
            result = parsed.body.get("result")
            self._listed |= dict.fromkeys(names_in(result.get("tools")) if isinstance(result, dict) else ())
        elif record.method == "tools/call" and record.kind == "request" and record.tool:
            self._called[record.tool] = None
        elif record.method == "tools/call":
            self._errors += record.kind == "error" or parsed.is_tool_error

    def result(self) -> McpSession | None:
        """Return the session; None where nothing of MCP was said."""
        if self._wish is None and self._answer is None and not self._listed and not self._called:
            return None
        wish, answer = self._wish, self._answer
        return McpSession(
            protocol_version=text_at(answer, "protocolVersion") or text_at(wish, "protocolVersion"),
            client_name=text_at(wish, "clientInfo", "name"),
            client_version=text_at(wish, "clientInfo", "version"),
            server_name=text_at(answer, "serverInfo", "name"),
            server_version=text_at(answer, "serverInfo", "version"),
            client_capabilities=_capabilities(wish),
            server_capabilities=_capabilities(answer),
            tools_listed=tuple(self._listed),
            tools_called=tuple(self._called),
            tool_errors=self._errors,
        )


def _capabilities(value: object) -> tuple[str, ...]:
    found = value.get("capabilities") if isinstance(value, dict) else None
    return tuple(str(name)[:100] for name in list(found)[:30]) if isinstance(found, dict) else ()
