"""Rules about TLS: alerts, handshakes that fail, versions that are too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.rules.base import Rule, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report

_OLD: Final = ("SSL 2.0", "SSL 3.0", "TLS 1.0", "TLS 1.1")


def _fatal_alert(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        for alert in one.tls_handshake.alerts if one.tls_handshake else ():
            if alert.level == "fatal":
                yield Sighting(
                    msg(
                        "Connection %(number)s: fatal TLS alert %(alert)s from the %(side_term)s.",
                        number=one.id,
                        alert=alert.description,
                        side_term=alert.sender,
                    ),
                    one.id,
                    (alert.frame,),
                    f"{one.display_filter} && tls.alert_message && frame.number == {alert.frame}",
                )


def _old_version(report: Report) -> Iterator[Sighting]:
    for one in report.connections:
        tls = one.tls_handshake
        if tls and tls.version in _OLD and tls.server_hello:
            yield Sighting(
                msg(
                    "Connection %(number)s uses %(version)s, which is obsolete (RFC 8996).",
                    number=one.id,
                    version=tls.version,
                ),
                one.id,
                (tls.server_hello.frame,),
                f"{one.display_filter} && frame.number == {tls.server_hello.frame}",
            )


RULES: Final = (
    Rule("tls.fatal_alert", "high", "The TLS connection ends at once.", _fatal_alert),
    Rule("tls.old_version", "medium", "Known attacks break it.", _old_version),
)
