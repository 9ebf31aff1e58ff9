"""Results of a check as Markdown, for a comment on a pull request and the summary page of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.render.safe import markdown_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.checks.results import Checked, Outcome, Result

_WORDS: Final[dict[Outcome, str]] = {"failed": "failed", "could_not_tell": "could not tell"}
_ROWS: Final = 50
_PASSED: Final = 100
_CELL: Final = 120
_COMMAND: Final = 400


def summary(checked: Checked) -> str:
    """Return the results, what did not pass first, in less than the 65,536 characters that GitHub takes."""
    return "\n".join(_lines(checked)) + "\n"


def _lines(checked: Checked) -> Iterator[str]:
    captures = len({one.capture for one in checked.results})
    yield (
        f"**{checked.failed} failed, {checked.could_not_tell} could not be told, {checked.passed} passed**"
        f" in {captures} capture{'' if captures == 1 else 's'}"
    )
    wrong = [one for one in checked.results if one.outcome != "passed"]
    if wrong:
        yield "\n| | capture | what | expected | found |\n|---|---|---|---|---|"
        yield from (_row(one) for one in wrong[:_ROWS])
        yield from _rest(len(wrong) - _ROWS)
        commands = list(dict.fromkeys(one.command for one in wrong[:_ROWS] if one.command))
        if commands:
            yield "\nSee it:\n"
            yield from (f"- {markdown_code(one, _COMMAND)}" for one in commands)
    passed = [one for one in checked.results if one.outcome == "passed"]
    if passed:
        yield f"\n<details><summary>{len(passed)} passed</summary>\n"
        for one in passed[:_PASSED]:
            yield f"- {_code(one.capture)}{_where(one)}: {_code(one.name)}: {_code(one.found)}"
        yield from _rest(len(passed) - _PASSED)
        yield "\n</details>"


def _row(one: Result) -> str:
    cells = (one.capture, f"{one.name} ({one.file}:{one.line})", one.expected, one.found)
    return " | ".join((f"| {_WORDS[one.outcome]}{_where(one)}", *(_code(cell) for cell in cells))) + " |"


def _where(one: Result) -> str:
    return f" (connection {one.connection})" if one.connection is not None else ""


def _code(text: str) -> str:
    return markdown_code(text, _CELL, table=True)


def _rest(count: int) -> Iterator[str]:
    if count > 0:
        yield f"\nAnd {count} more."
