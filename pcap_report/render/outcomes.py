"""How a handshake went, how a connection ended, who made others wait: in a few words, for tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from pcap_report.model.evidence import Severity

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
ENDINGS: Final = {
    "orderly": msg("orderly close"),
    "reset": msg("reset"),
    "reset_after_fin": msg("FIN, then RST"),
    "half_closed": msg("half closed"),
    "open": msg("still open"),
}
"""How a connection ended, in a few words."""
SEVERITIES: Final[dict[Severity, Message]] = {
    "high": msg("high"),
    "medium": msg("medium"),
    "low": msg("low"),
    "info": msg("info"),
}
"""By the severity of a finding, the gravest first."""
