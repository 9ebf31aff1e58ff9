"""From the records of a report to those of an answer: short, and nothing in them that acts or hides."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from pcap_report.analyzers.inside.masking import masked_header, masked_path, masked_text
from pcap_report.mcp.records import (
    Call,
    ConnectionLine,
    Difference,
    DnsQuery,
    FieldLine,
    HttpRequest,
    Limit,
    Problem,
    ProtocolShare,
    Statement,
    StepLine,
)
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.phrases import Phrases, plain_phrases
from pcap_report.render.visible import visible_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.checks.difference import Change
    from pcap_report.model.anatomy import LayerField
    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim, Finding, NotVisible, Step
    from pcap_report.model.rpc import RpcMessage

_FRAMES: Final = 12
_TEXT: Final = 500
_VALUE: Final = 160
_ANSWERS: Final = 6
_BYTES: Final = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){20,}(?:… \(\+\d+\))?")
"""More bytes than any address, identifier or hash of 20 bytes has."""
_WITH_HEADERS: Final = frozenset(("http", "http2", "http3", "rtsp", "sip"))
_HEADER: Final = re.compile(r"([!-9;-~]{1,80}): ?(.*?)(?:\\r\\n|\r\n)?", re.DOTALL)


@lru_cache(maxsize=8)
def phrases_of(language: str) -> Phrases:
    """Return the sentences of a language."""
    return plain_phrases(language)


def connection_line(one: Connection, problems: Sequence[str]) -> ConnectionLine:
    """Return a connection in a line, with the ids of the findings about it."""
    teardown, handshake = one.teardown, one.tcp_handshake
    return ConnectionLine(
        id=one.id,
        protocol=one.protocol,
        client=_end(one.client.ip, one.client.port),
        server=_end(one.server.ip, one.server.port),
        packets=one.packets,
        bytes=one.bytes,
        start_s=round(one.start_s, 6),
        duration_s=round(one.end_s - one.start_s, 6),
        display_filter=one.display_filter,
        name=_value(one.server.names[0]) if one.server.names else None,
        opened=handshake.outcome if handshake else None,
        closed=teardown.outcome if teardown else None,
        rtt_ms=handshake.rtt_ms if handshake else None,
        tls=one.tls_handshake.version if one.tls_handshake else None,
        retransmissions=sent_again(one),
        resets=len(teardown.resets) if teardown else 0,
        problems=tuple(dict.fromkeys(problems)),
    )


def sent_again(one: Connection) -> int:
    """Return how many segments were sent again; Wireshark flags fast and spurious ones as such, too."""
    return one.tcp_phenomena.retransmission.packets if one.tcp_phenomena else 0


def problem(one: Finding, language: str) -> Problem:
    """Return a finding with what to look at next."""
    look, phrases = NEXT_LOOKS.get(one.id), phrases_of(language)
    return Problem(
        one.id,
        one.severity,
        visible_within(phrases.say(one.message), _TEXT),
        len(one.frames),
        one.frames[:_FRAMES],
        _filter(one.display_filter),
        one.connection,
        phrases.say(look) if look else None,
    )


def statement(one: Claim, language: str, connection: int | None = None) -> Statement:
    """Return a sentence of the report."""
    return Statement(
        one.id,
        visible_within(phrases_of(language).say(one.message), _TEXT),
        len(one.frames),
        one.frames[:_FRAMES],
        _filter(one.display_filter),
        connection,
        one.needs_keys,
    )


def limit(one: NotVisible, language: str) -> Limit:
    """Return what a capture cannot show."""
    phrases = phrases_of(language)
    said = (phrases.say(message) for message in (one.what_message, one.why_message))
    return Limit(*(visible_within(text, _TEXT) for text in said))


def dns_query(one: DnsLookup) -> DnsQuery:
    """Return a question to a name service."""
    answers = tuple(map(_value, one.answers[:_ANSWERS]))
    return DnsQuery(_value(one.name), one.frame, one.type, one.rcode, answers, one.rtt_ms, len(one.retries))


def http_request(one: HttpExchange) -> HttpRequest:
    """Return a request with its answer."""
    return HttpRequest(
        _known(one.method),
        _known(one.host),
        _known(one.path),
        one.status,
        one.frame if one.frame is not None else one.response_frame,
        one.latency_ms,
        one.connection,
        one.decrypted,
    )


def protocol_share(one: ProtocolCount) -> ProtocolShare:
    """Return a node of the protocol hierarchy."""
    return ProtocolShare(visible_within(one.path, _VALUE), one.packets, one.bytes)


def step_line(one: Step, language: str) -> StepLine:
    """Return an arrow or a note of the sequence diagram."""
    phrases = phrases_of(language)
    label = "; ".join(map(phrases.say, one.label))
    return StepLine(round(one.time_s, 6), visible_within(label, _TEXT), one.frames[:_FRAMES], one.direction)


def call(one: RpcMessage) -> Call:
    """Return a JSON-RPC message."""
    return Call(
        one.kind,
        one.direction,
        one.frames[:_FRAMES],
        round(one.time_s, 6),
        _known(one.method),
        _known(one.tool),
        _known(one.id),
        one.latency_ms,
        _known(one.error_message),
        one.basis,
        one.certainty,
    )


def field_line(layer: str, one: LayerField) -> FieldLine:
    """Return a field of a frame: a credential is masked, and of a payload there is only its size."""
    shown = _masked(one.name, one.value)
    meaning = None if one.meaning is None or shown != one.value else _value(masked_text(one.meaning))
    return FieldLine(_value(layer), _value(one.name), _value(shown), meaning)


def difference(one: Change) -> Difference:
    """Return what changed between two captures."""
    return Difference(
        one.kind,
        one.change,
        one.what,
        visible_within(one.where, _VALUE) or None,
        _plain(one.before),
        _plain(one.after),
        one.connection_before,
        one.connection_after,
        one.frames[:_FRAMES],
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return visible_within(value, _TEXT) if isinstance(value, str) else value


def _masked(name: str, value: str) -> str:
    if _BYTES.fullmatch(value):
        return f"{(len(value) + 1) // 3} bytes"
    protocol, _, inner = name.partition(".")
    if protocol not in _WITH_HEADERS:
        return masked_text(value)
    line = _HEADER.fullmatch(value) if inner.endswith("line") else None
    if line:
        return f"{line[1]}: {masked_header(line[1].lower(), line[2])}"
    return masked_header(inner.rpartition(".")[2].replace("_", "-"), masked_path(value))


def _known(text: str | None) -> str | None:
    return None if text is None else _value(text)


def _value(text: str) -> str:
    return visible_within(text, _VALUE)


def _filter(text: str) -> str:
    """Return a filter that can be used as it is; one of very many frames is told apart by its ellipsis."""
    return visible_within(text, _TEXT)


def _end(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
