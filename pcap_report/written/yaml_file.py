"""Read a YAML file into a record, and say of every mistake on which line it stands."""

from __future__ import annotations

import codecs
import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import msgspec

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import yaml

_MOST_BYTES: Final = 1_000_000
_DEEPEST: Final = 30
_AT: Final = re.compile(r" - at `(\$[^`]*)`$")
_KEY_OF: Final = re.compile(r"^\$|\.(\w+)|\[(\d+|\.\.\.)\]")
_UNKNOWN: Final = re.compile(r"Object contains unknown field `([^`]*)`")
_QUOTED: Final = re.compile(r"`((?:\w+)(?: \| \w+)*)`")
_KIND: Final = re.compile(r"\b(?:object|array|str|int|float|bool|null)\b| \| ")
_KINDS: Final = {
    "object": "a mapping",
    "array": "a list",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
    " | ": " or ",
}

Place = tuple[str | int, ...]
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Position:
    """Where something stands in a file, both counted from 1."""

    line: int
    column: int


class Written:
    """A YAML file that was read: its values, and where each of them stands."""

    def __init__(self, path: Path, values: Any, positions: dict[Place, Position]) -> None:  # noqa: ANN401
        self.path = path
        self.values = values
        self._positions = positions

    def position(self, place: Place) -> Position:
        """Return where a value stands, or what it is in where it has no place of its own."""
        while place not in self._positions and place:
            place = place[:-1]
        return self._positions.get(place, Position(1, 1))

    def wrong(self, place: Place, message: str, hint: str | None = None) -> NoReturn:
        """Refuse what stands at a place.

        Raises:
            UsageError: always, with line and column.
        """
        if not self._positions:  # a format whose reader tells no places: the key says it
            raise UsageError(f"{self.path}: {'.'.join(map(str, place)) or 'it'}: {message}", hint)
        at = self.position(place)
        raise UsageError(f"{self.path}:{at.line}:{at.column}: {message}", hint)

    def convert(self, kind: type[Kind]) -> Kind:
        """Return the values as a record.

        Raises:
            UsageError: with line and column, for the first that does not fit.
        """
        try:
            return msgspec.convert(self.values, kind)
        except msgspec.ValidationError as error:
            self._refuse(str(error), kind)

    def _refuse(self, text: str, kind: object) -> NoReturn:
        found = _AT.search(text)
        place = _place(found[1]) if found else ()
        if found and "[...]" in found[1]:
            place = self._entry(place, kind)
        unknown = _UNKNOWN.search(text)
        if unknown:
            names = _keys_at(kind, place)
            near = difflib.get_close_matches(unknown[1], names, 1)
            meant = f"Did you mean {near[0]}? " if near else ""
            self.wrong(
                (*place, unknown[1]),
                f"there is no key {unknown[1]}",
                f"{meant}The keys here are: {', '.join(names)}",
            )
        self.wrong(place, _said(text[: found.start()] if found else text))

    def _entry(self, place: Place, kind: object) -> Place:
        """Return the entry of a mapping that does not fit; msgspec names the mapping only."""
        mapping = self.values
        for part in place:
            mapping = mapping[part]
        for key in mapping:
            try:
                msgspec.convert(_reduced(self.values, place, key), kind)
            except msgspec.ValidationError:
                return (*place, key)
        return place


def _reduced(values: Any, place: Place, key: str) -> Any:  # noqa: ANN401 - any value of YAML
    """Return the values with one entry only of the mapping at a place."""
    if not place:
        return {key: values[key]}
    if isinstance(values, list):
        return [_reduced(one, place[1:], key) if at == place[0] else one for at, one in enumerate(values)]
    return {name: _reduced(one, place[1:], key) if name == place[0] else one for name, one in values.items()}


def read_yaml(path: Path) -> Written:
    """Read a YAML file: values only, no tags, no aliases.

    Raises:
        UsageError: it cannot be read, or it is no such YAML; with line and column.
    """
    import yaml

    text = _text(path)
    try:
        _require_simple(path, text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark
        where = f"{path}:{at.line + 1}:{at.column + 1}" if at else str(path)
        raise UsageError(f"{where}: this is no YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        place = _position_in(text, error.position)
        character = f"U+{ord(text[error.position]):04X}"
        raise UsageError(f"{path}:{place.line}:{place.column}: {character} must not stand in YAML") from error
    if node is None:
        raise UsageError(f"{path}:1:1: the file is empty")
    positions: dict[Place, Position] = {}
    try:
        values = _value(path, node, (), positions)
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark
        where = f"{path}:{at.line + 1}:{at.column + 1}" if at else str(path)
        raise UsageError(f"{where}: this is no value: {error.problem}") from error
    return Written(path, values, positions)


def _require_simple(path: Path, text: str) -> None:
    """Refuse aliases, and what is nested too deeply before it costs time, which grows with its square."""
    import yaml

    begins = (
        yaml.BlockMappingStartToken,
        yaml.BlockSequenceStartToken,
        yaml.FlowMappingStartToken,
        yaml.FlowSequenceStartToken,
    )
    ends = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        where = f"{path}:{token.start_mark.line + 1}:{token.start_mark.column + 1}"
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken):
            raise UsageError(f"{where}: aliases and anchors are not read here", "Write it out.")
        depth += isinstance(token, begins) - isinstance(token, ends)
        if depth > _DEEPEST + 1:
            raise UsageError(f"{where}: this is nested too deeply")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as source:
            content = source.read(_MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder, and a file is needed") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].removeprefix(codecs.BOM_UTF8).decode()
        at = _position_in(before, len(before))
        raise UsageError(f"{path}:{at.line}:{at.column}: this is not written in UTF-8") from error


def _position_in(text: str, offset: int) -> Position:
    before = text[:offset]
    return Position(before.count("\n") + 1, offset - before.rfind("\n"))


def _value(path: Path, node: yaml.Node, place: Place, positions: dict[Place, Position]) -> Any:  # noqa: ANN401
    import yaml

    mark = node.start_mark
    positions.setdefault(place, Position(mark.line + 1, mark.column + 1))
    if len(place) > _DEEPEST:
        raise UsageError(f"{path}:{mark.line + 1}:{mark.column + 1}: this is nested too deeply")
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, one, (*place, at), positions) for at, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return dict(_entries(path, node, place, positions))
    maker = yaml.SafeLoader("")
    try:
        made = maker.construct_object(node)
    except (ValueError, LookupError, AttributeError) as error:  # so the reader stumbles over tags that lie
        where = f"{path}:{mark.line + 1}:{mark.column + 1}"
        raise UsageError(f"{where}: this is no value: {node.tag.rpartition(':')[2]} {node.value}") from error
    if made is None or isinstance(made, bool | int | float | str):
        return made
    return str(node.value)  # a date is what was written


def _entries(
    path: Path, node: yaml.MappingNode, place: Place, positions: dict[Place, Position]
) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        at = Position(mark.line + 1, mark.column + 1)
        key = str(key_node.value)
        if not isinstance(key_node.value, str):
            raise UsageError(f"{path}:{at.line}:{at.column}: a key is one word")
        if key in seen:
            raise UsageError(f"{path}:{at.line}:{at.column}: {key} stands here twice")
        seen.add(key)
        positions[*place, key] = at
        yield key, _value(path, value_node, (*place, key), positions)


def _place(text: str) -> Place:
    """Read msgspec's path, ``$.connections[0].expect``; within a dict it names no key."""
    parts = (match for match in _KEY_OF.finditer(text) if match[0] != "$")
    place: list[str | int] = []
    for match in parts:
        if match[2] == "...":
            break
        place.append(match[1] if match[1] is not None else int(match[2]))
    return tuple(place)


def _keys_at(kind: object, place: Place) -> list[str]:
    """Return the keys that a record takes at a place."""
    info = msgspec.inspect.type_info(kind)
    for part in place:
        info = _inner(info, part)
    struct = next((one for one in _options(info) if isinstance(one, msgspec.inspect.StructType)), None)
    return [field.encode_name for field in struct.fields] if struct else []


def _inner(info: msgspec.inspect.Type, part: str | int) -> msgspec.inspect.Type:
    for one in _options(info):
        if isinstance(one, msgspec.inspect.StructType):
            for field in one.fields:
                if field.encode_name == part:
                    return field.type
        elif isinstance(one, msgspec.inspect.ListType | msgspec.inspect.VarTupleType) and isinstance(
            part, int
        ):
            return one.item_type
    return msgspec.inspect.AnyType()


def _options(info: msgspec.inspect.Type) -> tuple[msgspec.inspect.Type, ...]:
    return info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)


def _said(text: str) -> str:
    """Say msgspec's words in those of somebody who writes YAML."""
    text = _QUOTED.sub(lambda match: _KIND.sub(lambda kind: _KINDS[kind[0]], match[1]), text)
    return (
        text.replace("Object missing required field", "it lacks the key")[:1].lower()
        + text.replace("Object missing required field", "it lacks the key")[1:]
    )
