"""The tools, in the order in which a client sees them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from pcap_report.mcp import answers, arguments, questions

if TYPE_CHECKING:
    from pcap_report.mcp.analyses import Tell
    from pcap_report.mcp.bench import Bench

Ask = Callable[..., Awaitable[dict[str, Any]]]
"""Answers a question: takes the bench, the arguments and whom to tell; Any because every tool has its own."""

_NULL: Final = {"type": "null"}
_NOTHING: Final[tuple[object, ...]] = (None, [], (), {})


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        name: what clients call it.
        title: for people.
        description: when to use it, for an assistant.
        takes: the record of its arguments.
        gives: the record of its answer.
        ask: does it.
        captures: it needs the right to capture.
        reads: it changes nothing.
    """

    name: str
    title: str
    description: str
    takes: type[msgspec.Struct]
    gives: type[msgspec.Struct]
    ask: Ask
    captures: bool = False
    reads: bool = True

    async def answer(self, bench: Bench, given: object, tell: Tell) -> dict[str, Any]:
        """Answer with the arguments that a client gave.

        Raises:
            msgspec.ValidationError: they are not those of the tool.
            PcapReportError: there is no answer.
        """
        return await self.ask(bench, msgspec.convert(given, self.takes), tell)


def schema_of(record: type[msgspec.Struct]) -> dict[str, Any]:
    """Return the JSON Schema of a record, an object at its top, as MCP wants it."""
    (_,), definitions = msgspec.json.schema_components([record], ref_template="#/$defs/{name}")
    top = {**definitions.pop(record.__name__)}
    top.pop("description", None)  # the tool's own says it
    whole = {**top, "$defs": definitions} if definitions else top
    found: dict[str, Any] = _slim(whole)
    return found


def _slim(part: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Leave out what says nothing: every client pays for each word of a schema.

    The names of our classes go, and so does null: what is unknown, or not asked for, is absent.
    """
    if isinstance(part, list):
        return [_slim(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: _slim(one)
        for name, one in part.items()
        if not (name == "title" and isinstance(one, str))
        and not (name == "default" and one in _NOTHING)
        and not (name == "required" and one == [])
    }
    options = kept.get("anyOf")
    if isinstance(options, list) and _NULL in options:
        rest = [one for one in options if one != _NULL]
        del kept["anyOf"]
        kept = {**kept, **rest[0]} if len(rest) == 1 else {**kept, "anyOf": rest}
    return kept


TOOLS: Final = (
    Tool(
        "analyze_capture",
        "Diagnose a capture",
        "Begin here. Reads a packet capture and answers with its diagnosis: totals, problems with evidence"
        " and next step, connections, DNS queries, HTTP requests, protocols. Never packets.",
        arguments.OfCapture,
        answers.Diagnosis,
        questions.analyze_capture,
    ),
    Tool(
        "list_connections",
        "List connections",
        "Lists the connections of a capture, those with problems first.",
        arguments.OfConnections,
        answers.Connections,
        questions.list_connections,
    ),
    Tool(
        "get_connection",
        "Tell a connection",
        "Tells one connection in proved sentences: handshakes, data, calls, what went wrong, how it ended.",
        arguments.OfConnection,
        answers.ConnectionStory,
        questions.get_connection,
    ),
    Tool(
        "get_findings",
        "List problems",
        "Lists what the rules found, the gravest first, with frames, filter and what to look at next.",
        arguments.OfFindings,
        answers.Findings,
        questions.get_findings,
    ),
    Tool(
        "explain_frame",
        "Explain a frame",
        "Tells what the report says of one frame, and its fields, the innermost layer first.",
        arguments.OfFrame,
        answers.FrameStory,
        questions.explain_frame,
    ),
    Tool(
        "get_diagram",
        "Draw a sequence diagram",
        "Draws a connection, or a line per connection, as a Mermaid sequence diagram.",
        arguments.OfDiagram,
        answers.Diagram,
        questions.get_diagram,
    ),
    Tool(
        "verify_claim",
        "Prove a statement",
        "Asks tshark whether a statement of the report is true, by its id; or whether a display filter of"
        " yours selects exactly the frames that you name.",
        arguments.OfClaim,
        answers.Verdict,
        questions.verify_claim,
    ),
    Tool(
        "compare_captures",
        "Compare two captures",
        "Tells what changed from one capture to another, what became worse first.",
        arguments.OfTwo,
        answers.Comparison,
        questions.compare_captures,
    ),
    Tool(
        "list_network_interfaces",
        "List network interfaces",
        "Lists the interfaces of the machine that this server runs on, and whether it may capture.",
        arguments.OfInterfaces,
        answers.Interfaces,
        questions.list_network_interfaces,
    ),
    Tool(
        "start_packet_capture",
        "Start a capture",
        "Begins a live capture that ends by itself after `duration` seconds; one at a time.",
        arguments.OfRecording,
        answers.CaptureStatus,
        questions.start_packet_capture,
        captures=True,
        reads=False,
    ),
    Tool(
        "get_capture_status",
        "See how a capture goes on",
        "Tells how many packets were captured so far, or the file of the capture that has ended.",
        arguments.Nothing,
        answers.CaptureStatus,
        questions.get_capture_status,
        captures=True,
    ),
    Tool(
        "stop_packet_capture",
        "Stop a capture",
        "Ends the capture, keeps it as a file and answers with its diagnosis.",
        arguments.OfStopping,
        answers.EndedCapture,
        questions.stop_packet_capture,
        captures=True,
        reads=False,
    ),
)
