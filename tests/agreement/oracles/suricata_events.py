"""Our report in the words of Suricata's events, as far as the words have a counterpart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from tests.agreement.report_index import ReportIndex

# Any: an event's values are compared as text
Event = dict[str, Any]


def events_of(index: ReportIndex) -> dict[str, list[Event]]:
    """Return our facts as events, by kind; a kind that is absent cannot be asked for."""
    tcp_only = not any(":udp" in one.path or ":icmp" in one.path for one in index.report.capture.protocols)
    events = {
        "http": [_http(one) for one in index.report.http],
        "tls": [_tls(one) for one in index.report.connections if one.tls_handshake],
        "dns": _dns(index),
    }
    flows = [_flow(one) for one in index.tcp]
    if tcp_only:
        events["flow"] = flows
    return events


def _http(exchange: Any) -> Event:  # noqa: ANN401 - an HttpExchange, read by attribute
    return {
        "http.http_method": exchange.method,
        "http.hostname": exchange.host,
        "http.url": exchange.path,
        "http.status": exchange.status,
        "http.http_user_agent": exchange.user_agent,
    }


def _tls(connection: Connection) -> Event:
    handshake = connection.tls_handshake
    assert handshake is not None
    hello, answer = handshake.client_hello, handshake.server_hello
    return {
        "tls.sni": handshake.sni,
        "tls.version": handshake.version,
        "tls.ja4": hello.ja4 if hello else None,
        "tls.ja3.hash": hello.ja3 if hello else None,
        "tls.ja3s.hash": answer.ja3s if answer else None,
        "tls.client_handshake.version": hello.legacy_version if hello else None,
        "tls.server_handshake.version": answer.legacy_version if answer else None,
        "tls.client_handshake.exts": f"[{','.join(map(str, hello.extensions))}]" if hello else None,
        "src_port": connection.client.port,
        "dest_port": connection.server.port,
    }


def _flow(connection: Connection) -> Event:
    return {
        "proto": "TCP",
        "src_port": connection.client.port,
        "dest_port": connection.server.port,
        "src_ip": connection.client.ip,
        "dest_ip": connection.server.ip,
        "flow.pkts_toserver": connection.client_packets,
        "flow.pkts_toclient": connection.server_packets,
    }


def _dns(index: ReportIndex) -> list[Event]:
    found: list[Event] = []
    for lookup in index.report.dns:
        sent = [("request", lookup.frame), *(("request", frame) for frame in lookup.retries)]
        for kind, frame in (*sent, ("response", lookup.response_frame)):
            if frame is not None:
                found.append(
                    {
                        "dns.type": kind,
                        "dns.queries[0].rrname": lookup.name,
                        "dns.queries[0].rrtype": lookup.type,
                        "dns.rcode": lookup.rcode,
                    }
                )
    return found
