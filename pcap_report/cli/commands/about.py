"""The commands that tell of this program and this machine."""

from __future__ import annotations

import typer

from pcap_report.cli.context import settings_of
from pcap_report.cli.options import lists, reading, run, writing

DOCTOR_EXAMPLES = """
Examples:

\b
  pcap-report doctor
  PCAP_REPORT_TSHARK=/opt/wireshark/bin/tshark pcap-report doctor    ask another tshark
"""
ANALYZERS_EXAMPLES = """
Examples:

\b
  pcap-report analyzers
  pcap-report analyzers --plugin mine.py     with those of a file
  pcap-report analyzers -f json | jq '.[].id'
"""
RULES_EXAMPLES = """
Examples:

\b
  pcap-report rules
  pcap-report rules -f json | jq '.[] | select(.severity == "high")'
"""
SCHEMA_EXAMPLES = """
Examples:

\b
  pcap-report schema > report.schema.json
  pcap-report schema --expectations > expectations.schema.json
"""


def doctor(context: typer.Context, color: run.Colored = None, debug: run.Debug = False) -> None:
    """Tell whether this machine is ready: tshark, its version and fields, the right to capture."""
    from pcap_report.cli.doctor import examine

    examine(settings_of(context))


def analyzers(
    context: typer.Context,
    plugins: reading.Plugins = None,
    table_format: lists.TableChoice = lists.TableFormat.text,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """List the analyzers: the question that each answers, and the tshark fields that it reads."""
    from pcap_report.cli.catalog import list_analyzers

    list_analyzers(tuple(plugins or ()), table_format, settings_of(context))


def rules(
    context: typer.Context,
    table_format: lists.RulesChoice = lists.RulesFormat.text,
    language: writing.Language = None,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """List the rules: what each finds, how grave it is, and why it matters."""
    from pcap_report.cli.catalog import list_rules

    list_rules(table_format, language or "en", settings_of(context))


def schema(expectations: lists.ExpectationsSchema = False, debug: run.Debug = False) -> None:
    """Print the JSON Schema of the JSON report, or of an expectations file."""
    from pcap_report.cli.output import write_standard_output
    from pcap_report.render.json_report import pretty_json, render_schema

    if expectations:
        from pcap_report.checks.expectations import expectations_schema

        write_standard_output(pretty_json(expectations_schema()))
        return
    write_standard_output(render_schema())
