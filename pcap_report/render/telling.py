"""What templates ask for beyond the report's own records: headings, proofs, diagrams, rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pcap_report.model.message import Message, msg, msg_n
from pcap_report.render import data_rows, envelopes, field_labels, flag_labels, layer_facts, useful_filters
from pcap_report.render.diagrams import Diagrams
from pcap_report.render.drawn_steps import drawn_steps, http_labels
from pcap_report.render.key_frames import KeyFrames, endpoint, fewer, key_frames
from pcap_report.render.nested_boxes import nested_boxes
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.render.outcomes import HANDSHAKES, WAITS
from pcap_report.render.overview import ENDINGS, overview_diagram
from pcap_report.render.ranges import filter_ranges, frame_ranges
from pcap_report.render.safe import markdown_code
from pcap_report.render.triage import Triage, triage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.anatomy import FrameAnatomy, Layer, LayerField
    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim, Finding, Phase, Side, Step
    from pcap_report.model.report import Report
    from pcap_report.render.data_rows import CommonLength
    from pcap_report.render.markdown_sink import MarkdownSink

_TOLD: Final = ("tcp_handshake", "tls_handshake", "app_data", "tcp_phenomena", "tcp_performance", "teardown")
"""What the sections tell already; the claims of other analyzers stand together in one section."""


class Telling:
    """One rendering of one report: it numbers the headings, so it is not used twice."""

    def __init__(self, report: Report, sink: MarkdownSink, language: str) -> None:
        self._report = report
        self._sink = sink
        self._language = language
        self._diagrams = Diagrams(language)
        self._numbers = [0, 0]
        self._by_id = {one.id: one for one in report.connections}
        self.endings = ENDINGS
        self.handshakes = HANDSHAKES
        self.waits = WAITS
        self.field_labels = field_labels.FIELDS
        self.layer_labels = field_labels.LAYERS
        self.role_labels = field_labels.ROLES
        self.flag_labels = flag_labels.FLAGS
        self.severities = SEVERITIES
        self.services = SERVICES
        self.next_looks = NEXT_LOOKS
        self.all_claims = len(report.claims) + sum(len(one.claims) for one in report.connections)

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

    def claim(self, connection: Connection, *ids: str) -> Claim | None:
        """Find a connection's claim by its id, the first of several that there is."""
        known = {one.id: one for one in connection.claims}
        return next((known[name] for name in ids if name in known), None)

    def say(self, message: Message) -> Markup:
        """Say a message in prose."""
        return self._sink.finalize(message)

    def other_claims(self, connection: Connection) -> list[Claim]:
        """List the claims of analyzers from elsewhere."""
        return [one for one in connection.claims if one.id.split(".")[0] not in _TOLD]

    def claims_about(self, beginning: str) -> list[Claim]:
        """List the claims about the capture whose ids begin so."""
        return [one for one in self._report.claims if one.id.startswith(beginning)]

    def frame_filter(self, frames: Iterable[int]) -> str:
        """Write the condition of a display filter that selects frames."""
        listed = sorted(set(frames))
        return (
            f"frame.number == {listed[0]}" if len(listed) == 1 else f"frame.number in {filter_ranges(listed)}"
        )

    # Diagrams

    def whole(self, connection: Connection) -> Markup:
        """Draw a connection from end to end."""
        return _fenced(self._diagrams.whole(connection, self._steps(connection)))

    def phase(self, connection: Connection, *phases: Phase) -> Markup:
        """Draw some phases of a connection."""
        return _fenced(self._diagrams.phase(connection, self._steps(connection), *phases))

    def _steps(self, connection: Connection) -> list[Step]:
        return drawn_steps(connection, http_labels(self._report.http, connection.id))

    def packed(self, anatomy: FrameAnatomy) -> Markup:
        """Draw how the layers of a frame are packed into each other."""
        return _fenced(nested_boxes(envelopes.envelopes(anatomy), self._language))

    def nat(self, connection: Connection) -> Markup:
        """Draw the address translation between a private client and a public server."""
        return _fenced(self._diagrams.nat(connection))

    def overview(self) -> Markup:
        """Draw a line for every connection."""
        return _fenced(overview_diagram(self._report.connections, self._report.groups, self._language))

    # The ends

    def client(self, connection: Connection) -> Markup:
        """Name the client by address and port."""
        return _code(endpoint(connection.client.ip, connection.client.port))

    def server(self, connection: Connection) -> Markup:
        """Name the server by address and port."""
        return _code(endpoint(connection.server.ip, connection.server.port))

    def server_end(self, connection: Connection) -> str:
        """Return the server's end as the table of key frames has it."""
        return endpoint(connection.server.ip, connection.server.port)

    def share(self, part: float | None) -> Markup:
        """Write a part of one as a percentage, for tables."""
        return Markup("–" if part is None else f"{100 * part:.1f} %")  # noqa: S704 - digits

    def name(self, connection: Connection) -> Markup:
        """Name the server by its name where it has one, else by address and port."""
        names = connection.server.names
        return self._sink.code(names[0]) if names else self.server(connection)

    def title(self, connection: Connection) -> Markup:
        """Name a connection in a heading."""
        number = self.say(msg("Connection %(number)s", number=connection.id))
        return Markup("{}: {}").format(number, self.name(connection))

    def say_number(self, connection: Connection) -> Markup:
        """Name a connection by its number."""
        return self.say(msg("Connection %(number)s", number=connection.id))

    def basis(self, connection: Connection) -> Markup:
        """Say what told client from server."""
        if connection.protocol != "tcp" and connection.orientation == "tls":
            return self.say(DATAGRAM_ROLES)
        return self.say(ORIENTATION[connection.orientation])

    def connection(self, number: int) -> Connection | None:
        """Find a connection by its number."""
        return self._by_id.get(number)

    # Rows and facts

    def key_frames(self, connection: Connection) -> list[KeyFrames]:
        """List the rows of the table of key frames."""
        return list(key_frames(connection, self._steps(connection)))

    def fewer_key_frames(self, connection: Connection, room: int) -> list[KeyFrames]:
        """List the rows that tell most."""
        return fewer(self.key_frames(connection), room)

    def label(self, row: KeyFrames) -> Markup:
        """Say what a key frame is, in a table's cell."""
        return Markup(", ").join(self._sink.message_cell(one) for one in row.label)

    def anatomies(self, connection: Connection) -> list[FrameAnatomy]:
        """List the frames of a connection that are taken apart."""
        return [one for one in self._report.anatomy if one.connection == connection.id]

    def exemplary(self, connection: Connection) -> FrameAnatomy | None:
        """Choose the frame whose headers are shown layer by layer."""
        return envelopes.chosen(self._report, connection)

    def layers_in(self, anatomy: FrameAnatomy, place: envelopes.LayerName) -> list[Layer]:
        """List the headers of a frame that belong to one of the four layers."""
        return [one for one in anatomy.layers if envelopes.place_of(one) == place]

    def anatomy_title(self, anatomy: FrameAnatomy) -> Markup:
        """Name a frame that is taken apart."""
        role = self.role_labels.get(anatomy.role)
        number = self.say(msg("Frame %(number)s", number=anatomy.frame))
        return Markup("{}: {}").format(number, self.say(role) if role else anatomy.role)

    def field_value(self, field: LayerField) -> Markup:
        """Show a field's value, and what it means where that is more."""
        value = self._sink.cell(field.value, 200)
        if field.name == "tcp.flags.str" and field.meaning:
            return Markup(field.meaning)  # noqa: S704 - RFC 9293's names of the flags
        if field.meaning is None:
            return value
        return Markup("{} ({})").format(self._sink.cell(field.meaning, 1000), value)

    def filters(self, connection: Connection) -> Sequence[tuple[Message, str]]:
        """List display filters to start from, with what each shows."""
        return useful_filters.of(connection)

    def data_rows(self, connection: Connection) -> Sequence[data_rows.DataRow]:
        """List the two rows of the table of application data."""
        return data_rows.of(connection)

    def goodbyes(self, connection: Connection) -> list[tuple[int, Side]]:
        """List the encrypted alerts at the end: most likely close_notify, with their senders."""
        tls, data = connection.tls_handshake, connection.app_data
        finished = tls.client_finished_frame if tls else None
        alerts = tls.alerts if tls and finished else ()
        found: dict[int, Side] = {
            one.frame: one.sender for one in alerts if one.description is None and one.frame > (finished or 0)
        }
        if data and data.labelled_frames:
            client = set(data.labelled_frames.client)
            found |= {frame: "client" if frame in client else "server" for frame in data.close_notify_frames}
        return sorted(found.items())

    def protocols(self) -> list[ProtocolCount]:
        """List the protocol hierarchy without what only repeats a layer or takes a certificate apart."""
        return [one for one in self._report.capture.protocols if _is_plain(one.path.split(":"))]

    def data_frames(self, connection: Connection) -> tuple[int, ...]:
        """List the frames in which application data end, both ways."""
        return tuple(sorted({frame for row in data_rows.of(connection) for frame in row.data}))

    def burst_numbers(self, places: Iterable[int]) -> Markup:
        """Write bursts by the numbers of their rows, which count from one."""
        return Markup(frame_ranges(place + 1 for place in places))  # noqa: S704 - digits

    def lengths(self, connection: Connection) -> CommonLength | None:
        """Tell how large the frames of the server's data are; None where there are none."""
        return data_rows.lengths_of(connection)

    def flagged(self, connection: Connection) -> list[tuple[str, Any]]:
        """List the kinds of trouble that Wireshark flags, with their frames."""
        phenomena = connection.tcp_phenomena
        if phenomena is None:
            return []
        every = ((name, getattr(phenomena, name)) for name in type(phenomena).__struct_fields__)
        return [(name, flagged) for name, flagged in every if flagged.count]

    def flagged_frames(self, connection: Connection) -> tuple[int, ...]:
        """List the frames with any flag."""
        return tuple(sorted({frame for _, flagged in self.flagged(connection) for frame in flagged.frames}))

    def layers(self, connection: Connection) -> layer_facts.LayerFacts:
        """Gather what the lower layers of a connection show."""
        return layer_facts.of(self._report, connection)

    def lookups(self, connection: Connection) -> list[DnsLookup]:
        """List the DNS look-ups that led to a connection."""
        return [one for one in self._report.dns if connection.id in one.led_to]

    def exchanges(self, connection: Connection) -> list[HttpExchange]:
        """List the plain HTTP exchanges of a connection."""
        return [one for one in self._report.http if one.connection == connection.id]

    def triage(self) -> Triage:
        """Sort the report by trouble."""
        return triage(self._report)

    def findings(self, connection: Connection | None) -> list[Finding]:
        """List the findings about a connection, or about the capture as a whole."""
        number = connection.id if connection else None
        return [one for one in self._report.findings if one.connection == number]


def _fenced(source: str | None) -> Markup:
    return Markup("```mermaid\n{}```").format(Markup(source)) if source else Markup("")  # noqa: S704


def _is_plain(layers: Sequence[str]) -> bool:
    return len(set(layers)) == len(layers) and not any(layer.startswith("x509") for layer in layers)


def _code(text: str) -> Markup:
    return Markup(markdown_code(text))  # noqa: S704 - inline code


SEVERITIES: Final = {"high": msg("high"), "medium": msg("medium"), "low": msg("low"), "info": msg("info")}
SERVICES: Final = {
    20: "FTP",
    21: "FTP",
    22: "SSH",
    25: "SMTP",
    53: "DNS",
    80: "HTTP",
    110: "POP3",
    143: "IMAP",
    443: "HTTPS",
    465: "SMTPS",
    587: "SMTP",
    853: "DNS over TLS",
    993: "IMAPS",
    995: "POP3S",
    3306: "MySQL",
    5432: "PostgreSQL",
    8080: "HTTP",
    8443: "HTTPS",
}
"""What usually listens on a port; the port alone proves nothing."""
DATAGRAM_ROLES: Final = msg("**Roles:** the client is the one that sent the ClientHello.")
ORIENTATION: Final = {
    "syn": msg("**Roles:** the client is the one that sent the SYN."),
    "syn_ack": msg(
        "**Roles:** the SYN is not in the capture, but the server's SYN+ACK is, and tells the two apart."
    ),
    "tls": msg("**Roles:** the SYN is not in the capture; the TLS roles tell client from server."),
    "port": msg(
        "**Roles:** the SYN is not in the capture; the ports decide, the lower or better known being the"
        " server's. This is an inference."
    ),
    "first_packet": msg(
        "**Roles:** nothing in the capture tells client from server; the sender of the first packet is taken"
        " for the client. This is an assumption."
    ),
}
