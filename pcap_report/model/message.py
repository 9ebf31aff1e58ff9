"""Sentences of ours with values in them, before translation and escaping."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

Argument: TypeAlias = "str | int | float | tuple[int | str, ...] | None"
"""A value inside a message. Its kind follows from type and name:

===================  ==================================================================================
``*_ms`` ``*_s``     a duration in milliseconds or seconds
``*_bytes``          a number of bytes
``*_percent``        a percentage, shown with its sign
``*_term``           a word of ours from a closed set, translated like a message
``*_terms``          several of them
other ``str``        text out of a packet: hostile, escaped by the renderer for its sink
``tuple[int, ...]``  frame numbers, shown as ranges
``tuple[str, ...]``  several texts out of packets
===================  ==================================================================================

A tuple holds one of the two; its type is written so that a saved report can be read again.
"""


class Message(Struct, frozen=True, omit_defaults=True):
    """A sentence of ours with values in it, still to be translated and escaped."""

    text: str
    """English text with ``%(name)s`` places: the msgid of the catalogs."""
    args: dict[str, Argument] = {}
    """The values, by name; see :data:`Argument` for how each is shown."""
    plural: str | None = None
    """The English plural form, when the sentence counts something."""
    count: int | None = None
    """The number that decides between singular and plural."""


def msg(text: str, **args: Argument) -> Message:
    """Make a message; the catalogs take the text from this call."""
    return Message(text, args)


def msg_n(singular: str, plural: str, count: int, **args: Argument) -> Message:
    """Make a message that counts; both forms go into the catalogs, and ``%(count)s`` is the number."""
    return Message(singular, {"count": count, **args}, plural, count)
