"""What is matched: messages of an application log, and bursts of a capture."""

from __future__ import annotations

from typing import NamedTuple

from pcap_report.analyzers.rpc.messages import Parsed  # noqa: TC001 - a record of it


class LogMessage(NamedTuple):
    """A message of the log."""

    line: int
    time_s: float
    """Seconds since 1970 by the log's clock."""
    sent: bool
    """The program that wrote the log sent it; else it was received."""
    parsed: Parsed
    shortest: int
    """Bytes of its JSON text without blanks."""
    longest: int
    """With blanks and escapes."""


class Slot(NamedTuple):
    """A burst that may have carried messages."""

    connection: int
    burst: int
    """Its place in the connection's bursts."""
    from_client: bool
    start_s: float
    """Seconds since 1970 by the capture's clock."""
    end_s: float
    room: int
    """Bytes of plaintext that its records can hold."""
    may_be_handshake: bool = False


class Match(NamedTuple):
    """A message and the burst that most likely carried it."""

    message: int
    """Place in the log."""
    slot: int
    """Place among the bursts."""
    score: float
    margin: float
    """How much better it is than the next best place."""
    lag_s: float
    """Between the log's time and the burst's, clocks set right."""
