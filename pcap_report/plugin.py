"""What an analyzer of your own is made of: all that a plugin needs to import.

The names here stay what they are within a major version; the modules behind them may move.
"""

from __future__ import annotations

from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer
from pcap_report.analyzers.proof import arrow, claim, note, side_of
from pcap_report.model.evidence import Claim, Direction, FieldValue, Phase, Side, Step, StepStyle
from pcap_report.model.filters import frame_filter
from pcap_report.model.flow import Flow
from pcap_report.model.message import Message, msg, msg_n
from pcap_report.model.packet import Packet
from pcap_report.render.safe import display_filter_string

__all__ = [
    "CaptureAnalyzer",
    "Claim",
    "ConnectionAnalyzer",
    "Direction",
    "FieldValue",
    "Flow",
    "Message",
    "Packet",
    "Phase",
    "Side",
    "Step",
    "StepStyle",
    "arrow",
    "claim",
    "display_filter_string",
    "frame_filter",
    "msg",
    "msg_n",
    "note",
    "side_of",
]
