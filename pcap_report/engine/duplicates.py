"""Take frames whose packet the capture holds twice out of the counts of what went wrong.

Every tool that counts retransmissions falls for them: the second copy looks like a segment sent again, or
like a repeated acknowledgement. Wireshark's counts stay as they are; the corrected ones stand beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import asdict, replace

if TYPE_CHECKING:
    from pcap_report.engine.connections import Draft
    from pcap_report.model.tcp import FlaggedFrames, TcpPhenomena


def correct_counts(drafts: list[Draft], twice: frozenset[int]) -> None:
    """Add the corrected counts to the drafts' phenomena."""
    if not twice:
        return
    for draft in drafts:
        phenomena = draft.connection.tcp_phenomena
        if phenomena is not None:
            draft.connection = replace(draft.connection, tcp_phenomena=_corrected(phenomena, twice))


def _corrected(phenomena: TcpPhenomena, twice: frozenset[int]) -> TcpPhenomena:
    flagged: dict[str, FlaggedFrames] = asdict(phenomena)
    changed = {
        name: replace(one, corrected_count=one.count - len(twice.intersection(one.frames)))
        for name, one in flagged.items()
        if one.count and one.count == len(one.frames)
    }
    return replace(phenomena, **changed)
