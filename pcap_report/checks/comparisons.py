"""Compare a value with what is expected of it: ``"TLS 1.3"``, ``"< 200"``, ``3``, or one of a list."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPARISON: Final = re.compile(r"\s*(<=|>=|<|>|!=|==)\s*(.*?)\s*", re.DOTALL)
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_OPERATORS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "!=": operator.ne,
    "==": operator.eq,
}


class CannotTellError(Exception):
    """The value is unknown, or of a kind that cannot be compared."""


def fault_of(expected: object) -> str | None:
    """Say what is wrong with a comparison; None where nothing is."""
    parts = _parted(expected)
    if parts is None:
        return None
    sign, wanted = parts
    if sign in {"<", "<=", ">", ">="} and not _NUMBER.fullmatch(wanted):
        return f"{sign} compares with a number, and {wanted or 'nothing'} is none"
    return None


def holds(found: Any, expected: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Tell whether a value is as expected.

    Raises:
        CannotTellError: it is unknown.
    """
    if isinstance(expected, list):
        return any(holds(found, one) for one in expected)
    if expected is None:
        return found is None
    if found is None:
        raise CannotTellError("it is not known")
    parts = _parted(expected)
    if parts is None:
        return _equal(found, expected)
    sign, wanted = parts
    if sign in {"==", "!="}:
        same = _equal(found, float(wanted)) if _is_number(found, wanted) else str(found) == wanted
        return same if sign == "==" else not same
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise CannotTellError("it is no number")
    return _OPERATORS[sign](found, float(wanted))


def _parted(expected: object) -> tuple[str, str] | None:
    match = _COMPARISON.fullmatch(expected) if isinstance(expected, str) else None
    return (match[1], match[2]) if match else None


def _is_number(found: object, wanted: str) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool) and bool(_NUMBER.fullmatch(wanted))


def _equal(found: object, expected: object) -> bool:
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    return found == expected
