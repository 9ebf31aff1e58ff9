"""A frame taken apart, layer by layer, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from rich.tree import Tree

from pcap_report.model.message import msg, msg_n
from pcap_report.render.safe import terminal_text

if TYPE_CHECKING:
    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.render.phrases import Phrases

_FIELDS: Final = 200


def anatomy(frame: FrameAnatomy, phrases: Phrases) -> Tree:
    """Draw the layers of a frame as a tree, the outermost first."""
    tree = Tree(Text(phrases.say(msg("Frame %(number)s", number=frame.frame)), "bold"), guide_style="dim")
    for layer in frame.layers:
        branch = tree.add(Text(terminal_text(layer.protocol), "bold cyan"))
        for field in layer.fields[:_FIELDS]:
            line = Text(f"{terminal_text(field.name, 60)}: ", "dim")
            branch.add(line.append(terminal_text(field.value), "none"))
        left = len(layer.fields) - _FIELDS
        if left > 0:
            branch.add(Text(phrases.say(msg_n("and %(count)s more", "and %(count)s more", left)), "dim"))
    return tree
