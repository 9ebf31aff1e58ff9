"""DNS, HTTP, QUIC and DTLS as tshark sees them, frame by frame."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pcap_report.analyzers.url_secrets import masked
from tests.agreement import names

if TYPE_CHECKING:
    from pcap_report.model.around import DnsLookup, HttpExchange
    from tests.agreement.comparison import Comparison
    from tests.agreement.report_index import ReportIndex

# Any: the oracle's JSON is read as it is
Json = dict[str, Any]

_MULTICAST: Final = frozenset(("mdns", "llmnr"))
_ERRORS: Final = frozenset(("icmp", "icmpv6"))
_PROVISIONAL: Final = frozenset((100, 102, 103))
"""Statuses after which the answer is still to come (RFC 9110, 15.2); 101 ends HTTP."""


def compare_around(comparison: Comparison, index: ReportIndex, theirs: Json) -> None:
    """Compare what stands outside the TCP streams."""
    _compare_dns(comparison, index, theirs["dns"])
    _compare_http(comparison, index, theirs["http"])
    for kind in ("http2", "dtls"):
        for message in theirs[kind]:
            comparison.lacking(f"{kind} frame", f"frame {message['frame']}", message.get("types", "yes"))
    for flow in theirs["quic"]:
        _compare_quic(comparison, index, flow)


def _compare_dns(comparison: Comparison, index: ReportIndex, messages: list[Json]) -> None:
    by_frame: dict[int, list[DnsLookup]] = defaultdict(list)
    for one in index.report.dns:
        for frame in {one.frame, one.response_frame, *one.retries} - {None}:
            if frame is not None:
                by_frame[frame].append(one)
    layers = [set(one.path.split(":")) for one in index.report.capture.protocols]
    multicast = any(path & _MULTICAST for path in layers)
    quoted = any("dns" in path and path & _ERRORS for path in layers)
    for message in messages:
        where = f"frame {message['frame']}"
        ours = by_frame.get(message["frame"], [])
        if not ours and (multicast or quoted):
            comparison.lacking("DNS, multicast or quoted in an ICMP error", where, message["qname"])
            continue
        if not message["qname"]:
            continue  # an answer without a question is no look-up
        comparison.check("DNS query name", where, [one.name for one in ours], message["qname"])
        kinds = [names.record_type(number) for number in message["qtype"]]
        comparison.check("DNS query type", where, [one.type for one in ours], kinds)
        if not message["response"] or message["messages_in_frame"] > 1 or not ours:
            continue
        comparison.check("DNS answered", where, ours[0].response_frame, message["frame"])
        # the oracle's lists hold the authority and additional sections too
        mine = {one for one in ours[0].answers if _is_address(one)}
        comparison.check("DNS addresses", where, mine, mine & {*message["a"], *message["aaaa"]})


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _compare_http(comparison: Comparison, index: ReportIndex, messages: list[Json]) -> None:
    requests: dict[int, list[HttpExchange]] = defaultdict(list)
    responses: dict[int, list[HttpExchange]] = defaultdict(list)
    for one in index.report.http:
        if one.frame is not None:
            requests[one.frame].append(one)
        if one.response_frame is not None:
            responses[one.response_frame].append(one)
    for message in messages:
        frame = message["frame"]
        where = f"frame {frame}"
        if message["stream"] is None:
            comparison.lacking("HTTP over UDP", where, message["method"] or message["code"])
            continue
        asked = requests.get(frame, [])
        if message["method"] or asked:
            comparison.check("HTTP method", where, [one.method for one in asked], message["method"])
            comparison.check("HTTP host", where, [one.host for one in asked if one.host], message["host"])
            comparison.check(
                "HTTP uri", where, [one.path for one in asked], [masked(one) for one in message["uri"]]
            )
        answered = responses.get(frame, [])
        final = [code for code in message["code"] if code not in _PROVISIONAL]
        if final or answered:
            comparison.check("HTTP status", where, [one.status for one in answered], final)
        for code in message["code"]:
            if code in _PROVISIONAL:
                comparison.lacking("HTTP provisional status", where, code)


def _compare_quic(comparison: Comparison, index: ReportIndex, flow: Json) -> None:
    where = f"udp stream {flow['udp_stream']} {flow['client']}"
    found = index.between(_end(flow["client"]), _end(flow["server"]), "quic")
    wanted = {
        "QUIC versions": flow["versions"],
        "QUIC ClientHello": flow["client_hello"],
        "QUIC ServerHello": flow["server_hello"],
        "QUIC SNI": flow["sni"],
        "QUIC ALPN": flow["alpn"],
        "QUIC cipher suite": names.suite(flow["cipher"]) if flow["cipher"] else None,
    }
    handshake = found[0].tls_handshake if found else None
    if handshake is None:
        for field, value in wanted.items():
            comparison.lacking(field, where, value)
        return
    hello, answer = handshake.client_hello, handshake.server_hello
    quic = found[0].quic
    number = quic.version_number if quic else None
    mine = None if number is None else f"0x{number:08x}"
    comparison.check("QUIC versions", where, {mine} & set(flow["versions"]), flow["versions"][-1:])
    comparison.check(
        "QUIC ClientHello", where, hello.frame if hello else None, next(iter(flow["client_hello"]), None)
    )
    comparison.check(
        "QUIC ServerHello", where, answer.frame if answer else None, next(iter(flow["server_hello"]), None)
    )
    comparison.check("QUIC SNI", where, handshake.sni, flow["sni"])
    comparison.check("QUIC ALPN", where, hello.alpn if hello else None, flow["alpn"])
    comparison.check("QUIC cipher suite", where, handshake.cipher_suite, wanted["QUIC cipher suite"])


def _end(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    return address.strip("[]"), int(port)
