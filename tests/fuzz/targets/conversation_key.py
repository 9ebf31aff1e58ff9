"""Both directions of two addresses have one key, which only their packets' headers decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.conversation_key import conversation_key
from pcap_report.capture.hellos import HelloFinder
from pcap_report.capture.ip_header import ip_header
from pcap_report.capture.ties import EntangledError, Ties
from tests.dialogue.files import frames
from tests.fuzz.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINK_TYPES: Final = (1, 0, 12, 14, 101, 108, 113, 228, 229, 276, 105, 65000)


def seeds() -> Iterator[bytes]:
    """Frames of several link layers."""
    yield bytes(1) + frames(2)[1]
    yield bytes((4,)) + frames(2)[1][14:]
    yield (
        bytes((8,))
        + b"\x60\0\0\0\0\x20\x3c\x40"
        + bytes(15)
        + b"\1"
        + bytes(15)
        + b"\2"
        + b"\x06\0\1\4\0\0\0\0" * 4
    )
    yield bytes(13) + b"\x81\x00\x00\x05" + frames(2)[1][12:]


def attempt(data: bytes) -> None:
    """Ask for the key of a frame, whole and cut off anywhere."""
    supply = Supply(data)
    link_type = supply.choice(_LINK_TYPES)
    frame = supply.take(2000)
    key = _key(frame, link_type)
    assert key is None or len(key) in {0, 8, 32}
    for size in range(0, len(frame), 7):
        _key(frame[:size], link_type)
    ends = ip_header(frame, link_type).ends
    HelloFinder().see(1, frame)
    if key and ends and len(ends) == len(key):
        middle = len(ends) // 2
        back = ends[middle:] + ends[:middle]
        turned = frame.replace(ends, back, 1)
        if ip_header(turned, link_type).ends == back:  # else the same bytes stand elsewhere too
            assert _key(turned, link_type) in {key, None}, "the other direction has another key"
    _with_ties(frame, link_type, key)


def _with_ties(frame: bytes, link_type: int, key: bytes | None) -> None:
    """What is tied is asked for twice: what a look at all frames notes is what the second one goes by."""
    ties = Ties()
    seen = _key(frame, link_type, ties)
    assert key is None or key == seen, "who only looks sees another key"
    ties.complete = True
    tied = _key(frame, link_type, ties)
    assert (seen is None) >= (tied is None), "a frame that was looked at cannot be placed"


def _key(frame: bytes, link_type: int, ties: Ties | None = None) -> bytes | None:
    try:
        return conversation_key(frame, link_type, ties)
    except EntangledError:
        return None
