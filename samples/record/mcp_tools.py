"""The tools of the sample MCP server, with schemas so long that their list fills several segments."""

from datetime import UTC, datetime
from typing import Any, Final

from message_log import Message

Schema = dict[str, Any]


def _text(description: str, **more: object) -> Schema:
    return {"type": "string", "description": description, **more}


def _tool(name: str, title: str, description: str, inputs: dict[str, Schema], required: list[str]) -> Message:
    schema = {"type": "object", "properties": inputs, "required": required, "additionalProperties": False}
    return {"name": name, "title": title, "description": description, "inputSchema": schema}


ZONE: Final = _text(
    "IANA time zone name such as Europe/Madrid, America/Guatemala or Asia/Shanghai. UTC if left out.",
    examples=["UTC", "Europe/Madrid", "America/Guatemala", "Asia/Shanghai", "Australia/Sydney"],
)
MOMENT: Final = _text("A moment as RFC 3339 writes it, with its offset from UTC: 2026-03-29T02:30:00+01:00.")
PASSAGE: Final = _text("The text to work on, in UTF-8. Line ends are kept as they are.", maxLength=65_536)

TOOLS: Final[list[Message]] = [
    _tool(
        "current_time",
        "Current time",
        "Tells the current time in one time zone, in RFC 3339, with the zone's name and its offset from UTC "
        "at this moment. Daylight saving time is taken from the zone's own rules.",
        {"timezone": ZONE},
        [],
    ),
    _tool(
        "convert_time",
        "Convert a time between zones",
        "Takes a moment in one time zone and tells what the clocks of another zone show then. A moment that "
        "does not exist (the hour skipped in spring) is an error; one that exists twice is the earlier one.",
        {"moment": MOMENT, "from_timezone": ZONE, "to_timezone": ZONE},
        ["moment", "to_timezone"],
    ),
    _tool(
        "time_between",
        "Time between two moments",
        "Counts the time from one moment to another in days, hours, minutes and seconds, and in seconds. "
        "Negative when the second moment is the earlier one.",
        {"first": MOMENT, "second": MOMENT, "unit": _text("Largest unit.", enum=["days", "hours"])},
        ["first", "second"],
    ),
    _tool(
        "working_days",
        "Working days in a span",
        "Counts the working days from one date to another, both included, after a weekly calendar and a list "
        "of holidays. Holidays that fall on a weekend are not counted twice.",
        {
            "first": _text("First date as YYYY-MM-DD.", pattern=r"^\d{4}-\d{2}-\d{2}$"),
            "last": _text("Last date as YYYY-MM-DD.", pattern=r"^\d{4}-\d{2}-\d{2}$"),
            "weekend": {"type": "array", "items": {"type": "string"}, "default": ["saturday", "sunday"]},
            "holidays": {"type": "array", "items": {"type": "string"}, "description": "Dates as YYYY-MM-DD."},
        },
        ["first", "last"],
    ),
    _tool(
        "echo",
        "Echo",
        "Answers with the length of the text that it was given. Of use to see how large messages travel: "
        "the text goes one way only.",
        {"text": PASSAGE},
        ["text"],
    ),
    _tool(
        "count_words",
        "Count words",
        "Counts characters, words, sentences and lines of a text, after the word boundaries of Unicode (UAX "
        "29), and lists the most frequent words with their number of occurrences.",
        {
            "text": PASSAGE,
            "language": _text("BCP 47 tag of the text's language; found out when left out."),
            "most_frequent": {"type": "integer", "minimum": 0, "maximum": 100, "default": 10},
        },
        ["text"],
    ),
    _tool(
        "find_pattern",
        "Find a pattern in a text",
        "Finds every match of a regular expression in a text and tells for each its line, column and groups. "
        "The search ends after one second or a thousand matches, whichever comes first, and says so.",
        {
            "text": PASSAGE,
            "pattern": _text("A regular expression in RE2 syntax, without back references.", maxLength=1_000),
            "ignore_case": {"type": "boolean", "default": False},
        },
        ["text", "pattern"],
    ),
]


def call_tool(name: str, arguments: dict[str, Any]) -> Message:
    """What `tools/call` answers: content, or content that says it is an error."""
    if name == "current_time":
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return _content(f"{now} (UTC)")
    if name == "echo":
        return _content(f"{len(arguments['text'])} characters")
    return _content(f"No such tool: {name}", is_error=True)


def _content(text: str, *, is_error: bool = False) -> Message:
    return {"content": [{"type": "text", "text": text}], "isError": is_error}
