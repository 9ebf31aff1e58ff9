"""Expressions in CEL, the Common Expression Language (cel.dev), over the values of a report.

CEL has no loops and no side effects, so that a file of a stranger's can ask and do nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pcap_report.written.yaml_file import Place, Written

_BOUND: Final = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*(\w+)\s*,")
"""A name that a macro gives to the elements of a list (CEL, "Macros")."""
_CALLS: Final = ("{0}('')", "''.{0}()", "''.{0}('')", "timestamp('2026-01-01T00:00:00Z').{0}()")
_NO_FUNCTION: Final = "Undefined variable or function"
_LONGEST: Final = 4000
_SHOWN: Final = 300


class ExpressionError(Exception):
    """An expression that is none, or that has no answer here."""


@dataclass(frozen=True)
class Expression:
    """An expression that can be asked many times.

    Attributes:
        text: as it was written.
        program: compiled; Any because the library's module is imported on demand.
        names: the variables that it reads.
        functions: the functions that it calls.
    """

    text: str
    program: Any
    names: frozenset[str]
    functions: frozenset[str]

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Tell whether it is true of these values.

        Raises:
            ExpressionError: it cannot be told: a value is not there, or the answer is not yes or no.
        """
        answer = self.answer(values)
        if not isinstance(answer, bool):
            raise ExpressionError(f"the answer is {_short(answer)}, and not true or false")
        return answer

    def answer(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON value
        """Return what it comes to.

        Raises:
            ExpressionError: a value is not there, or of another type.
        """
        try:
            return self.program.execute({name: values[name] for name in self.names if name in values})
        except KeyError as error:
            raise ExpressionError(f"there is no value {error}") from error
        except Exception as error:  # the library raises many kinds; none of them is an answer
            raise ExpressionError(_reason(error)) from error


def compiled(text: str) -> Expression:
    """Compile an expression.

    Raises:
        ExpressionError: it is none.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"it is longer than {_LONGEST} characters")
    import cel

    try:
        program = cel.compile(text)
        bound = {match[1] for match in _BOUND.finditer(text)}
        functions = frozenset(filter(str.isidentifier, program.functions()))
        return Expression(text, program, frozenset(program.variables()) - bound, functions)
    except Exception as error:  # the library raises many kinds for what is no expression
        raise ExpressionError(_short(error)) from error


def require_expression(text: str, place: Place, names: frozenset[str], written: Written) -> None:
    """Make sure that what stands at a place of a file is an expression over these names.

    Raises:
        UsageError: it is none, or asks for another name; with line and column.
    """
    try:
        expression = compiled(text)
        unknown = sorted(expression.names - names)
    except ExpressionError as error:
        written.wrong(place, f"this is no CEL: {error}")
    if unknown:
        written.wrong(place, f"there is no {unknown[0]} here", f"There are: {', '.join(sorted(names))}")
    missing = next((one for one in sorted(expression.functions) if not _is_function(one)), None)
    if missing:
        written.wrong(place, f"there is no function {missing}", "https://cel.dev lists those of CEL.")


@cache
def _is_function(name: str) -> bool:
    """Ask the library whether it has a function, in the ways in which functions are called."""
    import cel

    for call in _CALLS:
        try:
            cel.compile(call.format(name)).execute({})
        except Exception as error:  # the library raises many kinds; one of them says that there is none
            if _NO_FUNCTION not in str(error):
                return True
        else:
            return True
    return False


def _reason(error: Exception) -> str:
    if str(error).startswith("No such overload"):
        return "a value is not known (null), or not of the type that it is compared with"
    return _short(error)


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
