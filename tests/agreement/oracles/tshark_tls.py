"""TLS as tshark sees it: hellos, version, suite, names, fingerprints, alerts, application data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pcap_report.analyzers.iana.tls import alert_level_name, alert_name
from tests.agreement import names
from tests.agreement.comparison import Comparison, frames_text

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection
    from pcap_report.model.tls import TlsHandshake

# Any: the oracle's JSON is read as it is
Json = dict[str, Any]


def compare_tls(
    comparison: Comparison, connection: Connection, theirs: Json | None, where: str, *, same_way: bool
) -> None:
    """Compare the TLS handshake of one stream.

    Args:
        comparison: where the outcomes go.
        connection: ours.
        theirs: the oracle's; None where it saw no TLS.
        where: the stream.
        same_way: the oracle's client is ours too.
    """
    ours = connection.tls_handshake
    saw_hello = bool(theirs and (theirs["client_hello"] or theirs["server_hello"]))
    says_hello = ours is not None and (ours.client_hello is not None or ours.server_hello is not None)
    if saw_hello or says_hello:
        comparison.check("TLS handshake", where, says_hello, saw_hello)
    if theirs is None or ours is None:
        return
    _compare_client_hello(comparison, ours, theirs, where)
    _compare_server_hello(comparison, ours, theirs, where)
    frames = {ours.client_change_cipher_spec_frame, ours.server_change_cipher_spec_frame} - {None}
    comparison.check("ChangeCipherSpec", where, frames, {one for one in frames if one in theirs["ccs"]})
    certificates = {one.frame for one in ours.certificates if one.frame is not None}
    comparison.check(
        "certificate frames", where, frames_text(certificates), frames_text(theirs["certificate"])
    )
    _compare_alerts(comparison, ours, theirs, where, same_way=same_way)
    _compare_data(comparison, connection, theirs, where)


def _compare_client_hello(comparison: Comparison, ours: TlsHandshake, theirs: Json, where: str) -> None:
    hello, retry = ours.client_hello, ours.hello_retry_request
    comparison.check(
        "ClientHello", where, hello.frame if hello else None, min(theirs["client_hello"], default=None)
    )
    retries = [retry.frame] if retry else []
    comparison.check("HelloRetryRequest", where, retries, theirs["hello_retry"][:1])
    if hello is None:
        return
    comparison.check("SNI", where, ours.sni, theirs["sni"])
    comparison.check("ALPN offered", where, hello.alpn, theirs["alpn_offered"])
    comparison.check("JA3", where, hello.ja3, theirs["ja3"])


def _compare_server_hello(comparison: Comparison, ours: TlsHandshake, theirs: Json, where: str) -> None:
    hello = ours.server_hello
    comparison.check(
        "ServerHello", where, hello.frame if hello else None, min(theirs["server_hello"], default=None)
    )
    raw, cipher = theirs["version_raw"], theirs["cipher"]
    if theirs["server_hello"] or hello:
        comparison.check("version", where, ours.version, names.version(raw) if raw else None)
        comparison.check("cipher suite", where, ours.cipher_suite, names.suite(cipher) if cipher else None)
        comparison.check("ALPN selected", where, ours.alpn, theirs["alpn_selected"])
        comparison.check("JA3S", where, hello.ja3s if hello else None, theirs["ja3s"])


def _compare_alerts(
    comparison: Comparison, ours: TlsHandshake, theirs: Json, where: str, *, same_way: bool
) -> None:
    # the oracle lists alerts that can be read
    readable = [one for one in ours.alerts if one.description is not None]
    found = [f"{one.frame} {one.sender} {one.level} {one.description}" for one in readable]
    sides = {"c": "client", "s": "server"} if same_way else {"c": "server", "s": "client"}
    expected = [
        f"{one['frame']} {sides[one['dir']]} {_level(one['level'])} {_description(one['desc'])}"
        for one in theirs["alerts"]
    ]
    comparison.check("alerts", where, found, expected)


def _named(name: Any, number: int | None) -> str | None:  # noqa: ANN401 - a function of the IANA tables
    return None if number is None else str(name(number))


def _level(number: int | None) -> str | None:
    return None if number is None else alert_level_name(number)


def _description(number: int | None) -> str | None:
    return None if number is None else alert_name(number)


def _compare_data(comparison: Comparison, connection: Connection, theirs: Json, where: str) -> None:
    data = connection.app_data
    if data is None or not theirs.get("app_data_bytes_exact") or theirs["version"] is None:
        return
    labelled = data.labelled_frames
    first = theirs["first_app_data"]
    if labelled is not None:
        comparison.check(
            "first application data, client", where, min(labelled.client, default=None), first["c"]
        )
        comparison.check(
            "first application data, server", where, min(labelled.server, default=None), first["s"]
        )
    if theirs["version"].startswith("TLS 1.3"):
        return  # there the oracle counts encrypted handshake messages as data
    if _spoke_before_tls(connection):
        comparison.lacking("application bytes, plaintext before TLS", where, theirs["app_data_bytes_c2s"])
        return
    comparison.check("application bytes, client", where, data.client_bytes, theirs["app_data_bytes_c2s"])
    comparison.check("application bytes, server", where, data.server_bytes, theirs["app_data_bytes_s2c"])


def _spoke_before_tls(connection: Connection) -> bool:
    """CONNECT, STARTTLS and the like: the oracle counts TLS records only, our report all data."""
    hello = connection.tls_handshake.client_hello if connection.tls_handshake else None
    bursts = connection.app_data.bursts if connection.app_data else ()
    return hello is not None and any(burst.frames and burst.frames[0] < hello.frames[0] for burst in bursts)
