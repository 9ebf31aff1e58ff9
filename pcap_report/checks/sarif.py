"""Results as SARIF 2.1.0, which code hosts show at the line of the expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from pcap_report.checks.results import Checked, Result

_LEVELS: Final = {"failed": "error", "could_not_tell": "warning"}
_RULES: Final = (
    ("expectation-failed", "What is expected of a capture does not hold."),
    ("expectation-unanswered", "Whether what is expected holds cannot be told, which is no pass."),
)


def sarif(checked: Checked, version: str) -> dict[str, Any]:
    """Return everything that did not pass, as JSON's own types, which is what Any stands for."""
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pcap-report",
                        "version": version,
                        "rules": [{"id": name, "shortDescription": {"text": text}} for name, text in _RULES],
                    }
                },
                "results": [_result(one) for one in checked.results if one.outcome != "passed"],
            }
        ],
    }


def _result(one: Result) -> dict[str, Any]:
    text = f"{one.capture}: {one.name}: expected {one.expected}, found {one.found}."
    if one.command:
        text += f" See it: {one.command}"
    return {
        "ruleId": _RULES[one.outcome != "failed"][0],
        "level": _LEVELS[one.outcome],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(one.file)},
                    "region": {"startLine": one.line},
                }
            }
        ],
        "partialFingerprints": {"expectation/v1": f"{one.capture}|{one.name}|{one.connection}"},
    }
