"""Look at a few frames again, with the heads of HTTP messages taken apart as soon as they are whole.

tshark waits for the end of a body before it says anything of the message; where the end is not in the
capture, it says nothing. One of its preferences makes it take the head alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.capture.excerpt import Excerpt, can_be_walked, excerpt
from pcap_report.capture.reader import CaptureReader
from pcap_report.errors import TsharkError
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.tshark import Tshark
    from pcap_report.model.packet import Packet

_HEADS_ALONE: Final = ("-o", "http.desegment_body:FALSE")


class Source(NamedTuple):
    """A capture and what reads it."""

    path: Path
    form: CaptureFormat
    tshark: Tshark


def frames_with_heads(source: Source, frames: Sequence[int], fields: Sequence[str]) -> dict[int, Packet]:
    """Return some frames of a capture, by number, as tshark reads them without their messages' bodies.

    Args:
        source: the capture.
        frames: frame numbers, Wireshark's.
        fields: the tshark fields to read.

    Raises:
        TsharkError: tshark does not run, or broke down.
    """
    if not frames:
        return {}
    path, form, tshark = source
    wanted = sorted(set(frames))
    with PrivateFolder() as folder:
        if can_be_walked(form):
            part = excerpt(path, form, wanted, tshark, folder)
        else:
            part = Excerpt(path.absolute(), ())
        inside = {part.numbers.index(frame) + 1 if part.numbers else frame: frame for frame in wanted}
        chosen = " || ".join(f"frame.number == {number}" for number in inside)
        reader = CaptureReader(tshark, part.path, fields, display_filter=chosen, options=_HEADS_ALONE)
        packets = {inside[packet.frame]: packet for packet in reader}
        if reader.breakdown:
            raise TsharkError(reader.breakdown.text)
        return packets
