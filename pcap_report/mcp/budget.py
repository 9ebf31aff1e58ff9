"""Answers that fit the budget of whoever asks: the most important first, with a cursor for more."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: Final = 2000
LEAST: Final = 200
MOST: Final = 100_000

_ASCII_PER_TOKEN: Final = 3
"""Numbers, addresses and JSON's marks make more tokens than prose, which has four letters to one."""
_RESERVE: Final = 60
"""Tokens for the cursor and for what is said of the rest."""


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
    plain = sum(map(str.isascii, text))
    return math.ceil(plain / _ASCII_PER_TOKEN) + len(text) - plain


def fitted(
    head: msgspec.Struct, items: Sequence[Item], budget: int, cursor: str | None, key: str
) -> dict[str, Any]:
    """Return the head with as many items as fit, and at least one; the values are of JSON's types.

    Args:
        head: what every page has; its fields of the sections' names are filled.
        items: all there is, the most important first.
        budget: in tokens.
        cursor: where a former page ended; None for the first page.
        key: what the question is about; a cursor belongs to one question.

    Raises:
        UsageError: the cursor is not of this question, or the budget makes no sense.
    """
    require_budget(budget)
    at = begin(cursor, key, len(items))
    answer: dict[str, Any] = msgspec.to_builtins(head)
    spent = tokens(_json(answer)) + _RESERVE
    first = at
    while at < len(items):
        record = msgspec.to_builtins(items[at].build())
        cost = tokens(_json(record)) + 1
        if at > first and spent + cost > budget:
            break
        answer.setdefault(items[at].section, []).append(record)
        spent += cost
        at += 1
    left = items[at:]
    if left:
        rest: dict[str, int] = {}
        for item in left:
            rest[item.section] = rest.get(item.section, 0) + 1
        answer["left_out"] = rest
        answer["cursor"] = cursor_at(at, key)
    return answer


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


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
