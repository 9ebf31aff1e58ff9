"""Another text in every field that a stranger could fill: closed sets and numbers stay."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.model.report import Report

_OURS = frozenset(("id", "text", "plural", "role", "first_packet_at", "version", "sender", "protocol"))
"""Texts of ours: by these the templates decide, or they are parts of a sentence."""
Record = TypeVar("Record", bound=msgspec.Struct)


def replaced(report: Report, next_text: Callable[[], str]) -> Report:
    """Put the next text into each field that is not ours."""
    return _record(report, next_text)


def _record(record: Record, next_text: Callable[[], str]) -> Record:
    names = [name for name in record.__struct_fields__ if name not in _kept(type(record))]
    return msgspec.structs.replace(
        record, **{name: _value(getattr(record, name), next_text, name) for name in names}
    )


@cache
def _kept(kind: type[msgspec.Struct]) -> frozenset[str]:
    hints = get_type_hints(kind)
    return _OURS | {name for name, hint in hints.items() if _is_closed(hint)}


def _is_closed(hint: object) -> bool:
    return get_origin(hint) is Literal or any(_is_closed(one) for one in get_args(hint))


def _value(value: Any, next_text: Callable[[], str], name: str) -> Any:  # noqa: ANN401 - any field
    if isinstance(value, msgspec.Struct):
        return _record(value, next_text)
    if isinstance(value, tuple):
        return tuple(_value(one, next_text, name) for one in value)
    if isinstance(value, dict):
        return {key: _value(one, next_text, key) for key, one in value.items()}
    text = isinstance(value, str) and not name.endswith(("_term", "_terms"))
    return next_text() if text else value
