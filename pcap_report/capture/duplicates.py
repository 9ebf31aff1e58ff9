"""Find frames that the capture holds twice: recorded on two ports of a switch, or on two interfaces.

A candidate is a frame whose every byte equals a frame's a few milliseconds before. With an IPv4
identification in it, that is proof: a sender gives each packet another one (RFC 6864, 4.1), a retransmission
included. Where it is 0 or absent (IPv6, many RST, offloading adapters), a retransmission or a repeated
acknowledgement can look the same; then it counts only if a good part of all frames between the same two
ends has a twin, as it is when a whole conversation was recorded twice.

Recorded before and behind a router, or on a bridge and its port (``-i any``), a packet comes again in another
frame: with another link header, TTL and header checksum. It is the same one where length, identification,
addresses and the 20 bytes behind the IPv4 header (of TCP: ports, numbers, checksum) are the same; without an
identification nothing is said of such frames.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Final

from pcap_report.capture.ip_header import ip_header, ipv4_packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pcap_report.capture.records import FileFacts, FrameRecord

_WINDOW_FRAMES: Final = 64
_WINDOW_NS: Final = 10_000_000
_LISTED: Final = 100_000
_SHARE: Final = 1 / 3
_FEWEST: Final = 4


class _Recent:
    """When it was that something was seen last, of the last frames."""

    def __init__(self) -> None:
        self._in_order: deque[tuple[int, int]] = deque()
        self._last_time: dict[int, int] = {}

    def again(self, key: int, time_ns: int) -> bool:
        """Note that something is seen, and tell whether it was a moment ago, too."""
        before = self._last_time.get(key)
        self._last_time[key] = time_ns
        self._in_order.append((key, time_ns))
        if len(self._in_order) > _WINDOW_FRAMES:
            old_key, old_time = self._in_order.popleft()
            if self._last_time.get(old_key) == old_time:
                del self._last_time[old_key]
        return before is not None and 0 <= time_ns - before <= _WINDOW_NS


class DuplicateFinder:
    """Looks at frames in file order and remembers those that repeat a recent one."""

    def __init__(self, facts: FileFacts) -> None:
        self._facts = facts
        self._number = 0
        self._frames = _Recent()
        self._packets = _Recent()
        self._proved: list[int] = []
        self._doubtful: list[tuple[int, bytes]] = []
        self.left_out = 0
        """Duplicates beyond the number that is kept."""
        self.forwarded: list[int] = []
        """Numbers of the frames whose packet came a moment ago in another frame."""
        self.forwarded_left_out = 0

    def see(self, record: FrameRecord) -> None:
        """Take the next frame of the file."""
        self._number += 1
        if record.captured == 0:
            return
        packet = ipv4_packet(record.data, self._link_type(record))
        again = packet is not None and self._packets.again(hash(packet), record.time_ns)
        if self._frames.again(hash(record.data), record.time_ns):
            self._candidate(record)
        elif again and len(self.forwarded) < _LISTED:
            self.forwarded.append(self._number)
        elif again:
            self.forwarded_left_out += 1

    def _candidate(self, record: FrameRecord) -> None:
        if len(self._proved) + len(self._doubtful) >= _LISTED:
            self.left_out += 1
            return
        header = ip_header(record.data, self._link_type(record))
        if header.identification:
            self._proved.append(self._number)
        else:
            self._doubtful.append((self._number, header.ends))

    def _link_type(self, record: FrameRecord) -> int:
        interfaces = self._facts.interfaces
        return interfaces[record.interface].link_type if record.interface < len(interfaces) else -1

    def frames(self, again: Callable[[], Iterable[FrameRecord]]) -> list[int]:
        """Return the numbers of the duplicates, in order.

        Args:
            again: walks through the file once more; called only when there are doubtful frames.
        """
        doubtful = Counter(ends for _, ends in self._doubtful)
        wanted = {ends for ends, count in doubtful.items() if ends and count >= _FEWEST}
        if not wanted:
            return self._proved
        totals = Counter(
            header.ends
            for record in again()
            if (header := ip_header(record.data, self._link_type(record))).ends in wanted
        )
        twice = {ends for ends in wanted if doubtful[ends] >= totals[ends] * _SHARE}
        return sorted([*self._proved, *(number for number, ends in self._doubtful if ends in twice)])
