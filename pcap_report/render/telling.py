"""What templates ask for beyond the report's own records: headings, proofs, diagrams, wording."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render import envelopes, field_labels, flag_labels, inferred
from pcap_report.render.diagrams import Diagrams
from pcap_report.render.drawn_steps import rpc_label
from pcap_report.render.judged import judged, nothing_found
from pcap_report.render.key_frames import KeyFrames, endpoint
from pcap_report.render.look_ups import LookUps
from pcap_report.render.marks import marks
from pcap_report.render.nested_boxes import nested_boxes
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.outcomes import ENDINGS, HANDSHAKES, SEVERITIES, WAITS
from pcap_report.render.pie import protocol_pie
from pcap_report.render.ranges import frame_ranges
from pcap_report.render.roles import roles_of
from pcap_report.render.safe import markdown_code
from pcap_report.render.services import SERVICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.model.anatomy import FrameAnatomy, LayerField
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase
    from pcap_report.model.inside import HttpBody
    from pcap_report.model.report import Report
    from pcap_report.model.rpc import RpcMessage, UnmatchedMessage
    from pcap_report.render.chart_files import ChartFiles
    from pcap_report.render.markdown_sink import MarkdownSink


class Telling(LookUps):
    """One rendering of one report: it numbers the headings, so it is not used twice."""

    unit_space = " "
    """Between a number and its unit."""

    def __init__(
        self, report: Report, sink: MarkdownSink, language: str, chart_files: ChartFiles | None = None
    ) -> None:
        super().__init__(report)
        self._chart_files = chart_files
        self._sink = sink
        self._language = language
        self.marks = marks(language)
        self._diagrams = Diagrams(language)
        self._numbers = [0, 0]
        self.endings = ENDINGS
        self.handshakes = HANDSHAKES
        self.waits = WAITS
        self.field_labels = field_labels.FIELDS
        self.layer_labels = field_labels.LAYERS
        self.role_labels = field_labels.ROLES
        self.flag_labels = flag_labels.FLAGS
        self.severities = SEVERITIES
        self.services = SERVICES
        self.opened = inferred.OPENED
        self.unmatched = inferred.UNMATCHED
        self.lonely = inferred.LONELY
        self.next_looks = NEXT_LOOKS

    # Headings and proofs

    def h2(self, text: Markup) -> Markup:
        """Open the next section."""
        self._numbers = [self._numbers[0] + 1, 0]
        return Markup("## {}. {}").format(self._numbers[0], text)

    def h3(self, text: Markup) -> Markup:
        """Open the next part of the section."""
        self._numbers[1] += 1
        return Markup("### {}.{} {}").format(*self._numbers, text)

    def frames(self, frames: Iterable[int] | int) -> Markup:
        """Name frames in a sentence: ``frame 17``, ``frames 17–19``."""
        listed = [frames] if isinstance(frames, int) else list(frames)
        message = msg_n("frame %(frames)s", "frames %(frames)s", len(listed), frames=tuple(listed))
        return self._sink.finalize(message)

    def at(self, frames: Iterable[int] | int, display_filter: str) -> Markup:
        """Point at the frames of a statement and at the filter that shows them, in parentheses."""
        shown = self._sink.display_filter(display_filter)
        return Markup("({} · {})").format(self.frames(frames), shown)

    def proof(self, connection: Connection, *ids: str) -> Markup:
        """Point at the proof of a connection's claim: of the first that there is; nothing without one."""
        claim = self.claim(connection, *ids)
        return self.at(claim.frames, claim.display_filter) if claim else Markup("")

    def say(self, message: Message) -> Markup:
        """Say a message in prose."""
        return self._sink.finalize(message)

    def judged(self) -> Iterator[Message]:
        """Tell what the user changed about the rules, and what came of it."""
        return judged(self._report)

    def nothing_found(self) -> Message:
        """Say of a report without findings whether there were any."""
        return nothing_found(self._report)

    # Diagrams

    def whole(self, connection: Connection) -> Markup:
        """Draw a connection from end to end."""
        return _fenced(self._diagrams.whole(connection, self.steps(connection)))

    def phase(self, connection: Connection, *phases: Phase) -> Markup:
        """Draw some phases of a connection."""
        return _fenced(self._diagrams.phase(connection, self.steps(connection), *phases))

    def packed(self, anatomy: FrameAnatomy) -> Markup:
        """Draw how the layers of a frame are packed into each other."""
        return _fenced(nested_boxes(envelopes.envelopes(anatomy), self._language))

    def nat(self, connection: Connection) -> Markup:
        """Draw the address translation between a private client and a public server."""
        return _fenced(self._diagrams.nat(connection))

    def overview(self) -> Markup:
        """Draw a line for every connection."""
        files = self._chart_files
        drawn = _fenced(self._diagrams.overview(self._report))
        return _images([drawn, *files.of_connections(self._report)]) if files else drawn

    def charts(self, connection: Connection) -> Markup:
        """Draw a connection over time; without files, Markdown cannot."""
        return _images(self._chart_files.of_connection(connection)) if self._chart_files else Markup("")

    def protocol_chart(self) -> Markup:
        """Draw the bytes of the capture's protocols."""
        if self._chart_files:
            return _images(self._chart_files.of_protocols(self._report))
        return _fenced(protocol_pie(self._report, self._language))

    # The ends

    def client(self, connection: Connection) -> Markup:
        """Name the client by address and port."""
        return _code(endpoint(connection.client.ip, connection.client.port))

    def server(self, connection: Connection) -> Markup:
        """Name the server by address and port."""
        return _code(endpoint(connection.server.ip, connection.server.port))

    def share(self, part: float | None) -> Markup:
        """Write a part of one as a percentage, for tables."""
        if part is None:
            return Markup("–")
        sign = self.marks.percent.replace(" ", self.unit_space)
        return Markup(f"{100 * part:.1f}{sign}")  # noqa: S704 - digits

    def octets(self, count: int) -> Markup:
        """Write the exact length of a frame, for tables."""
        return Markup(f"{count}{self.unit_space}B")  # noqa: S704 - digits

    def name(self, connection: Connection) -> Markup:
        """Name the server by its name where it has one, else by address and port."""
        names = connection.server.names
        return self._sink.code(names[0]) if names else self.server(connection)

    def title(self, connection: Connection) -> Markup:
        """Name a connection in a heading."""
        number = self.say(msg("Connection %(number)s", number=connection.id))
        return Markup("{}{}{}").format(number, self.marks.colon, self.name(connection))

    def say_number(self, connection: Connection) -> Markup:
        """Name a connection by its number."""
        return self.say(msg("Connection %(number)s", number=connection.id))

    def basis(self, connection: Connection) -> Markup:
        """Say what told client from server."""
        return self.say(roles_of(connection))

    # Cells of tables

    def legend(self, connection: Connection) -> list[Message]:
        """Explain the marks of a connection's arrows: what was read inside, what was inferred."""
        return inferred.legend(connection, self._report.http)

    def rpc_title(self, connection: Connection) -> Markup:
        """Head the part on a connection's JSON-RPC."""
        return self.say(msg("JSON-RPC on connection %(number)s", number=connection.id))

    def rpc(self, message: RpcMessage) -> Markup:
        """Name a JSON-RPC message, in a table's cell."""
        label = rpc_label(message)
        return Markup("–") if label is None else self._sink.message_cell(label)

    def logged(self, message: UnmatchedMessage) -> Markup:
        """Name a message of the log."""
        what = message.method or message.kind
        if message.id is None:
            return self._sink.code(what)
        return self.say(msg("%(rpc)s (id %(rpc_id)s)", rpc=what, rpc_id=message.id))

    def certainty(self, message: RpcMessage) -> Markup:
        """Say how sure a match is, and why, in a table's cell."""
        reasons = Markup(", ").join(self.say(inferred.REASONS[one]) for one in message.reasons)
        if message.certainty is None:
            return Markup("–")
        return Markup("{}: {}").format(self.say(inferred.CERTAINTIES[message.certainty]), reasons)

    def body(self, body: HttpBody | None) -> Markup:
        """Show a body by its size and its shape, in a table's cell."""
        if body is None:
            return Markup("–")
        size = self._sink.size(body.bytes)
        what = self._sink.cell(body.shape) if body.shape else self.say(inferred.BODIES[body.kind])
        return Markup("{}, {}").format(size, what)

    def label(self, row: KeyFrames) -> Markup:
        """Say what a key frame is, in a table's cell."""
        return Markup(self.marks.clause).join(  # noqa: S704 - a mark of ours
            self._sink.message_cell(one) for one in row.label
        )

    def anatomy_title(self, anatomy: FrameAnatomy) -> Markup:
        """Name a frame that is taken apart."""
        role = self.role_labels.get(anatomy.role)
        number = self.say(msg("Frame %(number)s", number=anatomy.frame))
        return Markup("{}{}{}").format(number, self.marks.colon, self.say(role) if role else anatomy.role)

    def field_value(self, field: LayerField) -> Markup:
        """Show a field's value, and what it means where that is more."""
        value = self._sink.cell(field.value, 200)
        if field.name == "tcp.flags.str" and field.meaning:
            return Markup(field.meaning)  # noqa: S704 - RFC 9293's names of the flags
        if field.meaning is None:
            return value
        return Markup("{} ({})").format(self._sink.cell(field.meaning, 1000), value)

    def burst_numbers(self, places: Iterable[int]) -> Markup:
        """Write bursts by the numbers of their rows, which count from one."""
        return Markup(frame_ranges((place + 1 for place in places), self.marks.listed))  # noqa: S704 - digits


def _fenced(source: str | None) -> Markup:
    return Markup("```mermaid\n{}```").format(Markup(source)) if source else Markup("")  # noqa: S704


def _images(shown: Iterable[str]) -> Markup:
    return Markup("\n\n".join(one for one in shown if one))  # noqa: S704 - made safe by `chart_files`


def _code(text: str) -> Markup:
    return Markup(markdown_code(text))  # noqa: S704 - inline code
