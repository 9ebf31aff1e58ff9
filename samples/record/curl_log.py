"""curl as a client that keeps an application log: its own trace, told as requests and responses.

`curl --trace-ascii - --trace-time` stamps each header and body as it is sent or received.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from message_log import Direction, Message, MessageLog

TRACE_OPTIONS: Final = (
    "--silent",
    "--http1.1",
    "--trace-ascii",
    "-",
    "--trace-time",
    "--output",
    "/dev/null",
)
EVENT: Final = re.compile(
    r"(?P<time>[\d:.]{15}) (?P<way>=>|<=) (?P<what>Send|Recv) (?P<part>header|data), (?P<size>\d+)"
)
LINE: Final = re.compile(r"[0-9a-f]{4,}: (?P<text>.*)")


@dataclass
class TracedMessage:
    """One request or response as it grows out of the trace."""

    direction: Direction
    at: datetime
    lines: list[str] = field(default_factory=list)
    body_bytes: int = 0

    def summary(self) -> Message:
        """What the log says of it."""
        first, second, *rest = self.lines[0].split(" ", 2)
        if self.direction == "send":
            host = next(line.partition(": ")[2] for line in self.lines if line.startswith("Host:"))
            return {"method": first, "host": host, "path": second}
        return {"status": int(second), "reason": " ".join(rest), "bytes": self.body_bytes}


def traced_messages(trace: str) -> Iterator[TracedMessage]:
    """The requests and responses of one trace, in order; a response ends where the next request begins."""
    today = datetime.now(UTC).date()
    current: TracedMessage | None = None
    in_header = False
    for line in trace.splitlines():
        if event := EVENT.match(line):
            direction: Direction = "send" if event["way"] == "=>" else "recv"
            in_header = event["part"] == "header"
            if current is None or current.direction != direction:
                if current:
                    yield current
                clock = datetime.strptime(event["time"], "%H:%M:%S.%f").time()
                current = TracedMessage(direction, datetime.combine(today, clock, UTC))
            if not in_header:
                current.body_bytes += int(event["size"])
        elif (text := LINE.match(line)) and current and in_header:
            current.lines.append(text["text"])
        else:
            in_header = False
    if current:
        yield current


def write_log(trace: str, log: MessageLog) -> None:
    """Write the messages of curl's trace (with TZ=UTC) into `log`."""
    for message in traced_messages(trace):
        log.write(message.direction, message.summary(), message.at)
