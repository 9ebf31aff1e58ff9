"""What templates ask for, answered for a page: headings with anchors, proofs to copy, drawings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from pcap_report.model.message import msg
from pcap_report.render.html_blocks import ELEMENT
from pcap_report.render.html_pictures import Pictures
from pcap_report.render.html_sink import NO_BREAK, coded, inert
from pcap_report.render.key_frames import endpoint
from pcap_report.render.telling import Telling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.anatomy import FrameAnatomy, LayerField
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Phase
    from pcap_report.model.report import Report
    from pcap_report.render.html_sink import HtmlSink


@dataclass(frozen=True)
class Heading:
    """A heading of the page.

    Attributes:
        level: 2 or 3.
        number: as it is counted, ``3.1``.
        text: what it says.
    """

    level: int
    number: str
    text: Markup

    @property
    def anchor(self) -> str:
        """Its id: the number, so that a link means the same part in every language."""
        return f"s{self.number.replace('.', '-')}"


class HtmlTelling(Telling):
    """One rendering of one report as a page.

    Attributes:
        headings: in the order of the page; known once the profile is rendered.
    """

    unit_space = NO_BREAK

    def __init__(
        self, report: Report, sink: HtmlSink, language: str, pictures: Pictures | None = None
    ) -> None:
        super().__init__(report, sink, language)
        self._pictures = pictures or Pictures(language)
        self.headings: list[Heading] = []

    def h2(self, text: Markup) -> Markup:
        """Open the next section."""
        before = Markup("</section>") if self.headings else ""
        super().h2(text)
        heading = Heading(2, str(self._numbers[0]), text)
        opened = Markup('<section aria-labelledby="{}">{}').format(heading.anchor, self._heading(heading))
        return _element(before + opened)

    def h3(self, text: Markup) -> Markup:
        """Open the next part of the section."""
        super().h3(text)
        return _element(self._heading(Heading(3, "{}.{}".format(*self._numbers), text)))

    def _heading(self, heading: Heading) -> Markup:
        self.headings.append(heading)
        label = self._sink.gettext("Link to section %(number)s", number=inert(heading.number))
        return Markup('<h{0} id="{1}"><a class="no" href="#{1}" aria-label="{2}">{3}</a> {4}</h{0}>').format(
            heading.level, heading.anchor, label, heading.number, heading.text
        )

    def at(self, frames: Iterable[int] | int, display_filter: str) -> Markup:
        """Point at the frames of a statement and at the filter that shows them."""
        return Markup('<span class="proof">{}</span>').format(super().at(frames, display_filter))

    # Drawings

    def whole(self, connection: Connection) -> Markup:
        """Draw a connection from end to end."""
        return _drawn(self._pictures.whole(connection, self.steps(connection)))

    def phase(self, connection: Connection, *phases: Phase) -> Markup:
        """Draw some phases of a connection."""
        return _drawn(self._pictures.phase(connection, self.steps(connection), *phases))

    def nat(self, connection: Connection) -> Markup:
        """Draw the address translation between a private client and a public server."""
        return _drawn(self._pictures.nat(connection))

    def packed(self, anatomy: FrameAnatomy) -> Markup:
        """Draw how the layers of a frame are packed into each other."""
        return _drawn(*self._pictures.packed(anatomy))

    def overview(self) -> Markup:
        """Draw the connections over time, and what went which way."""
        return _drawn(*self._pictures.overview(self._report))

    def charts(self, connection: Connection) -> Markup:
        """Draw a connection over time: sequence numbers, throughput, round trips."""
        return _drawn(*self._pictures.charts(connection))

    def protocol_chart(self) -> Markup:
        """Draw the bytes of the capture's protocols."""
        return _drawn(*self._pictures.protocols(self._report))

    # What the Markdown telling writes itself

    def client(self, connection: Connection) -> Markup:
        """Name the client by address and port."""
        return coded(endpoint(connection.client.ip, connection.client.port))

    def server(self, connection: Connection) -> Markup:
        """Name the server by address and port."""
        return coded(endpoint(connection.server.ip, connection.server.port))

    def anatomy_title(self, anatomy: FrameAnatomy) -> Markup:
        """Name a frame that is taken apart."""
        role = self.role_labels.get(anatomy.role)
        number = self.say(msg("Frame %(number)s", number=anatomy.frame))
        return Markup("{}{}{}").format(
            number, self.marks.colon, self.say(role) if role else inert(anatomy.role)
        )

    def field_value(self, field: LayerField) -> Markup:
        """Show a field's value, and what it means where that is more."""
        if field.name == "tcp.flags.str" and field.meaning:
            return inert(field.meaning)
        value = self._sink.cell(field.value)
        if field.meaning is None:
            return value
        return Markup("{} ({})").format(self._sink.cell(field.meaning, 1000), value)


def _element(written: Markup) -> Markup:
    return Markup(ELEMENT) + written + Markup("\n")  # noqa: S704 - one character of ours


def _drawn(*figures: str) -> Markup:
    return Markup("").join(_element(Markup(figure)) for figure in figures if figure)  # noqa: S704 - SVG of ours
