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
    "capture.forwarded": msg(
        "Record on one interface only, or look at one place of the way at a time: eth.src or ip.ttl tells the"
        " copies apart."
    ),
    "tcp.loss": msg(
        "Compare with the other direction and with other paths: loss on all of them points to the own"
        " link, on one to its way. Wi-Fi, a full queue and a duplex mismatch are the usual causes."
    ),
    "tcp.slow_handshake": msg(
        "Where was it recorded? Next to the client, the time is that of the whole way; compare with a"
        " ping, and look for SYNs sent again and for a server far away."
    ),
    "tcp.half_closed": msg(
        "Did the capture end too early? If not, ask the side that did not close what it waited for."
    ),
    "tcp.small_mss": msg(
        "Look for a tunnel, a VPN or a firewall that rewrites the option, and at the interface's MTU."
    ),
    "tcp.slow_server": msg(
        "Read the server's log for the requests at these frames: a slow query, a lock, a call to another"
        " service. A faster network would not help."
    ),
    "tls.alert_without_data": msg(
        "Read the alert with the keys (--keylog): certificate_required, unknown_ca or bad_certificate mean"
        " that the server did not accept the client's certificate."
    ),
    "tls.handshake_failed": msg(
        "Read the last handshake message, and who ended the connection right after it; the log of that"
        " side says why. A proxy in between is a suspect."
    ),
    "tls.weak_cipher_suite": msg(
        "Take the suite out of the server's configuration; the ClientHello shows which better ones the"
        " client knows."
    ),
    "tls.warning_alert": msg("Read the alert's description: what was asked for and not granted?"),
    "tls.certificate_expired": msg(
        "Renew it, and look at why that did not happen by itself; check the clock of the machine that"
        " recorded, for it is what the dates are compared with."
    ),
    "tls.certificate_not_yet_valid": msg(
        "Check the clocks of the server, of who signed it, and of the machine that recorded."
    ),
    "tls.certificate_name_mismatch": msg(
        "Compare the names in the certificate with the one that was asked for: a wrong address in DNS, a"
        " missing virtual host, or somebody in between."
    ),
    "tls.certificate_weak_key": msg("Make a new key of at least 2048 bits (RSA) or 256 bits (EC)."),
    "tls.certificate_self_signed": msg(
        "For a machine of your own: does the client know this very certificate? Otherwise take one that"
        " an authority signed."
    ),
    "plaintext.credentials": msg(
        "Take the log-in as known to others: change it, and use the encrypted form of the protocol."
    ),
    "plaintext.http": msg("Does the server offer HTTPS? Then redirect to it, and let HSTS keep it so."),
    "dns.failed": msg(
        "NXDOMAIN: is the name spelled right, and is a search domain appended? SERVFAIL: ask the"
        " authoritative servers themselves; DNSSEC may be why."
    ),
    "dns.unanswered": msg(
        "Is the server reachable, and does UDP port 53 come through in both directions? Is it the second"
        " server of a list whose first does not answer?"
    ),
    "dns.slow": msg(
        "Ask the same server again: if it is quick now, its own look-up took the time, otherwise the way."
    ),
    "http.server_error": msg("Read the server's log at the time of these frames."),
    "http.client_error": msg(
        "Read method, path and status of the request: a link to what is gone, a missing log-in, a scanner?"
    ),
    "network.undelivered": msg(
        "Look at what the error quotes: who sent to which address and port? A port that answers so has no"
        " program behind it, or it ended too early; a network or a host that does so is a matter of routes."
    ),
    "network.packet_too_big": msg(
        "Do segments get smaller after the message? If not, it does not reach the sender: let ICMP through,"
        " or limit the MSS on the router."
    ),
    "network.duplicate_address": msg(
        "Find both MAC addresses at the switch. A change of machine, a cluster and a virtual router address"
        " look the same, and so does ARP spoofing."
    ),
    "scan.ports": msg("Who is that host? A monitor, a security scan of your own, or nobody you know?"),
    "scan.hosts": msg("Who is that host? If it is one of yours, look at what runs on it."),
    "capture.dropped": msg(
        "Record again with a larger buffer (dumpcap -B), with a capture filter, or with shorter packets (-s)."
    ),
    "capture.snapped": msg("Record again without a snap length (tcpdump -s 0) where contents matter."),
    "capture.one_sided": msg(
        "Look at the mirror port or the tap: is it set to both directions? Routing may also take another way"
        " back."
    ),
    "capture.time_reversed": msg("Put the packets in order with reordercap, and analyze the result."),
    "capture.offload": msg(
        "Record on a machine in between, or switch offloading off for the measurement (ethtool -K)."
    ),
}
"""A rule from elsewhere that is not named here says all there is to say in its finding."""
