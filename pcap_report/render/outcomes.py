"""How a handshake went, and who made others wait, in a few words for tables."""

from __future__ import annotations

from typing import Final

from pcap_report.model.message import msg

HANDSHAKES: Final = {
    "complete": msg("complete"),
    "refused": msg("refused"),
    "unanswered": msg("unanswered"),
    "incomplete": msg("incomplete"),
    "not_captured": msg("not captured"),
    "failed": msg("failed"),
}
"""By the outcome of a handshake."""
WAITS: Final = {"client": msg("client"), "server": msg("server"), "network": msg("network")}
"""By what took longest."""
