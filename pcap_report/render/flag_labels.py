"""What Wireshark's TCP analysis flags mean, for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.model.message import msg

if TYPE_CHECKING:
    from pcap_report.model.message import Message


class FlagLabel(NamedTuple):
    """A flag in words: Wireshark's name, and what it says."""

    name: Message
    meaning: Message


FLAGS: Final[dict[str, FlagLabel]] = {
    "retransmission": FlagLabel(
        msg("Retransmission"),
        msg("a segment is sent again because its acknowledgement did not come in time."),
    ),
    "fast_retransmission": FlagLabel(
        msg("Fast retransmission"),
        msg("a segment is sent again at once, because several duplicate ACKs asked for it."),
    ),
    "spurious_retransmission": FlagLabel(
        msg("Spurious retransmission"),
        msg("a segment is sent again although its acknowledgement had already passed here."),
    ),
    "duplicate_ack": FlagLabel(
        msg("Duplicate ACK"),
        msg(
            "a receiver repeats its last acknowledgement: something arrived, but not what it is waiting for."
        ),
    ),
    "out_of_order": FlagLabel(
        msg("Out of order"), msg("a segment arrives after others that were sent later.")
    ),
    "lost_segment": FlagLabel(
        msg("Previous segment not captured"),
        msg("sequence numbers jump: a segment before this one is not in the capture."),
    ),
    "ack_lost_segment": FlagLabel(
        msg("ACKed segment not captured"),
        msg("data are acknowledged that the capture does not hold: the recording missed them."),
    ),
    "zero_window": FlagLabel(
        msg("Zero window"), msg("a receiver has no room left and makes the sender wait.")
    ),
    "zero_window_probe": FlagLabel(
        msg("Zero window probe"), msg("the sender asks whether there is room again.")
    ),
    "zero_window_probe_ack": FlagLabel(
        msg("ACK of a zero window probe"), msg("the receiver answers that question.")
    ),
    "window_full": FlagLabel(
        msg("Window full"), msg("the sender has used up all the room that the receiver announced.")
    ),
    "window_update": FlagLabel(
        msg("Window update"), msg("a receiver announces more room, without new data to acknowledge.")
    ),
    "keep_alive": FlagLabel(
        msg("Keep-alive"),
        msg("a side asks whether the other is still there, although there is nothing to send."),
    ),
    "keep_alive_ack": FlagLabel(msg("ACK of a keep-alive"), msg("the other side is still there.")),
    "reused_ports": FlagLabel(
        msg("Reused ports"), msg("a new connection uses the same ports as one before.")
    ),
}
