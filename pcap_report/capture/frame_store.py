"""The frames of a capture taken apart ahead of time, so that each can be shown at once.

tshark prints the first frames as PDML, some thousand a second; each is kept compressed in one file, its
place in another, and becomes layers and fields when somebody wants to see it.
"""

from __future__ import annotations

import zlib
from array import array
from typing import TYPE_CHECKING, Final

from pcap_report.capture.dissect import anatomy_of_pdml, pdml_packets
from pcap_report.capture.process import TsharkRun, readable_argument

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark
    from pcap_report.model.anatomy import FrameAnatomy

MOST_FRAMES: Final = 20_000
"""Frames that are kept, from the first on."""
LARGEST: Final = 48 * 1024 * 1024
"""Bytes that are kept of them."""

PLACES: Final = "frames.places"
"""The file that is there once all frames are."""
_PACKETS: Final = "frames.bin"
_LEVEL: Final = 1


def store_frames(capture: Path, tshark: Tshark, folder: Path) -> None:
    """Take the first frames of a capture apart and keep them in a folder.

    A capture that is cut off has the frames before its end.
    """
    ends = array("Q", [0])
    limit = ["-c", str(MOST_FRAMES)]
    arguments = ["-n", "-r", readable_argument(capture), *limit, "-T", "pdml"]
    with TsharkRun(tshark.path, arguments) as run, (folder / _PACKETS).open("wb") as file:
        for text in pdml_packets(run):
            file.write(zlib.compress(text.encode(), _LEVEL))
            ends.append(file.tell())
            if ends[-1] > LARGEST:
                break
    unfinished = folder / f"{PLACES}.unfinished"
    unfinished.write_bytes(ends.tobytes())
    unfinished.replace(folder / PLACES)  # from here on the frames are there


class StoredFrames:
    """The frames that were taken apart ahead of time.

    Attributes:
        count: how many there are, from frame 1 on.
    """

    def __init__(self, folder: Path) -> None:
        """Open what :func:`store_frames` has kept in a folder.

        Raises:
            FileNotFoundError: it has kept nothing there.
        """
        self._file = folder / _PACKETS
        self._ends = array("Q")
        self._ends.frombytes((folder / PLACES).read_bytes())
        self.count = len(self._ends) - 1

    def frame(self, number: int) -> FrameAnatomy | None:
        """Return a frame, all its layers and fields; None where it is not kept."""
        if not 1 <= number <= self.count:
            return None
        first, end = self._ends[number - 1], self._ends[number]
        try:
            with self._file.open("rb") as file:
                file.seek(first)
                return anatomy_of_pdml(zlib.decompress(file.read(end - first)))
        except FileNotFoundError:  # whoever kept it has let it go
            return None


def stored_bytes(folder: Path) -> int:
    """Return how much room the frames take."""
    try:
        return (folder / _PACKETS).stat().st_size
    except FileNotFoundError:
        return 0
