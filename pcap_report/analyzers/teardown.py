"""How did it end? FIN, RST, or not at all (RFC 9293, section 3.6).

Measures only; the sentences and arrows stand in ``teardown_story``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from msgspec.structs import replace
from mypy_extensions import mypyc_attr

from pcap_report.analyzers import teardown_story
from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.proof import side_of
from pcap_report.model.packet import ACK, FIN, RST, SYN, Packet
from pcap_report.model.tcp import Fin, Reset, Teardown, TeardownOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow

_LISTED: Final = 100


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class TeardownAnalyzer(ConnectionAnalyzer[Teardown]):
    """Each FIN with its acknowledgement, the resets, and who closed first."""

    id = "teardown"

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._fins: dict[bool, Fin] = {}
        self._fin_order: list[bool] = []
        self._repeated: list[int] = []
        self._resets: list[Reset] = []
        self._last_ack: int | None = None

    def on_packet(self, packet: Packet) -> None:
        flags = packet.flags
        if self._fins and flags & ACK:
            self._on_ack(packet)
        if flags & RST:
            if len(self._resets) < _LISTED:
                self._resets.append(
                    Reset(
                        packet.frame,
                        side_of(packet.from_client),
                        self.flow.seconds(packet.time_ns),
                        packet.seq,
                    )
                )
        elif flags & FIN:
            self._on_fin(packet)

    def _on_fin(self, packet: Packet) -> None:
        if packet.from_client in self._fins:
            if len(self._repeated) < _LISTED:
                self._repeated.append(packet.frame)
            return
        self._fin_order.append(packet.from_client)
        self._fins[packet.from_client] = Fin(
            frame=packet.frame,
            sender=side_of(packet.from_client),
            seq=packet.seq + packet.payload + (1 if packet.flags & SYN else 0),
            ack=packet.ack,
            acked_in=None,
            acked_with=None,
            time_s=self.flow.seconds(packet.time_ns),
        )

    def _on_ack(self, packet: Packet) -> None:
        """See whether the packet acknowledges the other side's FIN: it takes one sequence number."""
        other = not packet.from_client
        fin = self._fins.get(other)
        if fin is None or fin.acked_in is not None or packet.ack < fin.seq + 1:
            return
        self.flow.mark(packet)
        self._fins[other] = replace(fin, acked_in=packet.frame, acked_with=packet.ack)
        if len(self._fins) == 2 and other == self._fin_order[1]:
            self._last_ack = packet.frame

    def result(self) -> Teardown:
        fins = tuple(self._fins[side] for side in self._fin_order)
        return Teardown(
            outcome=self._outcome(),
            initiator=self._initiator(fins),
            fins=fins,
            resets=tuple(self._resets),
            last_ack_frame=self._last_ack,
            repeated_fins=tuple(self._repeated),
        )

    def _outcome(self) -> TeardownOutcome:
        first_fin = min((fin.frame for fin in self._fins.values()), default=None)
        if self._resets:
            after_fin = first_fin is not None and first_fin < self._resets[-1].frame
            return "reset_after_fin" if after_fin else "reset"
        if len(self._fins) == 2:
            return "orderly"
        return "half_closed" if self._fins else "open"

    def _initiator(self, fins: Sequence[Fin]) -> Literal["client", "server", "both"] | None:
        if not fins:
            return self._resets[0].sender if self._resets else None
        if self._resets and self._resets[0].frame < fins[0].frame:
            return self._resets[0].sender
        crossed = len(fins) == 2 and fins[1].ack < fins[0].seq + 1
        return "both" if crossed else fins[0].sender

    def key_frames(self, result: Teardown) -> Sequence[tuple[int, str]]:
        frames = [(fin.frame, "fin") for fin in result.fins]
        frames += [(reset.frame, "reset") for reset in result.resets[:1]]
        if result.last_ack_frame:
            frames.append((result.last_ack_frame, "last_ack"))
        return frames

    def steps(self, result: Teardown) -> Sequence[Step]:
        return teardown_story.steps(self.flow, result)

    def claims(self, result: Teardown) -> Sequence[Claim]:
        return teardown_story.claims(self.flow, result)
