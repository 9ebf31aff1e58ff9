"""Answers that fit the budget of whoever asks: the most important first, with a cursor for more."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: Final = 2000
LEAST: Final = 50
MOST: Final = 100_000

_ASCII_PER_TOKEN: Final = 3
"""Numbers, addresses and JSON's marks make more tokens than prose, which has four letters to one."""


@dataclass(frozen=True)
class Item:
    """One thing that an answer can hold.

    Attributes:
        section: the list that it belongs to.
        build: makes the record, when there is room for it.
    """

    section: str
    build: Callable[[], msgspec.Struct]


def tokens(text: str) -> int:
    """Estimate how many tokens of a language model a text makes: rather too many than too few."""
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return math.ceil(plain / _ASCII_PER_TOKEN) + len(text) - plain


def cost(answer: object) -> int:
    """Return how many tokens an answer makes as JSON."""
    return tokens(msgspec.json.encode(answer).decode())


def fitted(  # noqa: PLR0913 - the head, what follows it, and the page that is asked for
    head: msgspec.Struct,
    items: Sequence[Item],
    budget: int,
    cursor: str | None,
    key: str,
    spare: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the head with as many items as fit, one at least; the values are of JSON's types.

    Args:
        head: what the first page has; its fields of the sections' names are filled.
        items: all there is, the most important first.
        budget: in tokens; the answer never takes more.
        cursor: where a former page ended; None for the first page.
        key: what the question is about; a cursor belongs to one question.
        spare: fields of the head that make room on a small page, and stand on the first page alone.

    Raises:
        UsageError: the cursor is not of this question, or the budget is too small for the next item.
    """
    require_budget(budget)
    page = _Page(items, begin(cursor, key, len(items)), key)
    answer: dict[str, Any] = msgspec.to_builtins(head)
    for name in spare:
        if cursor is not None or cost(answer) * 2 > budget:
            answer.pop(name, None)
    page.fill(answer, budget)
    while (needed := cost(answer)) > budget and page.shorten(answer):
        pass
    if needed > budget:
        for name in spare:
            answer.pop(name, None)
        needed = cost(answer)
    if needed > budget:
        raise too_small(budget, needed)
    return answer


class _Page:
    """The items of an answer, from a place on."""

    def __init__(self, items: Sequence[Item], first: int, key: str) -> None:
        self._items = items
        self._first = self._end = first
        self._key = key

    def fill(self, answer: dict[str, Any], budget: int) -> None:
        """Put items into an answer for as long as they fit, one at least."""
        spent = cost(answer)
        while self._end < len(self._items):
            item = self._items[self._end]
            record = msgspec.to_builtins(item.build())
            spent += cost(record)
            if self._end > self._first and spent > budget:
                break
            answer.setdefault(item.section, []).append(record)
            self._end += 1
        self._tell_the_rest(answer)

    def shorten(self, answer: dict[str, Any]) -> bool:
        """Take the last item out again; tell whether that could be done."""
        if self._end - self._first <= 1:
            return False
        self._end -= 1
        section = self._items[self._end].section
        answer[section].pop()
        if not answer[section]:
            del answer[section]
        self._tell_the_rest(answer)
        return True

    def _tell_the_rest(self, answer: dict[str, Any]) -> None:
        if self._end < len(self._items):
            rest = Counter(item.section for item in self._items[self._end :])
            answer["left_out"] = dict(rest)
            answer["cursor"] = cursor_at(self._end, self._key)


def too_small(budget: int, needed: int) -> UsageError:
    """Return the error for a budget into which the next thing does not fit."""
    return UsageError(
        f"The answer does not fit into {budget} tokens: what comes next takes {needed}",
        f"Ask the same again with a budget of {needed} or more; {DEFAULT} is usual.",
    )


def require_budget(budget: int) -> None:
    """Refuse a budget that makes no sense.

    Raises:
        UsageError: it does not.
    """
    if not LEAST <= budget <= MOST:
        raise UsageError(f"A budget goes from {LEAST} to {MOST} tokens", f"Leave it out for {DEFAULT}.")


def cursor_at(place: int, key: str) -> str:
    """Return the cursor of a place in the answer to a question."""
    return f"{place}-{_mark(key)}"


def begin(cursor: str | None, key: str, count: int) -> int:
    """Return the place that a cursor means.

    Raises:
        UsageError: it is not of this question.
    """
    if cursor is None:
        return 0
    number, _, mark = cursor[:64].partition("-")
    if mark != _mark(key) or not number.isdecimal() or not number.isascii() or int(number) >= count:
        raise UsageError(
            "This cursor is not of this question", "Ask without cursor, and go on with the one in the answer."
        )
    return int(number)


def _mark(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()[:8]
