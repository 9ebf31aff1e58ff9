"""Rules about the server's certificates, where they can be seen: TLS 1.3 encrypts them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg
from pcap_report.rules.base import Limits, Rule, Sighting, Threshold, seen_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pcap_report.model.connection import Connection
    from pcap_report.model.message import Message
    from pcap_report.model.report import Report
    from pcap_report.model.tls import Certificate

_SIZE: Final = re.compile(r"(RSA|DSA) (\d+)|EC \D*(\d{3})")


def _chain(one: Connection) -> list[Certificate]:
    """Return the server's certificates that could be read, its own first."""
    tls = one.tls_handshake
    sent = tls.certificates if tls else ()
    return [cert for cert in sent if cert.sender != "client" and cert.error is None and cert.frame]


def _bad(
    report: Report, test: Callable[[Certificate], bool], say: Callable[[Connection, Certificate], Message]
) -> Iterator[Sighting]:
    """Yield a sighting for the first certificate of each connection that a test finds."""
    for one in report.connections:
        found = next((cert for cert in _chain(one) if test(cert)), None)
        if found and found.frame:
            yield seen_in(one, say(one, found), (found.frame,))


def _expired(report: Report, _: Limits) -> Iterator[Sighting]:
    yield from _bad(
        report,
        lambda cert: cert.validity == "expired",
        lambda one, cert: msg(
            "Connection %(number)s: a certificate of the server had expired on %(not_after)s.",
            number=one.id,
            not_after=cert.not_after,
        ),
    )


def _not_yet_valid(report: Report, _: Limits) -> Iterator[Sighting]:
    yield from _bad(
        report,
        lambda cert: cert.validity == "not_yet_valid",
        lambda one, cert: msg(
            "Connection %(number)s: a certificate of the server is valid from %(not_before)s only.",
            number=one.id,
            not_before=cert.not_before,
        ),
    )


def _weak_key(report: Report, limits: Limits) -> Iterator[Sighting]:
    def is_weak(cert: Certificate) -> bool:
        size = _SIZE.match(cert.key or "")
        if size is None:
            return False
        return int(size[2]) < limits["rsa_bits"] if size[2] else int(size[3]) < limits["ec_bits"]

    yield from _bad(
        report,
        is_weak,
        lambda one, cert: msg(
            "Connection %(number)s: a certificate of the server has a weak key, %(key)s.",
            number=one.id,
            key=cert.key,
        ),
    )


def _own(report: Report) -> Iterator[tuple[Connection, Certificate, int]]:
    for one in report.connections:
        chain = _chain(one)
        if chain and chain[0].frame:
            yield one, chain[0], chain[0].frame


def _self_signed(report: Report, _: Limits) -> Iterator[Sighting]:
    for one, cert, frame in _own(report):
        if cert.self_signed:
            yield seen_in(
                one,
                msg("Connection %(number)s: the server's certificate is signed by itself.", number=one.id),
                (frame,),
            )


def _wrong_name(report: Report, _: Limits) -> Iterator[Sighting]:
    for one, _cert, frame in _own(report):
        tls = one.tls_handshake
        if tls and tls.sni_matches_certificate is False:
            yield seen_in(
                one,
                msg(
                    "Connection %(number)s: the server's certificate is not for %(sni)s.",
                    number=one.id,
                    sni=tls.sni,
                ),
                (frame,),
            )


RULES: Final = (
    Rule("tls.certificate_expired", "high", msg("Clients that check it refuse the connection."), _expired),
    Rule(
        "tls.certificate_not_yet_valid",
        "high",
        msg("Clients that check it refuse the connection; mostly a clock is wrong."),
        _not_yet_valid,
    ),
    Rule(
        "tls.certificate_name_mismatch",
        "high",
        msg("The client cannot tell whether it talks to whom it asked for."),
        _wrong_name,
    ),
    Rule(
        "tls.certificate_weak_key",
        "medium",
        msg("Who can compute the key can pretend to be the server."),
        _weak_key,
        (
            Threshold("rsa_bits", 2048, msg("least size of an RSA or DSA key (NIST SP 800-131A)")),
            Threshold("ec_bits", 224, msg("least size of an elliptic curve (NIST SP 800-131A)")),
        ),
    ),
    Rule(
        "tls.certificate_self_signed",
        "low",
        msg("Nobody vouches for it: a client trusts it only where it was told to."),
        _self_signed,
    ),
)
