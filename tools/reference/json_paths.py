"""docs/reference/json-paths.md: every path of the JSON report, from its schema."""

from __future__ import annotations

from typing import Any, Final

from tools.reference.markdown import cell, prose, slug, table

Schema = dict[str, Any]

_ROOT: Final = "Report"
_PLACES_SHOWN: Final = 6
_BEGINNING: Final = """\
# Paths of the JSON report

Every record and every field of it, from [its schema](../report.schema.json). [The JSON report](../json.md)
says what holds for all of them. `[]` is any element of a list, `{}` any key. `null` is unknown, or does not
apply.
"""


def json_page() -> str:
    """Write the page."""
    from pcap_report.render.json_report import report_schema

    definitions: dict[str, Schema] = report_schema()["$defs"]
    places = _places(definitions)
    lines = [_BEGINNING]
    for name in places:
        lines += _record(name, definitions[name], places[name])
    return "\n".join(lines).rstrip() + "\n"


def paths_of(definitions: dict[str, Schema]) -> list[str]:
    """Return every path of a report: below each place of each record, its fields."""
    return [
        f"{place}.{field}".lstrip(".")
        for name, found in _places(definitions).items()
        for place in found
        for field in definitions[name].get("properties", {})
    ]


def _places(definitions: dict[str, Schema]) -> dict[str, list[str]]:
    """Return where each record stands, records and places in the order in which they are met."""
    found: dict[str, list[str]] = {_ROOT: [""]}
    waiting: list[tuple[str, str, tuple[str, ...]]] = [(_ROOT, "", ())]
    while waiting:
        name, place, above = waiting.pop(0)
        for field, schema in definitions[name].get("properties", {}).items():
            for inner, tail in _references(schema):
                path = f"{place}.{field}{tail}".lstrip(".")
                if path not in found.setdefault(inner, []) and inner not in above:
                    found[inner].append(path)
                    waiting.append((inner, path, (*above, name)))
    return {name: places for name, places in found.items() if places}


def _references(schema: Schema) -> list[tuple[str, str]]:
    """Return the records that a value may be or hold, each with what joins the path to it."""
    if "$ref" in schema:
        return [(schema["$ref"].rpartition("/")[2], "")]
    found = [pair for one in schema.get("anyOf", []) for pair in _references(one)]
    if isinstance(schema.get("items"), dict):
        found += [(name, f"[]{tail}") for name, tail in _references(schema["items"])]
    if isinstance(schema.get("additionalProperties"), dict):
        found += [(name, f".{{}}{tail}") for name, tail in _references(schema["additionalProperties"])]
    return found


def _record(name: str, schema: Schema, places: list[str]) -> list[str]:
    shown = ", ".join(f"`{place}`" for place in places[:_PLACES_SHOWN] if place) or "the report itself"
    more = len(places) - _PLACES_SHOWN
    rows = [
        (f"`{field}`", kind_of(one), cell(one.get("description")))
        for field, one in schema.get("properties", {}).items()
    ]
    return [
        f"## {name}",
        "",
        prose(schema.get("description")),
        "",
        f"Stands at: {shown}{f' and {more} more' if more > 0 else ''}.",
        "",
        *table(("field", "type", "meaning"), rows),
    ]


def kind_of(schema: Schema) -> str:
    """Name the type of a value, records with a link."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{slug(name)})"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(kind_of(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(f"`{one}`" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {kind_of(schema['items'])}" if isinstance(schema.get("items"), dict) else "list"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"object of {kind_of(inner)}" if isinstance(inner, dict) and inner else "object"
    return str(schema.get("type", "any"))
