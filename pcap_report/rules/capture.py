"""Rules about the capture itself: what makes its counts doubtful."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.filters import frame_filter
from pcap_report.model.message import msg_n
from pcap_report.rules.base import Rule, Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.report import Report


def _duplicates(report: Report) -> Iterator[Sighting]:
    found = report.capture.duplicate_frames
    if found and found.count:
        frames = found.frames
        yield Sighting(
            msg_n(
                "The capture holds %(count)s frame twice; Wireshark takes such frames for retransmissions and"
                " repeated acknowledgements.",
                "The capture holds %(count)s frames twice; Wireshark takes such frames for retransmissions"
                " and repeated acknowledgements.",
                found.count,
            ),
            None,
            frames,
            frame_filter(frames),
        )


RULES: Final = (
    Rule(
        "capture.duplicates",
        "low",
        "Recorded on two ports or interfaces at once: what looks like loss is none.",
        _duplicates,
    ),
)
