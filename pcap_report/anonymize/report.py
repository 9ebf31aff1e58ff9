"""Make a report that can be published: pseudonyms everywhere, and said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from pcap_report.anonymize.key import Key
from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.originals import Originals
from pcap_report.anonymize.pseudonyms import Pseudonyms
from pcap_report.anonymize.walk import Walk
from pcap_report.engine.texts import with_texts
from pcap_report.flow.community_id import TCP, UDP, community_id
from pcap_report.model.evidence import NotVisible
from pcap_report.model.message import msg
from pcap_report.model.report import Report

if TYPE_CHECKING:
    from pcap_report.model.connection import Connection

_TRIES: Final = 12
_KEPT: Final = frozenset((Kind.ADDRESS, Kind.MAC, Kind.TIME))
"""What stays a pseudonym in the blank report: by these, connections are told apart and chosen."""


class Anonymized(Struct, frozen=True):
    """A report with pseudonyms, and what is needed to make sure of it."""

    report: Report
    blank: Report
    """The same report with nothing in the places of names and texts: its words are ours."""
    originals: Originals
    """What must not stand in any output."""


def anonymize(report: Report, key: Key, language: str = "en") -> Anonymized:
    """Put pseudonyms in the place of addresses, names and texts.

    Args:
        report: a report with its originals.
        key: where the pseudonyms come from.
        language: of the report's texts.
    """
    tries = 1 if key.kept else _TRIES
    pseudonyms, found = _with(report, key)
    while tries > 1 and Originals.of(pseudonyms.originals).ambiguous:
        tries -= 1
        pseudonyms, found = _with(report, Key.random())
    originals = Originals.of(pseudonyms.originals)
    blank = Walk(lambda kind, text: _blank(pseudonyms, kind, text), str).report(report)
    finished = _finished(found, language)
    kept = {one.community_id for one in finished.connections}
    originals.add_exact(
        Kind.COMMUNITY, (one.community_id for one in report.connections if one.community_id not in kept)
    )
    return Anonymized(finished, _finished(blank, language), originals)


def _with(report: Report, key: Key) -> tuple[Pseudonyms, Report]:
    """Go through the report twice: sentences are cleaned of what the first time has found."""
    pseudonyms = Pseudonyms(key)
    Walk(pseudonyms.of, str).report(report)
    clean = Originals.of(pseudonyms.originals).replaced_in
    return pseudonyms, Walk(pseudonyms.of, clean).report(report)


def _blank(pseudonyms: Pseudonyms, kind: Kind, text: str) -> str:
    found = pseudonyms.of(kind, text)
    return found if found == text or kind in _KEPT else ""


def _finished(report: Report, language: str) -> Report:
    connections = tuple(replace(one, community_id=_community_id(one)) for one in report.connections)
    return with_texts(
        replace(
            report,
            connections=connections,
            capture=replace(report.capture, anonymized=True),
            not_visible=(
                _notice(),
                *(one for one in report.not_visible if one.what_message != _notice().what_message),
            ),
        ),
        language,
    )


def _community_id(connection: Connection) -> str:
    client, server = connection.client, connection.server
    try:
        return community_id(
            client.ip, client.port, server.ip, server.port, TCP if connection.protocol == "tcp" else UDP
        )
    except ValueError:  # not an address
        return ""


def _notice() -> NotVisible:
    return NotVisible(
        "",
        "",
        msg("The true addresses, names and dates"),
        msg(
            "This report is anonymized: pseudonyms stand in their place, the same one everywhere, and dates"
            " are moved by a secret span. A display filter with a pseudonym in it finds nothing in the"
            " capture"
            " itself."
        ),
    )
