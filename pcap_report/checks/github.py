"""Results as workflow commands, which GitHub Actions shows beside the line of the expectation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.checks.results import Checked


def workflow_commands(checked: Checked) -> Iterator[str]:
    """Yield a line for everything that did not pass."""
    for one in checked.results:
        if one.outcome == "passed":
            continue
        kind = "error" if one.outcome == "failed" else "warning"
        text = f"{one.capture}: expected {one.expected}, found {one.found}"
        if one.command:
            text += f"\n{one.command}"
        file, title = _property(one.file), _property(one.name)
        yield f"::{kind} file={file},line={one.line},title={title}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
