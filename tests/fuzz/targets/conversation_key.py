"""Both directions of two addresses have one key, which only their packets' headers decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.conversation_key import EntangledError, conversation_key
from pcap_report.capture.hellos import HelloFinder
from pcap_report.capture.ip_header import ip_header
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


def _key(frame: bytes, link_type: int) -> bytes | None:
    try:
        return conversation_key(frame, link_type)
    except EntangledError:
        return None
