"""Server-sent events in a body (WHATWG HTML, 9.2.6): each with its data and the bytes that it spans."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_END_OF_LINE: Final = re.compile(rb"\r\n|\n|\r")
_EVENTS: Final = 5000


class Event(NamedTuple):
    """An event; one without data is none."""

    name: str | None
    data: bytes
    begin: int
    end: int


def events_in(body: bytes) -> list[Event]:
    """Return the events of a stream, up to the last one that is complete."""
    found: list[Event] = []
    name: str | None = None
    data: list[bytes] = []
    begin = at = 0
    while len(found) < _EVENTS:
        match = _END_OF_LINE.search(body, at)
        if match is None:
            return found
        line, at = body[at : match.start()], match.end()
        if not line:
            if data:
                found.append(Event(name, b"\n".join(data), begin, at))
            name, data, begin = None, [], at
            continue
        field, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if field == b"data":
            data.append(value)
        elif field == b"event":
            name = value.decode("utf-8", "backslashreplace")[:200]
    return found
