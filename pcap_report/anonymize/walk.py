"""Go through every string of a report and put what the table says in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from msgspec.structs import replace

from pcap_report.anonymize.fields import is_plain, kind_of_field
from pcap_report.anonymize.kinds import ARGUMENTS, FIELDS, Kind
from pcap_report.anonymize.macs import MAC
from pcap_report.anonymize.names import parsed_address
from pcap_report.capture.dissect import ROLE
from pcap_report.model.anatomy import FrameAnatomy, LayerField
from pcap_report.model.connection import Hosting
from pcap_report.model.evidence import FieldValue
from pcap_report.model.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcap_report.anonymize.filters import Mapper
    from pcap_report.model.message import Argument
    from pcap_report.model.report import Report

_FOREIGN: Final = "extensions"
"""Records of others, of which nothing is known: left out."""


class Walk:
    """Rewrites a report."""

    def __init__(self, of: Mapper, clean: Callable[[str], str]) -> None:
        """Take what replaces strings.

        Args:
            of: returns what stands for a string of some kind.
            clean: takes what is known to be an original out of a sentence.
        """
        self._of = of
        self._clean = clean

    def report(self, report: Report) -> Report:
        """Return the report with everything replaced."""
        found: Report = self._record(report)
        return found

    def _value(self, value: Any, kind: Kind) -> Any:  # noqa: ANN401 - a field of a record is of any type
        match value:
            case str():
                return self._of(kind, value) or (None if kind is Kind.VENDOR else "")
            case Hosting():
                for text in (value.suffix, value.service):
                    self._of(Kind.NAME, text)
                return None
            case Struct():
                return self._record(value)
            case tuple():
                return tuple(self._value(one, kind) for one in value)
            case _:
                return value

    def _record(self, record: Any) -> Any:  # noqa: ANN401
        match record:
            case Message():
                return self._message(record)
            case LayerField():
                return self._layer_field(record)
            case FieldValue():
                return replace(record, value=self._field(record.field, record.value))
        kinds = FIELDS.get(type(record).__name__, {})
        changes: dict[str, Any] = {}
        for name in record.__struct_fields__:
            value = getattr(record, name)
            if name == _FOREIGN and isinstance(value, dict):
                changes[name] = {}
            elif isinstance(value, (str, tuple, Struct)):
                kind = kinds.get(name, Kind.TEXT)
                changes[name] = value if _is_closed(type(record), name) else self._value(value, kind)
        found = replace(record, **changes)
        return _without_meanings(found) if isinstance(found, FrameAnatomy) else found

    def _message(self, message: Message) -> Message:
        args = {name: self._argument(name, value) for name, value in message.args.items()}
        plural = None if message.plural is None else self._clean(message.plural)
        return replace(message, text=self._clean(message.text), args=args, plural=plural)

    def _argument(self, name: str, value: Argument) -> Argument:
        if name.endswith(("_term", "_terms")):
            return value
        kind = ARGUMENTS.get(name, Kind.LEARNED)
        if isinstance(value, tuple):
            return tuple(self._of(kind, one) if isinstance(one, str) else one for one in value)
        return self._of(kind, value) if isinstance(value, str) else value

    def _layer_field(self, field: LayerField) -> LayerField:
        value = self._field(field.name, field.value)
        return replace(field, value=value, meaning=field.meaning if value == field.value else None)

    def _field(self, name: str, values: str) -> str:
        """Rewrite a field's values, which are joined by commas where there are several."""
        return ", ".join(self._one(name, value) for value in values.split(", "))

    def _one(self, name: str, value: str) -> str:
        kind = kind_of_field(name)
        if parsed_address(value):
            kind = Kind.ADDRESS
        elif MAC.fullmatch(value):
            kind = Kind.MAC
        elif kind is None and is_plain(name, value):
            kind = Kind.OURS
        return self._of(kind or Kind.TEXT, value)


_CLOSED: dict[type[Struct], frozenset[str]] = {}


def _is_closed(record: type[Struct], name: str) -> bool:
    """Tell whether a field takes words of a closed set: its type is a Literal."""
    if record not in _CLOSED:
        from msgspec import inspect

        info = inspect.type_info(record)
        assert isinstance(info, inspect.StructType)
        _CLOSED[record] = frozenset(one.name for one in info.fields if not _takes_text(one.type))
    return name in _CLOSED[record]


def _takes_text(kind: object) -> bool:
    from msgspec import inspect

    match kind:
        case inspect.StrType() | inspect.StructType() | inspect.AnyType() | inspect.DictType():
            return True
        case inspect.VarTupleType():
            return _takes_text(kind.item_type)
        case inspect.TupleType():
            return any(map(_takes_text, kind.item_types))
        case inspect.UnionType():
            return any(map(_takes_text, kind.types))
        case _:
            return False


def _without_meanings(anatomy: FrameAnatomy) -> FrameAnatomy:
    """Leave out what tshark writes beside the values of a frame that was taken apart completely."""
    if anatomy.role != ROLE:
        return anatomy
    layers = tuple(
        replace(layer, fields=tuple(replace(one, meaning=None) for one in layer.fields))
        for layer in anatomy.layers
    )
    return replace(anatomy, layers=layers)


def unclassified(record: type[Struct]) -> list[str]:
    """Return the fields of a record that take texts and that the table does not know."""
    if record in {Message, LayerField, FieldValue}:
        return []
    from msgspec import inspect

    known = FIELDS.get(record.__name__, {})
    info = inspect.type_info(record)
    assert isinstance(info, inspect.StructType)
    return [one.name for one in info.fields if _holds_strings(one.type) and one.name not in known]


def _holds_strings(kind: object) -> bool:
    from msgspec import inspect

    match kind:
        case inspect.StrType():
            return True
        case inspect.VarTupleType():
            return _holds_strings(kind.item_type)
        case inspect.TupleType():
            return any(map(_holds_strings, kind.item_types))
        case inspect.UnionType():
            return any(map(_holds_strings, kind.types))
        case _:
            return False
