"""What is said about a look-up, with the frames that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.filters import frame_filter
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from pcap_report.model.around import DnsLookup
    from pcap_report.model.evidence import Claim


def claim_of(number: int, lookup: DnsLookup) -> Claim:
    """Say what was asked and what came back."""
    frames = [frame for frame in (lookup.frame, *lookup.retries, lookup.response_frame) if frame is not None]
    display_filter = f"{lookup.protocol} && {frame_filter(frames)}"
    return claim(f"dns.lookup.{number}", _sentence(lookup), frames, display_filter)


def _sentence(lookup: DnsLookup) -> Message:
    if lookup.response_frame is None:
        return msg(
            "DNS query for %(name)s (%(type)s), without an answer in the capture.",
            name=lookup.name,
            type=lookup.type,
        )
    if lookup.type is None:
        return msg(
            "DNS answer for %(name)s that repeats no question: %(answers)s.",
            name=lookup.name,
            answers=lookup.answers,
        )
    if lookup.frame is None:
        return msg(
            "DNS answer for %(name)s (%(type)s) without its query in the capture: %(rcode)s, %(answers)s.",
            name=lookup.name,
            type=lookup.type,
            rcode=lookup.rcode,
            answers=lookup.answers,
        )
    if not lookup.answers:
        return msg(
            "DNS query for %(name)s (%(type)s): %(rcode)s, without a record in the answer.",
            name=lookup.name,
            type=lookup.type,
            rcode=lookup.rcode,
        )
    return msg(
        "DNS query for %(name)s (%(type)s): %(rcode)s, %(answers)s.",
        name=lookup.name,
        type=lookup.type,
        rcode=lookup.rcode,
        answers=lookup.answers,
    )
