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
STATES: Final = {
    "S0": msg("no answer"),
    "S1": msg("still open"),
    "SF": msg("closed in order"),
    "REJ": msg("refused"),
    "S2": msg("half closed"),
    "S3": msg("half closed"),
    "RSTO": msg("reset by the client"),
    "RSTR": msg("reset by the server"),
    "RSTOS0": msg("given up"),
    "RSTRH": msg("reset before it was open"),
    "SH": msg("closed before it was open"),
    "SHR": msg("closed before it was open"),
    "OTH": msg("begun earlier"),
}
"""By Zeek's ``conn_state`` of a TCP connection."""
DATAGRAM_STATES: Final = {
    "SF": msg("both spoke"),
    "S0": msg("no answer"),
    "SHR": msg("only the server spoke"),
    "OTH": msg("nothing said"),
}
"""The same for datagrams, which nobody opens or closes."""
SEVERITIES: Final[dict[Severity, Message]] = {
    "high": msg("high"),
    "medium": msg("medium"),
    "low": msg("low"),
    "info": msg("info"),
}
"""By the severity of a finding, the gravest first."""
