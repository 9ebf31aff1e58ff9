"""Read pictures again: where their texts stand, and whether they are what a policy allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pcap_report.render.svg.style import FONTS

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "title", "desc", "style", "g", "a", "rect", "path", "text", "tspan"}
ATTRIBUTES = {
    *("class", "d", "x", "y", "rx", "width", "height", "viewBox", "role", "id", "aria-labelledby"),
    *("transform", "href", "data-frame", "data-frames", "textLength", "lengthAdjust"),
}


@dataclass(frozen=True)
class Box:
    """Where something stands."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def parse(svg: str) -> Element:
    """Parse a picture; it is XML of the kinds that we write."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own text, and that it is harmless is under test
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in TAGS
        assert set(element.attrib) <= ATTRIBUTES
    return root


def size(root: Element) -> tuple[float, float]:
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    return width, height


def said(element: Element) -> str:
    """Return what is seen of a text, without what is shown on hovering."""
    spans = "".join((one.text or "") + (one.tail or "") for one in element.findall(f"{SVG}tspan"))
    title = element.find(f"{SVG}title")
    return (element.text or "") + ((title.tail or "") if title is not None else "") + spans


def texts(root: Element) -> list[Box]:
    """Return the boxes of all texts."""
    return [_box(element) for element in root.iter(f"{SVG}text")]


def _box(element: Element) -> Box:
    font, *others = element.attrib["class"].split()
    text = said(element)
    width = float(element.get("textLength") or FONTS[font].width(text))
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    left = x - width * (0.5 if "m" in others else 1 if "e" in others else 0)
    height = FONTS[font].size
    return Box(left, y - 0.8 * height, left + width, y + 0.22 * height, text)


def assert_tidy(svg: str) -> None:
    """No text leaves the picture or lies on another."""
    root = parse(svg)
    width, height = size(root)
    boxes = texts(root)
    for box in boxes:
        assert box.left >= -0.1, box
        assert box.right <= width + 0.1, box
        assert box.top >= 0, box
        assert box.bottom <= height, box
    for one, other in combinations(boxes, 2):
        assert not one.meets(other), (one, other)
