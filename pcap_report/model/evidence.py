"""Evidence: messages, the claims that need proof, and the steps of a sequence diagram.

Renderers, ``verify`` and the MCP server live off these records; none of them knows an analyzer by name.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

from pcap_report.model.message import Message

Direction = Literal["client_to_server", "server_to_client"]
"""Which way a packet, a burst or a diagram step goes."""

Side = Literal["client", "server"]
"""One of the two ends of a connection."""

Phase = Literal["tcp_handshake", "tls_handshake", "app_data", "teardown"]
"""The phases of a connection, in order; a sequence diagram has one part for each."""


class FieldValue(Struct, frozen=True):
    """A value that stands in a frame: what ``verify`` looks up again."""

    frame: int
    """Frame number."""
    field: str
    """tshark field name."""
    value: str
    """The value as ``tshark -T fields`` prints it; one of them where the field repeats."""


class Claim(Struct, frozen=True):
    """A statement about the capture with what proves it."""

    id: str
    """Stable name: the analyzer's id, a dot, what is claimed, and a number where it repeats."""
    text: str
    """The statement in the report's language, as plain text."""
    frames: tuple[int, ...]
    """The frames it speaks of, the one to open first in front of its kind: in ascending order."""
    display_filter: str
    """Wireshark display filter that selects exactly these frames."""
    message: Message
    """The statement before translation, so that a saved report renders in any language."""
    values: tuple[FieldValue, ...] = ()
    """Values that the statement states."""
    needs_keys: bool = False
    """What is said can be seen in these frames only with the secrets (``tls.keylog_file``)."""


StepStyle = Literal["normal", "ack", "retransmission", "reset", "refused", "alert"]
"""How an arrow is drawn: ``ack`` is a bare acknowledgement, ``retransmission`` a segment sent again."""


class Step(Struct, frozen=True):
    """One line of a sequence diagram: an arrow between the two ends, or a note over both."""

    kind: Literal["arrow", "note"]
    phase: Phase
    frames: tuple[int, ...]
    """Frames of the arrow; for a note, the frame after which it stands."""
    time_s: float
    """Seconds since the first packet of the capture, of the first frame."""
    label: tuple[Message, ...]
    """The lines of the label."""
    direction: Direction | None = None
    """Which way the arrow points; None for a note."""
    style: StepStyle = "normal"
    byte_count: int = 0
    """Bytes of payload that the arrow stands for."""


Severity = Literal["info", "low", "medium", "high"]

SEVERITIES: Final[tuple[Severity, ...]] = get_args(Severity)
"""From the least grave one on."""


class Finding(Struct, frozen=True):
    """A judgement of a rule: something a reader should look at."""

    id: str
    """The rule's id."""
    severity: Severity
    summary: str
    """The finding in the report's language, as plain text."""
    connection: int | None
    """The connection it speaks of, or None for the whole capture."""
    frames: tuple[int, ...]
    display_filter: str
    message: Message
    """The summary before translation."""


class NotVisible(Struct, frozen=True):
    """Something that this capture cannot show, and why."""

    what: str
    """In the report's language, as plain text."""
    why: str
    what_message: Message
    why_message: Message
    connections: tuple[int, ...] = ()
    """The connections it speaks of; empty for the whole capture."""


class Attempt(Struct, frozen=True):
    """How an analyzer fared: a crashed one is a row here, never the end of the report."""

    analyzer: str
    status: Literal["completed", "failed", "skipped"]
    message: str | None = None
    """For ``failed``: the error's name and text; for ``skipped``: why."""
