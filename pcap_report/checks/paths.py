"""Values of a report by their paths: ``tls_handshake.certificates[0].subject``."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART: Final = re.compile(r"([A-Za-z_][\w-]*)|\[(\d{1,6})\]")
_WHOLE: Final = re.compile(r"[A-Za-z_][\w-]*(?:\[\d{1,6}\])*(?:\.[A-Za-z_][\w-]*(?:\[\d{1,6}\])*)*")
_FRAMES_SHOWN: Final = 20

Part = str | int


class PathError(Exception):
    """A path that no report has; ``names`` are those that it has at that place."""

    def __init__(self, message: str, names: list[str]) -> None:
        super().__init__(message)
        self.names = names

    def hint(self, wrong: str) -> str:
        """Return what to write in its place."""
        near = difflib.get_close_matches(wrong.rpartition(".")[2], self.names, 1)
        meant = f"Did you mean {near[0]}? " if near else ""
        return f"{meant}There are: {', '.join(self.names)}"


def parted(path: str) -> tuple[Part, ...]:
    """Take a path apart.

    Raises:
        PathError: it is written wrong.
    """
    if not _WHOLE.fullmatch(path):
        raise PathError(f"{path} is no path", [])
    return tuple(match[1] if match[1] else int(match[2]) for match in _PART.finditer(path))


def require_path(kind: type, path: str) -> None:
    """Make sure that a record has such a path.

    Raises:
        PathError: it has none.
    """
    options: list[msgspec.inspect.Type] = [msgspec.inspect.type_info(kind)]
    for part in parted(path):
        inner = [one for option in options for one in _below(option, part)]
        if not inner:
            raise PathError(f"a report has no {path}: there is no {part}", _names(options))
        options = inner


def _below(info: msgspec.inspect.Type, part: Part) -> Iterator[msgspec.inspect.Type]:
    match info:
        case msgspec.inspect.UnionType():
            for one in info.types:
                yield from _below(one, part)
        case msgspec.inspect.StructType():
            for field in info.fields:
                if field.encode_name == part:
                    yield from _flat(field.type)
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            if isinstance(part, int):
                yield from _flat(info.item_type)
        case msgspec.inspect.TupleType():
            if isinstance(part, int) and part < len(info.item_types):
                yield from _flat(info.item_types[part])
        case msgspec.inspect.DictType() | msgspec.inspect.AnyType():
            yield msgspec.inspect.AnyType()


def _flat(info: msgspec.inspect.Type) -> Iterator[msgspec.inspect.Type]:
    yield from info.types if isinstance(info, msgspec.inspect.UnionType) else (info,)


def _names(options: list[msgspec.inspect.Type]) -> list[str]:
    return [
        field.encode_name
        for option in options
        for one in _flat(option)
        if isinstance(one, msgspec.inspect.StructType)
        for field in one.fields
    ]


def value_at(values: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value at a path; None where it, or what it is in, is unknown."""
    for part in parted(path):
        if isinstance(values, dict) and isinstance(part, str):
            values = values.get(part)
        elif isinstance(values, list) and isinstance(part, int) and part < len(values):
            values = values[part]
        else:
            return None
    return values


def frames_at(values: Any, path: str) -> tuple[int, ...]:  # noqa: ANN401 - any JSON value
    """Return the frames that tell of a value: those named nearest to it."""
    parts = parted(path)
    around = [values]
    for part in parts:
        inner = around[-1]
        if isinstance(inner, dict) and isinstance(part, str):
            around.append(inner.get(part))
        elif isinstance(inner, list) and isinstance(part, int) and part < len(inner):
            around.append(inner[part])
        else:
            break
    for one in reversed(around[1:]):
        found = sorted(set(_frames_in(one, 2)))
        if found:
            return tuple(found[:_FRAMES_SHOWN])
    return ()


def _frames_in(value: Any, depth: int) -> Iterator[int]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "frame" and isinstance(one, int):
                yield one
            elif key == "frames" and isinstance(one, list):
                yield from (frame for frame in one if isinstance(frame, int))
            elif depth:
                yield from _frames_in(one, depth - 1)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _frames_in(one, depth - 1)
