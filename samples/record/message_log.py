"""The application log of a client: one JSON line per message, written as it is sent or received."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Direction = Literal["send", "recv"]
Clock = Literal["utc", "local"]
Message = dict[str, object]


class MessageLog:
    """Appends to one `.jsonl` file."""

    def __init__(self, path: Path, clock: Clock = "utc") -> None:
        """`utc` writes times with their offset, `local` naive local times as many programs do."""
        self._path = path
        self._clock = clock

    def write(self, direction: Direction, message: Message, at: datetime | None = None) -> None:
        """Add one line, stamped now unless `at` is given."""
        moment = at or datetime.now(UTC)
        if self._clock == "local":
            moment = moment.astimezone().replace(tzinfo=None)
        line = {"time": moment.isoformat(timespec="microseconds"), "direction": direction, "data": message}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
