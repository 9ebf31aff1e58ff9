"""A table of the report: its own box to scroll in, and buttons to sort by where its rows are numbered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLASSES: Final = {"---:": ' class="n"', ":---:": ' class="m"'}
_FACTS: Final = 2
"""Columns of a table that lists names with their values."""


def table(lines: Sequence[str]) -> str:
    """Write the rows, cells divided by pipes, as a table.

    A table whose first column holds numbers lists things of a kind, and can be sorted.
    """
    rows = [_cells(line) for line in lines]
    head, aligned, body = rows[0], rows[1] if len(rows) > 1 else [], rows[2:]
    classes = [_CLASSES.get(one, "") for one in aligned]
    classes += [""] * (len(head) - len(classes))
    sortable = len(body) > 1 and aligned[:1] == ["---:"]
    kind = ' class="sortable"' if sortable else ' class="facts"' if len(head) == _FACTS else ""
    return "".join(
        (
            f'<div class="scroll"><table{kind}><thead><tr>',
            *(_head(*pair, sortable=sortable) for pair in zip(head, classes, strict=True)),
            "</tr></thead><tbody>",
            *(_row(row, classes) for row in body),
            "</tbody></table></div>",
        )
    )


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]


def _head(text: str, class_: str, *, sortable: bool) -> str:
    if sortable:
        text = f'<button type="button" class="so">{text}</button>'
    return f'<th scope="col"{class_}>{text}</th>'


def _row(cells: Sequence[str], classes: Sequence[str]) -> str:
    pairs = zip(cells, classes, strict=False)
    return f"<tr>{''.join(f'<td{class_}>{cell}</td>' for cell, class_ in pairs)}</tr>"
