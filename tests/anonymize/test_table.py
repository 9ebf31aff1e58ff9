"""Every string of the model is classified: what is new is not published before somebody thought of it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pcap_report.anonymize.kinds import ARGUMENTS
from pcap_report.anonymize.walk import unclassified
from pcap_report.model.report import Report
from pcap_report.render.json_report import _records

if TYPE_CHECKING:
    from msgspec import Struct

PACKAGE = Path(__file__).resolve().parents[2] / "pcap_report"
NUMBERS = {
    "rfc",  # of a standard, a word of ours
    *("ack", "client", "count", "earlier", "frame", "frames", "id", "number", "packets", "port", "records"),
    *("request", "seq", "status", "messages", "code"),
}
"""Arguments that hold numbers; what is a string all the same is looked up like a stranger's."""


@pytest.mark.parametrize("record", _records(Report), ids=lambda record: record.__name__)
def test_every_string_field_is_classified(record: type[Struct]) -> None:
    assert unclassified(record) == [], "say in anonymize/kinds.py what it is"


def _arguments() -> set[str]:
    found: set[str] = set()
    for folder in ("analyzers", "rules", "engine"):
        for path in (PACKAGE / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in {"msg", "msg_n"}
                ):
                    found |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return found


def test_every_value_of_a_message_is_classified() -> None:
    measured = {
        name for name in _arguments() if name.endswith(("_ms", "_s", "_bytes", "_percent", "_term", "_terms"))
    }
    assert _arguments() - measured - NUMBERS - set(ARGUMENTS) == set(), "say in anonymize/kinds.py what it is"
