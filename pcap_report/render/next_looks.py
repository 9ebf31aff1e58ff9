"""What to look at next, by the rule that spoke: for an engineer who has just read the finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg

if TYPE_CHECKING:
    from pcap_report.model.message import Message

NEXT_LOOKS: Final[dict[str, Message]] = {
    "tcp.refused": msg(
        "Is the service running, and does it listen on that port? A RST with another time to live"
        " than the server's other packets, or one that comes much faster, hints at a firewall."
    ),
    "tcp.unanswered": msg(
        "Record on the server's side too: SYNs that arrive there and stay unanswered point to its"
        " firewall, none at all to the way. ICMP errors about the address may say more."
    ),
    "tcp.reset": msg(
        "Read the last data before the reset, and the log of the side that sent it; compare the time"
        " to live of the RST with that of the packets before it."
    ),
    "tcp.reset_after_fin": msg(
        "Did the side that was reset still have data to send? What it sent after the other's FIN is lost."
    ),
    "tcp.retransmission": msg(
        "Was the first copy recorded? Then it got lost beyond the place of the recording, otherwise"
        " before it. Duplicate ACKs and round-trip times around these frames show what it cost."
    ),
    "tcp.zero_window": msg(
        "Look at the program that receives: it does not read fast enough. Its processor, its disk and"
        " its own calls tell why."
    ),
    "tls.fatal_alert": msg(
        "Read the alert's description and the message just before it; hold versions, cipher suites"
        " and names of both hellos side by side."
    ),
    "tls.old_version": msg("Find out which of the two ends knows no newer version: both hellos name theirs."),
    "capture.duplicates": msg(
        "Take the copies out before counting losses, with editcap -d, or record on one port only."
    ),
}
"""A rule that is not named here says all there is to say in its finding."""
