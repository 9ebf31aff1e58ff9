"""The report as JSON, and the JSON Schema that says what is in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.model.report import Report
from pcap_report.model.schema import SCHEMA_VERSION
from pcap_report.render.sayable import sayable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_INDENTED: Final = 4_000_000
"""Bytes of compact JSON up to which it is indented."""
_INDENT: Final = 2
# Controls, marks of direction, blanks without width: only strings hold them, and JSON can write them out.
_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff]"
)


def render_json(report: Report) -> str:
    """Write the report as JSON, keys in the order of the records; indented by two spaces up to 4 MB.

    Characters that could act on a terminal or hide from a reader are written as escapes.
    """
    return b"".join(json_pieces(report)).decode()


def json_pieces(report: Report) -> Iterator[bytes]:
    """Yield what :func:`render_json` writes, piece by piece: large ones are never whole in memory."""
    pieces = _compact(report)
    begun: list[bytes] = []
    size = 0
    for piece in pieces:
        begun.append(piece)
        size += len(piece)
        if size > _INDENTED:
            yield from map(_shown, begun)
            yield from map(_shown, pieces)
            yield b"\n"
            return
    yield _readable(b"".join(begun))


def _compact(report: Report) -> Iterator[bytes]:
    encode = msgspec.json.encode
    before = b"{"
    for name in report.__struct_fields__:
        yield before + encode(name) + b":"
        value = getattr(report, name)
        if name == "connections":
            yield b"["
            yield from _joined(encode(one) for one in value)
            yield b"]"
        else:
            yield encode(value)
        before = b","
    yield b"}"


def _joined(encoded: Iterable[bytes]) -> Iterator[bytes]:
    between = b""
    for one in encoded:
        yield between + one
        between = b","


def _shown(encoded: bytes) -> bytes:
    if encoded.isascii():
        return encoded
    return _UNSEEN.sub(_escape, encoded.decode()).encode()


def read_json(content: bytes) -> Report:
    """Read what :func:`render_json` wrote.

    Raises:
        msgspec.DecodeError: it is no JSON, or (as its ValidationError) not a whole report.
    """
    return sayable(msgspec.json.decode(content, type=Report))


def render_schema() -> str:
    """Write the JSON Schema (draft 2020-12) of the report, made from the records and their descriptions."""
    return pretty_json(report_schema())


def report_schema() -> dict[str, Any]:
    """Return the schema as JSON's own types, which is what Any stands for here."""
    schemas, definitions = msgspec.json.schema_components([Report], ref_template="#/$defs/{name}")
    for kind in _records(Report):
        _describe(definitions[kind.__name__], kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"The JSON report of pcap-report, version {SCHEMA_VERSION}",
        **schemas[0],
        "$defs": definitions,
    }


def pretty_json(value: object) -> str:
    """Write any value as JSON the way reports are written: what is too long to read by eye stays compact."""
    return _readable(msgspec.json.encode(value)).decode()


def _readable(encoded: bytes) -> bytes:
    if len(encoded) <= _INDENTED:
        encoded = msgspec.json.format(encoded, indent=_INDENT)
    return _shown(encoded) + b"\n"


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _records(kind: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """Return the record and all that can stand in it, each once."""
    found: dict[type[msgspec.Struct], None] = {}
    waiting = [kind]
    while waiting:
        record = waiting.pop()
        if record not in found:
            found[record] = None
            waiting += _structs_in(msgspec.inspect.type_info(record))
    return list(found)


def _structs_in(info: object) -> Iterator[type[msgspec.Struct]]:
    match info:
        case msgspec.inspect.StructType():
            for field in info.fields:
                yield from _struct_of(field.type)
        case _:
            yield from _struct_of(info)


def _struct_of(info: object) -> Iterator[type[msgspec.Struct]]:
    match info:
        case msgspec.inspect.StructType():
            yield info.cls
        case msgspec.inspect.VarTupleType():
            yield from _struct_of(info.item_type)
        case msgspec.inspect.UnionType():
            for one in info.types:
                yield from _struct_of(one)
        case _:
            return


def _describe(schema: dict[str, Any], kind: type[msgspec.Struct]) -> None:
    """Add the texts that stand below the attributes in the source; the record's own loses its indent."""
    import inspect

    if "description" in schema:
        schema["description"] = inspect.cleandoc(schema["description"])  # as Python does itself since 3.13
    texts = _attribute_texts(kind)
    for field in msgspec.structs.fields(kind):
        if field.name in texts:
            property_schema = schema["properties"][field.encode_name]
            property_schema["description"] = texts[field.name]


def _attribute_texts(kind: type[msgspec.Struct]) -> dict[str, str]:
    import ast
    import inspect
    import textwrap

    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)  # the source of a class
    found: dict[str, str] = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(before, ast.AnnAssign)
            and isinstance(before.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            found[before.target.id] = " ".join(str(after.value.value).split())
    return found
