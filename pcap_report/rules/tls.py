"""Rules about TLS: alerts, handshakes that fail, versions that are too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.rules.base import Limits, Rule, Sighting, seen_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report

_WEAK: Final = ("_NULL_", "_EXPORT", "_RC4_", "_RC2_", "_DES_", "_DES40_", "_3DES_", "_anon_", "_MD5_")
_FAREWELLS: Final = frozenset(("close_notify", "user_canceled"))
_OLD: Final = {"SSL 2.0": 6176, "SSL 3.0": 7568, "TLS 1.0": 8996, "TLS 1.1": 8996, "DTLS 1.0": 8996}
"""Versions that must not be used any more, and the RFC that says so."""


def _fatal_alert(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        for alert in one.tls_handshake.alerts if one.tls_handshake else ():
            if alert.level == "fatal":
                layer = "tls.alert_message && " if one.protocol == "tcp" else ""
                yield Sighting(
                    msg(
                        "Connection %(number)s: fatal TLS alert %(alert)s from the %(side_term)s.",
                        number=one.id,
                        alert=alert.description,
                        side_term=alert.sender,
                    ),
                    one.id,
                    (alert.frame,),
                    f"{one.display_filter} && {layer}frame.number == {alert.frame}",
                )


def _old_version(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        tls = one.tls_handshake
        if tls and tls.version in _OLD and tls.server_hello:
            yield Sighting(
                msg(
                    "Connection %(number)s uses %(version)s, which is obsolete (RFC %(rfc)s).",
                    number=one.id,
                    version=tls.version,
                    rfc=_OLD[tls.version],
                ),
                one.id,
                (tls.server_hello.frame,),
                f"{one.display_filter} && frame.number == {tls.server_hello.frame}",
            )


def _warning(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        for alert in one.tls_handshake.alerts if one.tls_handshake else ():
            if alert.level == "warning" and alert.description not in _FAREWELLS:
                yield seen_in(
                    one,
                    msg(
                        "Connection %(number)s: TLS warning %(alert)s from the %(side_term)s.",
                        number=one.id,
                        alert=alert.description,
                        side_term=alert.sender,
                    ),
                    (alert.frame,),
                )


def _failed(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        tls = one.tls_handshake
        if tls is None or tls.outcome != "failed" or any(alert.level == "fatal" for alert in tls.alerts):
            continue
        if tls.plain_answer_frame is not None:
            text = msg(
                "Connection %(number)s: the server answers the ClientHello with something that is no TLS.",
                number=one.id,
            )
            yield seen_in(one, text, (tls.plain_answer_frame,))
            continue
        hellos = (tls.client_hello, tls.server_hello)
        yield seen_in(
            one,
            msg("Connection %(number)s: the TLS handshake broke off.", number=one.id),
            (hello.frame for hello in hellos if hello),
        )


def _weak_suite(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        tls = one.tls_handshake
        hello = tls.server_hello if tls else None
        if hello and hello.cipher_suite and any(part in f"{hello.cipher_suite}_" for part in _WEAK):
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s uses %(suite)s, which is weak.",
                    number=one.id,
                    suite=hello.cipher_suite,
                ),
                (hello.frame,),
            )


def _refused(report: Report, _: Limits) -> Iterator[Sighting]:
    for one in report.connections:
        tls, data = one.tls_handshake, one.app_data
        if tls is None or tls.outcome != "complete" or data is None or data.bursts:
            continue
        labelled = data.labelled_frames.server if data.labelled_frames else ()
        fins = one.teardown.fins if one.teardown else ()
        client_fin = next((fin.frame for fin in fins if fin.sender == "client"), None)
        alert = next(iter(data.close_notify_frames), None)
        if alert is not None and alert in labelled and (client_fin is None or alert < client_fin):
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: right after the handshake the server sends a record of an alert's"
                    " size, and no application data follow.",
                    number=one.id,
                ),
                (alert,),
            )


RULES: Final = (
    Rule("tls.fatal_alert", "high", msg("The TLS connection ends at once."), _fatal_alert),
    Rule("tls.handshake_failed", "medium", msg("The two ends did not agree, and nothing was sent."), _failed),
    Rule(
        "tls.alert_without_data",
        "low",
        msg("In TLS 1.3 a server refuses a client's certificate, or that there is none, only after that."),
        _refused,
    ),
    Rule("tls.old_version", "medium", msg("Known attacks break it."), _old_version),
    Rule(
        "tls.weak_cipher_suite",
        "medium",
        msg("It does not protect: no encryption, no authentication, or a cipher that can be broken."),
        _weak_suite,
    ),
    Rule(
        "tls.warning_alert", "info", msg("The connection goes on, but one end did not get its way."), _warning
    ),
)
