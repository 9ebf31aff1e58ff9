"""HTTP responses whose end is not in the capture: their status line and headers are, and are reported."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report.analyzers import http_messages
from pcap_report.analyzers.http_bodies import is_chunked, stated_length
from pcap_report.analyzers.http_story import claim_of
from pcap_report.capture.heads import frames_with_heads
from pcap_report.errors import PcapReportError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pcap_report.analyzers.http_messages import Head
    from pcap_report.capture.heads import Source
    from pcap_report.engine.around import Around
    from pcap_report.engine.connections import Draft
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.packet import Packet

_CONNECTIONS_LOOKED_AT: Final = 50
_FRAMES_LOOKED_AT: Final = 8
"""Frames of an answer in which its head is looked for."""
_FINAL: Final = 200


def add_cut_off_responses(around: Around, drafts: Sequence[Draft], source: Source) -> None:
    """Complete the exchanges whose response began and did not end, and what is claimed of them."""
    exchanges = list(around.records["http"])
    candidates = dict(_candidates(exchanges, [draft.connection for draft in drafts]))
    if not candidates:
        return
    frames = [frame for answer in candidates.values() for frame in answer]
    try:
        packets = frames_with_heads(source, frames, http_messages.FIELDS)
    except PcapReportError:
        return  # a capture that another tshark writes to at this moment: the exchange stays unanswered
    claims = {claim.id: place for place, claim in enumerate(around.claims)}
    for place, answer in candidates.items():
        completed = _completed(exchanges[place], answer, packets)
        if completed is not None:
            exchanges[place] = completed
            claim = claim_of(place + 1, completed)
            if claim.id in claims:
                around.claims[claims[claim.id]] = claim
    around.records["http"] = tuple(exchanges)


def _candidates(
    exchanges: Sequence[HttpExchange], connections: Sequence[Connection]
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Yield the place of each connection's first unanswered request, and frames that may answer it."""
    by_number = {one.id: one for one in connections}
    taken = {exchange.response_frame for exchange in exchanges}
    seen: set[int] = set()
    for place, exchange in enumerate(exchanges):
        number = exchange.connection
        unanswered = exchange.frame is not None and exchange.response_frame is None and not exchange.stream
        if number is None or number in seen or number not in by_number or not unanswered:
            continue
        seen.add(number)
        frames = _answer(by_number[number], exchange.frame or 0, taken)
        if frames:
            yield place, frames
        if len(seen) >= _CONNECTIONS_LOOKED_AT:
            return


def _answer(connection: Connection, asked_in: int, taken: Collection[int | None]) -> tuple[int, ...]:
    """Return the first frames with data that came back after a request, up to another one's response."""
    data = connection.app_data
    if data is None or data.encrypted:
        return ()
    frames = [
        frame
        for burst in data.bursts
        if burst.direction == "server_to_client"
        for frame in burst.frames
        if frame > asked_in
    ]
    return tuple(takewhile(lambda frame: frame not in taken, frames[:_FRAMES_LOOKED_AT]))


def _completed(
    exchange: HttpExchange, frames: Sequence[int], packets: dict[int, Packet]
) -> HttpExchange | None:
    for frame in frames:
        packet = packets.get(frame)
        heads = http_messages.responses_in(packet) if packet else []
        final = [head for head in heads if head.start.isdecimal() and int(head.start) >= _FINAL]
        if final:
            return _with_head(exchange, frame, final[0])
    return None


def _with_head(exchange: HttpExchange, frame: int, head: Head) -> HttpExchange:
    return replace(
        exchange,
        response_frame=frame,
        status=int(head.start),
        reason=head.rest,
        version=head.version or exchange.version,
        content_type=head.header("content-type"),
        content_length=stated_length(head),
        content_encoding=head.header("content-encoding"),
        chunked=is_chunked(head),
        response_cut_off=True,
    )
