"""What a JSON value is in JSON-RPC 2.0 (sections 4 to 6): request, notification, result, error, batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["request", "notification", "result", "error", "invalid"]

_TEXT_KEPT: Final = 200
_BATCH_KEPT: Final = 200
_NAMES_KEPT: Final = 100


class Parsed(NamedTuple):
    """A message, as far as a report tells it."""

    kind: Kind
    id: str | None
    method: str | None
    tool: str | None
    error_code: int | None
    error_message: str | None
    is_tool_error: bool
    batch: int | None
    body: dict[str, Any]
    """The message itself (Any: JSON's own types)."""


def parsed_messages(value: object) -> Iterator[Parsed]:
    """Yield the messages of a JSON value; nothing where it is no JSON-RPC 2.0."""
    if isinstance(value, dict):
        if value.get("jsonrpc") == "2.0":
            yield _parsed(value, None)
    elif isinstance(value, list) and any(
        isinstance(one, dict) and one.get("jsonrpc") == "2.0" for one in value
    ):
        for place, one in enumerate(value[:_BATCH_KEPT], start=1):
            yield _parsed(one if isinstance(one, dict) else {}, place)


def _parsed(body: dict[str, Any], batch: int | None) -> Parsed:
    method, params, error, result = (body.get(key) for key in ("method", "params", "error", "result"))
    number = _id(body)
    tool = params.get("name") if method == "tools/call" and isinstance(params, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    text = error.get("message") if isinstance(error, dict) else None
    return Parsed(
        kind=_kind(body, method, number),
        id=number,
        method=method[:_TEXT_KEPT] if isinstance(method, str) else None,
        tool=tool[:_TEXT_KEPT] if isinstance(tool, str) else None,
        error_code=code if isinstance(code, int) and abs(code) < 1 << 53 else None,
        error_message=text[:_TEXT_KEPT] if isinstance(text, str) else None,
        is_tool_error=isinstance(result, dict) and result.get("isError") is True,
        batch=batch,
        body=body,
    )


def _kind(body: dict[str, Any], method: object, number: str | None) -> Kind:
    if isinstance(method, str):
        return "request" if number is not None else "notification"
    if "result" in body and "error" not in body and number is not None:
        return "result"
    return "error" if isinstance(body.get("error"), dict) and "result" not in body else "invalid"


def _id(body: dict[str, Any]) -> str | None:
    """Write an id as JSON; ``null`` is what an answer has whose request could not be read."""
    if "id" not in body or not isinstance(body["id"], (str, int, float, type(None))):
        return None
    if body["id"] is None and "method" in body:
        return None
    return msgspec.json.encode(body["id"]).decode()[:_TEXT_KEPT]


def names_in(value: object, key: str = "name") -> tuple[str, ...]:
    """Return the names of a list of objects, such as MCP's tools."""
    if not isinstance(value, list):
        return ()
    names = [one.get(key) for one in value if isinstance(one, dict)]
    return tuple(name[:_TEXT_KEPT] for name in names if isinstance(name, str))[:_NAMES_KEPT]


def text_at(value: object, *path: str) -> str | None:
    """Return the text at a path of keys; None where there is none."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value[:_TEXT_KEPT] if isinstance(value, str) else None
