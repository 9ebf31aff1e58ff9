"""The marks of a language: what it writes between words that are put together outside a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Marks:
    """What stands between words of ours that are put together outside a translated sentence.

    Attributes:
        listed: between the members of a list.
        clause: between two clauses.
        colon: before an explanation.
        rest: before "and 7 more".
        aside: a remark in parentheses, behind what it belongs to.
        percent: behind the number of a percentage.
    """

    listed: str = ", "
    clause: str = ", "
    colon: str = ": "
    rest: str = " "
    aside: str = " ({})"
    percent: str = " %"


_FULL_WIDTH: Final = Marks("、", "，", "：", "，", "（{}）", "%")
_SPACED: Final = Marks()


LANGUAGE_TAGS: Final = {"zh": "zh-Hans"}
"""BCP 47 tags of languages whose code alone says too little: browsers choose glyphs by them."""


def marks(language: str) -> Marks:
    """Return the marks of a language."""
    return _FULL_WIDTH if language == "zh" else _SPACED
