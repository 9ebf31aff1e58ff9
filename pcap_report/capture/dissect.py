"""Take a few frames apart completely, layer by layer and field by field, through pyshark.

Never in bulk: pyshark reads some hundred packets a second, so it gets an excerpt of the capture with the
conversations of the wanted frames, and only those frames are dissected in full.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.capture.excerpt import Excerpt, can_be_walked, excerpt
from pcap_report.capture.magic import capture_format
from pcap_report.capture.process import TsharkRun, readable_argument
from pcap_report.capture.tshark import Tshark, find_tshark
from pcap_report.errors import TsharkError, UsageError
from pcap_report.model.anatomy import FrameAnatomy, Layer, LayerField
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROLE: Final = "dissected"
"""The role of these anatomies in a report."""
MOST_FRAMES: Final = 50

_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 does not allow (2.2), in UTF-8; surrogates cannot be there."""
_FIELDS_KEPT: Final = 1000
_CHARACTERS_KEPT: Final = 400
_OF_THE_FILE: Final = frozenset(
    (
        "frame.time_relative",
        "frame.time_delta",
        "frame.time_delta_displayed",
        "tcp.completeness",
        "tcp.completeness.str",
    )
)
"""Fields that depend on the file's beginning or end: an excerpt has others."""


def dissect(path: Path | str, frames: Iterable[int], tshark: Tshark | None = None) -> list[FrameAnatomy]:
    """Return the complete dissection of some frames of a capture.

    What counts from the beginning of the file is left out: stream numbers, times since the first frame.

    Args:
        path: the capture.
        frames: frame numbers, Wireshark's; at most 50.
        tshark: the tshark to use; by default the one that is found.

    Raises:
        UsageError: there is no such capture or frame.
        NotACaptureError: the file is no capture.
        TsharkError: tshark or pyshark failed.
    """
    path = Path(path)
    wanted = sorted(set(frames))
    if not wanted:
        return []
    if wanted[0] < 1 or len(wanted) > MOST_FRAMES:
        raise UsageError(
            f"Frames are numbered from 1 on, and at most {MOST_FRAMES} are taken apart at once",
            "pcap-report analyze shows the frames that matter without being asked.",
        )
    form = capture_format(path)
    tshark = tshark or find_tshark()
    with PrivateFolder() as folder:
        if can_be_walked(form):
            part = excerpt(path, form, wanted, tshark, folder)
            numbers = _FrameNumbers(part, _frame_number_fields(tshark))
        else:  # only tshark reads it, and all of it
            part = Excerpt(path.absolute(), ())
            numbers = _FrameNumbers(part, frozenset())
        inside = [numbers.inside(one) for one in wanted]
        found = [_anatomy(packet, numbers) for packet in _packets(part.path, inside, tshark)]
    if len(found) < len(wanted):
        raise TsharkError(f"tshark took {len(found)} of {len(wanted)} frames of {path} apart")
    return found


class _FrameNumbers:
    """Translates between the frame numbers of the excerpt and those of the capture."""

    def __init__(self, part: Excerpt, fields: frozenset[str]) -> None:
        self._numbers = part.numbers
        self._inside = {number: place for place, number in enumerate(part.numbers, 1)}
        self._fields = fields | {"frame.number"}

    def inside(self, number: int) -> int:
        """Return a frame's number in the excerpt."""
        return self._inside.get(number, number)

    def value(self, field: str, value: str) -> str:
        """Return a field's value with the capture's frame number where it is one."""
        if field in self._fields and value.isdecimal() and 0 < int(value) <= len(self._numbers):
            return str(self._numbers[int(value) - 1])
        return value


def _frame_number_fields(tshark: Tshark) -> frozenset[str]:
    """Ask tshark which fields hold the number of a frame."""
    with TsharkRun(tshark.path, ["-G", "fields"]) as run:
        parts = (line.split("\t", 4) for line in run)
        return frozenset(part[2] for part in parts if len(part) > 3 and part[3] == "FT_FRAMENUM")


def _packets(path: Path, frames: Sequence[int], tshark: Tshark) -> Iterator[Any]:
    """Yield pyshark's packets of some frames.

    tshark is started by us, isolated like every other, and pyshark reads what it prints: its own way to start
    tshark knows no environment, needs an event loop, and calls what Python 3.14 removed.
    """
    chosen = " || ".join(f"frame.number == {number}" for number in frames)
    arguments = ["-n", "-r", readable_argument(path), "-Y", chosen, "-T", "pdml"]
    with TsharkRun(tshark.path, arguments) as run:
        for text in pdml_packets(run):
            yield _packet(text.encode())
        remark = run.remark
    if run.exit_status:
        raise TsharkError(f"tshark could not take the frames apart: {remark or 'it said nothing'}")


def pdml_packets(run: Iterable[str]) -> Iterator[str]:
    """Yield the packets of a PDML document, which tshark prints line by line."""
    lines: list[str] = []
    for line in run:
        if line.startswith("<packet>"):
            lines.clear()
        lines.append(line)
        if line.startswith("</packet>"):
            yield "".join(lines)


def anatomy_of_pdml(text: bytes) -> FrameAnatomy:
    """Return the complete dissection of a frame, from what tshark printed of it as PDML."""
    return _anatomy(_packet(text), _FrameNumbers(Excerpt(Path(), ()), frozenset()))


# Any: pyshark ships no types.
def _packet(text: bytes) -> Any:  # noqa: ANN401
    """Return pyshark's packet.

    The XML is parsed here: pyshark looks at each character in Python for those that XML does not allow, which
    takes ten times as long as all the rest where a frame completes a large reassembly.
    """
    from lxml.objectify import fromstring, makeparser
    from pyshark.tshark.output_parser.tshark_xml import packet_from_xml_packet

    parser = makeparser(huge_tree=True, recover=True, encoding="utf-8", resolve_entities=False)
    return packet_from_xml_packet(fromstring(_NOT_XML.sub(b"", text), parser))


# Any: pyshark ships no types.
def _anatomy(packet: Any, numbers: _FrameNumbers) -> FrameAnatomy:  # noqa: ANN401
    layers = tuple(
        Layer(str(layer.layer_name), tuple(_fields(layer, numbers)))
        for layer in (packet.frame_info, *packet.layers)
    )
    number = numbers.value("frame.number", str(packet.number))
    return FrameAnatomy(int(number), None, ROLE, layers)


def _fields(layer: Any, numbers: _FrameNumbers) -> Iterator[LayerField]:  # noqa: ANN401
    named = (
        field
        for name, values in layer._all_fields.items()  # its public ways drop all values but the first
        for field in values.all_fields
        if name and not field.hide and name not in _OF_THE_FILE and not name.endswith(".stream")
    )
    left_out = 0
    for count, field in enumerate(named):
        if count < _FIELDS_KEPT:
            yield _field(field, numbers)
        else:
            left_out += 1
    if left_out:
        yield LayerField("…", f"+{left_out}")


def _field(field: Any, numbers: _FrameNumbers) -> LayerField:  # noqa: ANN401
    shown = str(field.show or field.raw_value or "")
    value = numbers.value(field.name, shown)
    meaning = field.showname_value
    if meaning is None or meaning == value or value != shown:
        return LayerField(field.name, _shortened(value))
    return LayerField(field.name, _shortened(value), _shortened(" ".join(meaning.split())))


def _shortened(text: str) -> str:
    more = len(text) - _CHARACTERS_KEPT
    return f"{text[:_CHARACTERS_KEPT]}… (+{more})" if more > 0 else text
