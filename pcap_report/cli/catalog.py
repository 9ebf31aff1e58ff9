"""``pcap-report analyzers`` and ``pcap-report rules``: what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.cli.output import write_standard_output
from pcap_report.cli.tables import Column, print_json, print_table
from pcap_report.compiled import documentation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.cli.options.lists import RulesFormat, TableFormat
    from pcap_report.cli.settings import Settings
    from pcap_report.model.message import Message
    from pcap_report.rules.base import Rule

_ANALYZER_COLUMNS: Final = (
    Column("id", style="bold"),
    Column("question", wide=True),
    Column("fields", "right"),
)
_RULE_COLUMNS: Final = (Column("id", style="bold"), Column("severity"), Column("why it matters", wide=True))


def list_analyzers(plugins: tuple[Path, ...], form: TableFormat, settings: Settings) -> None:
    """Print the analyzers, built-in ones first, in output order."""
    from pcap_report.analyzers.plugins import available_analyzers

    kinds = available_analyzers(plugins)
    if form == "json":
        print_json(
            [{"id": kind.id, "question": _question(kind), "fields": sorted(kind.fields)} for kind in kinds]
        )
        return
    rows = [[kind.id, _question(kind), str(len(kind.fields))] for kind in kinds]
    print_table(_ANALYZER_COLUMNS, rows, settings)


def list_rules(form: RulesFormat, language: str, settings: Settings) -> None:
    """Print the rules, in the order in which they are applied; the page of all rules is English."""
    from pcap_report.render.phrases import plain_phrases
    from pcap_report.rules.registry import RULES

    say = plain_phrases(language).say
    if form == "json":
        print_json([_as_json(rule, say) for rule in RULES])
        return
    if form == "md":
        from pcap_report.cli.rule_page import rule_page

        write_standard_output(rule_page())
        return
    print_table(_RULE_COLUMNS, [[rule.id, rule.severity, say(rule.why)] for rule in RULES], settings)


def _as_json(rule: Rule, say: Callable[[Message], str]) -> dict[str, object]:
    thresholds = {one.name: one.value for one in rule.thresholds}
    return {"id": rule.id, "severity": rule.severity, "why": say(rule.why), "thresholds": thresholds}


def _question(kind: AnalyzerKind) -> str:
    return documentation(kind.__module__, kind.__name__).partition("\n\n")[0].replace("\n", " ")
