"""Captures of any size out of the recorded samples; the same size gives the same bytes.

- ``sessions``: TCP with TLS, HTTP and DNS, one session after the other, each from another client;
- ``mixed``: all samples, QUIC, IPv6 and refused connections among them, hundreds under way at any time;
- ``elephant``: one TLS connection that is the whole capture.
"""

from __future__ import annotations

import heapq
import struct
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.bench.elephant import elephant
from tests.bench.frames import Frame, movable, recorded
from tests.bench.quic_copies import QuicSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES: Final = Path(__file__).parents[2] / "samples"
_SESSIONS: Final = ("mcp-tls13", "http-dns", "tls12-chain", "lossy-three-connections")
_MIXED: Final = (
    "http-dns",
    "quic-h3",
    "mcp-tls13",
    "ipv6-tls13",
    "refused-and-unanswered",
    "tls12-chain",
    "lossy-three-connections",
)
_APART_NS: Final = 10_000_000
_FIRST_CLIENT: Final = 0x0A000001
_EPOCH_S: Final = 1_700_000_000
_SNAP_LENGTH: Final = 262_144


def generate(target: Path, packets: int, kind: str = "sessions") -> Path:
    """Write a pcap file (nanoseconds, Ethernet) with that many packets."""
    with target.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, _SNAP_LENGTH, 1))
        for at_ns, data in islice(KINDS[kind](), packets):
            seconds, nanoseconds = divmod(at_ns, 1_000_000_000)
            size = len(data)
            file.write(struct.pack("<IIII", _EPOCH_S + seconds, nanoseconds, size, size) + data)
    return target


def _one_after_the_other() -> Iterator[Frame]:
    sessions = _sessions(_SESSIONS)
    start = 0
    for number, session in enumerate(cycle(sessions)):
        last = 0
        for frame in session.copy(_FIRST_CLIENT + number):
            last = frame.offset_ns
            yield Frame(start + last, frame.data)
        start += last + _APART_NS


def _all_at_once() -> Iterator[Frame]:
    """Begin a session every hundredth of a second, whatever else is under way."""
    begun = enumerate(cycle(_sessions(_MIXED)))
    under_way: list[tuple[int, int, Frame, Iterator[Frame]]] = []
    for start in range(0, 1 << 62, _APART_NS):
        while under_way and under_way[0][0] <= start:
            at_ns, number, frame, rest = under_way[0]
            yield Frame(at_ns, frame.data)
            following = next(rest, None)
            if following is None:
                heapq.heappop(under_way)
            else:
                later = at_ns + following.offset_ns - frame.offset_ns
                heapq.heapreplace(under_way, (later, number, following, rest))
        number, session = next(begun)
        frames = session.copy(_FIRST_CLIENT + number)
        heapq.heappush(under_way, (start, number, next(frames), frames))


def _one_connection() -> Iterator[Frame]:
    return elephant(recorded(SAMPLES / "mcp-tls13.pcapng"))


class _Session:
    """A recorded session that other clients can have, too."""

    def __init__(self, frames: list[Frame]) -> None:
        self._frames = [movable(frame) for frame in frames]

    def copy(self, client: int) -> Iterator[Frame]:
        """Yield the session's frames with another client in them."""
        end = struct.pack(">I", client)
        for frame in self._frames:
            yield Frame(frame.offset_ns, frame.of(end))


def _sessions(names: tuple[str, ...]) -> list[_Session | QuicSession]:
    paths = [SAMPLES / f"{name}.pcapng" for name in names]
    return [QuicSession(recorded(p)) if p.stem.startswith("quic") else _Session(recorded(p)) for p in paths]


KINDS: Final[dict[str, Callable[[], Iterator[Frame]]]] = {
    "sessions": _one_after_the_other,
    "mixed": _all_at_once,
    "elephant": _one_connection,
}
