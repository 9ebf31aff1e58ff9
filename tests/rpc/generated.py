"""Sessions made with seeded randomness: what an application logs, and the bursts that a capture shows of it.

The truth is known: which burst carried which message. Clocks are shifted, times jitter, answers take their
time, connections are used again or run side by side, messages travel in batches, some are missing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Final

from pcap_report.analyzers.rpc.log import LogMessage, Slot
from pcap_report.analyzers.rpc.messages import Parsed

_HALF_WAY_S: Final = 0.03
ORIGIN_S: Final = 1_795_242_934.0
TOOLS: Final = ("current_time", "echo", "search", "convert", "read_file")


@dataclass
class Habit:
    """How a session goes.

    Attributes:
        connections: how many connections are used.
        parallel: requests run side by side, one for each connection.
        reuse: requests on one connection before the next is opened, one after the other.
        jitter_s: the log's times are late by up to this.
        offset_s: the log's clock is ahead by this.
        pause_s: mean pause between an answer and the next request.
        batching: share of requests that travel two in a burst (pipelined, HTTP/2).
        lost: share of messages whose burst the capture does not have.
        foreign: share of bursts of something else on the same connections.
        packed: answers are compressed.
        server: the server wrote the log, half a round trip away from the capture.
    """

    connections: int = 1
    parallel: bool = False
    reuse: int = 1000
    jitter_s: float = 0.005
    offset_s: float = 0.0
    pause_s: float = 0.6
    batching: float = 0.0
    lost: float = 0.0
    foreign: float = 0.0
    packed: bool = False
    server: bool = False


@dataclass
class Session:
    """A log, the bursts, and the truth: by line of the log, the burst's connection and place."""

    log: list[LogMessage] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    truth: dict[int, tuple[int, int]] = field(default_factory=dict)


class Generator:
    """Makes one session."""

    def __init__(self, seed: int, habit: Habit) -> None:
        self._random = random.Random(seed)  # noqa: S311 - nothing is secret
        self._habit = habit
        self._headers = {True: self._random.randint(60, 420), False: self._random.randint(60, 380)}
        self._clock = dict.fromkeys(range(habit.connections), 0.0)
        self._counts = dict.fromkeys(range(habit.connections), 0)
        self._session = Session()
        self._line = 0
        self._id = 0

    def session(self, calls: int) -> Session:
        """Return a session with its opening and some calls."""
        self._exchange(0, "initialize", 0.0)
        self._notify(0)
        self._exchange(0, "tools/list", self._pause())
        used = 2
        connection = 0
        for _ in range(calls):
            if self._habit.parallel:
                connection = self._random.randrange(self._habit.connections)
            elif used >= self._habit.reuse:
                connection, used = (connection + 1) % self._habit.connections, 0
            used += 1
            if not self._habit.parallel:
                latest = max(self._clock.values())
                self._clock[connection] = max(self._clock[connection], latest)
            if self._random.random() < self._habit.batching:
                self._pipelined(connection)
            else:
                self._exchange(connection, "tools/call", self._pause())
        self._session.slots.sort(key=lambda one: one.start_s)
        self._session.log.sort(key=lambda one: (one.time_s, one.line))
        return self._session

    def _pause(self) -> float:
        return self._random.expovariate(1 / self._habit.pause_s) + 0.01

    def _think(self) -> float:
        return self._random.choice((0.02, 0.08, 0.2)) * self._random.uniform(0.5, 2.5) + 0.02

    def _exchange(self, connection: int, method: str, pause_s: float) -> None:
        self._id += 1
        begin = self._clock[connection] + pause_s
        self._foreign(connection, begin)
        size = self._random.randint(90, 260) if method != "tools/list" else 60
        end = self._send(connection, begin, [("request", method, self._id, size)])
        answer = self._answer_size(method)
        self._clock[connection] = self._receive(connection, end + self._think(), [(method, self._id, answer)])

    def _pipelined(self, connection: int) -> None:
        """Two requests in one burst, and two answers in one, as HTTP/2 clients do."""
        first, second = self._id + 1, self._id + 2
        self._id += 2
        sizes = [self._random.randint(90, 260), self._random.randint(90, 260)]
        requests: list[tuple[str, str, int | None, int]] = [
            ("request", "tools/call", number, size)
            for number, size in zip((first, second), sizes, strict=True)
        ]
        end = self._send(connection, self._clock[connection] + self._pause(), requests)
        answers = [("tools/call", number, self._answer_size("tools/call")) for number in (first, second)]
        self._clock[connection] = self._receive(connection, end + self._think(), answers)

    def _answer_size(self, method: str) -> int:
        if method == "tools/list":
            return self._random.randint(1500, 9000)
        return int(self._random.paretovariate(1.2) * 110) % 60_000 + 80

    def _notify(self, connection: int) -> None:
        begin = self._clock[connection] + 0.02
        end = self._send(connection, begin, [("notification", "notifications/initialized", None, 57)])
        self._burst(connection, from_client=False, begin=end + self._think(), size=0)
        self._clock[connection] = end + 0.3

    def _foreign(self, connection: int, before: float) -> None:
        if self._random.random() < self._habit.foreign:
            begin = before - self._random.uniform(0.001, 0.02)
            self._burst(connection, from_client=True, begin=begin, size=self._random.randint(0, 800))

    def _send(self, connection: int, begin: float, messages: list[tuple[str, str, int | None, int]]) -> float:
        if self._random.random() < self._habit.lost:
            where = None
            end = begin
        else:
            where, end = self._burst(
                connection, from_client=True, begin=begin, size=sum(size for *_, size in messages)
            )
        for kind, method, number, size in messages:
            late = self._random.uniform(0, self._habit.jitter_s)
            logged = end + _HALF_WAY_S + late if self._habit.server else begin - late
            self._log(logged, True, kind, method, number, size, where)
        return end

    def _receive(self, connection: int, begin: float, messages: list[tuple[str, int, int]]) -> float:
        total = sum(size for *_, size in messages)
        if self._random.random() < self._habit.lost:
            where, end = None, begin
        else:
            travels = total // 4 if self._habit.packed and total > 600 else total
            where, end = self._burst(connection, from_client=False, begin=begin, size=travels)
        for _, number, size in messages:
            late = self._random.uniform(0, self._habit.jitter_s)
            logged = begin - _HALF_WAY_S - late if self._habit.server else end + late
            self._log(logged, False, "result", None, number, size, where)
        return end

    def _burst(
        self, connection: int, *, from_client: bool, begin: float, size: int
    ) -> tuple[tuple[int, int], float]:
        place = self._counts[connection]
        self._counts[connection] += 1
        end = begin + size / 2_000_000 + self._random.uniform(0, 0.002)
        headers = self._headers[from_client] + self._random.randint(-6, 6)
        slot = Slot(connection, place, from_client, ORIGIN_S + begin, ORIGIN_S + end, size + max(20, headers))
        self._session.slots.append(slot)
        return (connection, place), end

    def _log(
        self,
        at_s: float,
        sent: bool,
        kind: str,
        method: str | None,
        number: int | None,
        size: int,
        where: tuple[int, int] | None,
    ) -> None:
        self._line += 1
        tool = TOOLS[(number or 0) % len(TOOLS)] if method == "tools/call" else None
        parsed = Parsed(
            kind,  # type: ignore[arg-type]  # one of its words
            None if number is None else str(number),
            method,
            tool,
            None,
            None,
            False,
            None,
            {},
        )
        self._session.log.append(
            LogMessage(
                self._line,
                ORIGIN_S + at_s + self._habit.offset_s,
                sent != self._habit.server,
                parsed,
                size,
                size + size // 9,
            )
        )
        if where is not None:
            self._session.truth[self._line] = where
