"""What a shell offers when Tab is pressed behind an option: imported only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def languages(incomplete: str) -> list[str]:
    """Languages of the report."""
    from pcap_report.render.phrases import LANGUAGES

    return _beginning(LANGUAGES, incomplete)


def profiles(incomplete: str) -> list[str]:
    """Profiles that come with pcap-report."""
    from pcap_report.render.environment import profiles as built_in

    return _beginning(built_in(), incomplete)


def formats(incomplete: str) -> list[str]:
    """Formats of a report."""
    from pcap_report.cli.formats import FORMATS

    return _beginning((one.name for one in FORMATS), incomplete)


def rules(incomplete: str) -> list[tuple[str, str]]:
    """Ids of rules, and what they are about."""
    from pcap_report.render.phrases import plain_phrases
    from pcap_report.rules.registry import RULES

    say = plain_phrases("en").say
    return [(one.id, say(one.why)) for one in RULES if one.id.startswith(incomplete)]


def analyzers(incomplete: str) -> list[str]:
    """Ids of analyzers; behind a comma the next one."""
    from pcap_report.analyzers.plugins import available_analyzers

    begun, comma, last = incomplete.rpartition(",")
    return [begun + comma + one.id for one in available_analyzers(()) if one.id.startswith(last)]


def _beginning(names: Iterable[str], incomplete: str) -> list[str]:
    return [one for one in names if one.startswith(incomplete)]
