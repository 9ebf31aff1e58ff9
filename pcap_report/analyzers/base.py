"""What an analyzer is: one question about a connection, or about the capture as a whole.

An analyzer declares the tshark fields it reads, is fed packets in capture order, and returns one frozen
record. What it adds to a sequence diagram and what it claims are asked for afterwards, and are all that
renderers, ``verify`` and the MCP server know of it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence  # noqa: TC003 - a compiled module evaluates what named tuples hold
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from mypy_extensions import mypyc_attr

if TYPE_CHECKING:
    from pcap_report.model.evidence import Claim, Step
    from pcap_report.model.flow import Flow, Transport
    from pcap_report.model.message import Message
    from pcap_report.model.packet import Packet

Result = TypeVar("Result")


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Analyzer:
    """What both kinds have in common.

    It has no metaclass: compiled classes do not get on with ``ABCMeta``. That what is abstract is defined is
    seen to where analyzers are loaded.
    """

    id: ClassVar[str]
    """JSON key, ``--analyzers`` name and docs anchor: one name everywhere."""
    fields: ClassVar[tuple[str, ...]] = ()
    """tshark fields to read besides the core ones; asked of tshark only when the analyzer is on."""
    heading: ClassVar[Message | None] = None
    """For an analyzer from elsewhere: the heading of its part of the report."""
    section: ClassVar[str] = ""
    """For an analyzer from elsewhere: the Jinja template of that part, a file beside its module."""
    catalogs: ClassVar[str] = ""
    """For an analyzer from elsewhere: its translations, a folder beside its module."""

    @abstractmethod
    def on_packet(self, packet: Packet) -> None:
        """Take the next packet, in capture order."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class ConnectionAnalyzer(Analyzer, Generic[Result]):
    """One question about one connection; there is an instance per connection.

    Where the answer is read in another way over another transport, a second class with the same id does it.
    """

    transports: ClassVar[frozenset[Transport]] = frozenset(("tcp",))
    """It is asked about connections over these."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    @abstractmethod
    def result(self) -> Result | None:
        """Return the record after the last packet; None when there is nothing to say."""

    def steps(self, result: Result) -> Sequence[Step]:
        """Return what the record adds to the connection's sequence diagram."""
        return ()

    def claims(self, result: Result) -> Sequence[Claim]:
        """Return the statements that the record allows, each with its proof."""
        return ()

    def key_frames(self, result: Result) -> Sequence[tuple[int, str]]:
        """Return frames whose anatomy a reader wants to see, with their role."""
        return ()


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class CaptureAnalyzer(Analyzer, Generic[Result]):
    """One question about the whole capture; there is one instance, fed the packets of its protocols."""

    protocols: ClassVar[frozenset[str]]
    """It is fed the packets whose protocol path holds one of these."""
    origin_ns: int = 0
    """Time of the capture's first packet; set before the first packet comes."""
    omitted: int = 0
    """Records that are not listed, because there are more than any reader wants."""
    adds_up: ClassVar[bool] = False
    """What instances found in parts of a capture can be added up; otherwise the packets come in order."""

    def seconds(self, time_ns: int) -> float:
        """Return a time as seconds since the first packet of the capture."""
        return (time_ns - self.origin_ns) / 1_000_000_000

    @abstractmethod
    def result(self) -> Result:
        """Return the records after the last packet."""

    def claims(self, result: Result) -> Sequence[Claim]:
        """Return the statements that the records allow, each with its proof."""
        return ()

    def part(self) -> list[Part]:
        """Return what was found in this part of a capture, to be added up by another instance."""
        return []

    def add_parts(self, parts: Sequence[Part], streams: Sequence[Streams]) -> None:
        """Add up what other instances found.

        Args:
            parts: in the order of their frames.
            streams: by shard, the numbers that its streams have in the whole capture.
        """


class Part(NamedTuple):
    """Something that an analyzer found in one shard of a capture.

    Attributes:
        frame: where it begins; the frame's number in the whole capture.
        shard: the shard.
        found: what; the analyzer's own.
    """

    frame: int
    shard: int
    found: Any


class Streams(NamedTuple):
    """The numbers that a shard's streams have in the whole capture, by their numbers in the shard."""

    tcp: Sequence[int]
    udp: Sequence[int]
    quic: Sequence[int]
