"""Cut a capture into smaller ones that keep conversations whole; what stands in the file is copied as it is.

Both directions of two addresses, their IP fragments and the ICMP errors that quote them go to one shard.
Frames without two addresses, and of link types that are not known here, share the first one. What signals
other conversations stays together with all that its ends take part in. A capture with tunnels is not cut,
and neither is one that tshark may stop reading before its end. What is cut off at the end follows the last
whole frame, so that tshark says of that shard what it says of the capture.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcap_report.capture.cutting import NUMBER, fill, find_ties, numbers_of
from pcap_report.capture.ties import EntangledError, TiedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.ties import Ties


@dataclass(frozen=True)
class Shard:
    """A part of a capture.

    Attributes:
        path: the file.
        count: its frames.
    """

    path: Path
    count: int

    @property
    def frames(self) -> array[int]:
        """For each of its frames, in order, the frame number in the whole capture."""
        numbers = array(NUMBER)
        with numbers_of(self.path).open("rb") as file:
            numbers.fromfile(file, self.count)
        return numbers


def can_be_cut(form: CaptureFormat) -> bool:
    """Tell whether this format can be cut here."""
    return form.name in ("pcap", "pcapng")


def cut(path: Path, form: CaptureFormat, count: int, folder: Path) -> list[Shard] | None:
    """Write the shards into a folder.

    Which shard a conversation goes to depends only on its addresses and the number of shards.

    Args:
        path: the whole capture.
        form: its format; one that can be cut.
        count: how many shards.
        folder: a private folder.

    Returns:
        The shards that hold a frame, or None where the capture must be read as a whole; nothing is then
        left in the folder.

    Raises:
        OSError: the capture cannot be read, or a shard cannot be written.
    """
    paths = [folder / f"shard-{number}.{form.name}" for number in range(count)]
    shards: list[Shard] = []
    with suppress(EntangledError):
        try:
            shards = _filled(path, form, paths, None)
        except TiedError:
            _remove(paths)
            shards = _filled(path, form, paths, find_ties(path, form))
    kept = [shard for shard in shards if shard.count]
    _remove(set(paths).difference(shard.path for shard in kept))
    return kept or None


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
        numbers_of(path).unlink(missing_ok=True)


def _filled(path: Path, form: CaptureFormat, paths: Sequence[Path], ties: Ties | None) -> list[Shard]:
    counts = fill(path, form, paths, ties)
    return [Shard(one, count) for one, count in zip(paths, counts, strict=True)]
