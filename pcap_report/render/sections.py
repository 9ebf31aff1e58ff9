"""The parts that analyzers from elsewhere write into a report, each by a template of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pcap_report.additions import Addition, additions
from pcap_report.model.message import Message, msg
from pcap_report.render.environment import section_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim

_REASON_LIMIT = 200


@dataclass(frozen=True)
class Section:
    """One analyzer's part of the report, about one connection or about the capture."""

    heading: Message
    text: Markup


class Sections:
    """Writes the parts; one that fails says so in its place, and the report goes on."""

    def __init__(self, environment: Environment, context: Mapping[str, Any]) -> None:
        """Prepare.

        Args:
            environment: in which all templates of the report render.
            context: what they see; a part sees ``record``, and ``c`` for the connection, besides.
        """
        self._environment = environment
        self._context = context
        self._bringing = {name: one for name, one in additions().items() if one.section is not None}

    def of(self, connection: Connection) -> list[Section]:
        """Write what they have to say about a connection."""
        return [
            self._section(one, connection.extensions[name], connection)
            for name, one in self._bringing.items()
            if name in connection.extensions
        ]

    def around(self) -> list[Section]:
        """Write what they have to say about the capture."""
        found = self._context["report"].extensions
        return [
            self._section(one, found[name], None) for name, one in self._bringing.items() if name in found
        ]

    def left(self, claims: list[Claim]) -> list[Claim]:
        """List the claims of analyzers that bring no part of their own."""
        beginnings = tuple(f"{name}." for name in self._bringing)
        return [one for one in claims if not one.id.startswith(beginnings)]

    def _section(self, addition: Addition, record: object, connection: Connection | None) -> Section:
        name = addition.analyzer
        heading = addition.heading or msg("%(analyzer)s", analyzer=name)
        try:
            template = self._environment.get_template(section_name(name))
            text = template.render(self._context, record=record, c=connection)
        except Exception as error:  # a template of others may fail in any way
            reason = f"{type(error).__name__}: {error}"[:_REASON_LIMIT]
            failed = msg("The part of %(analyzer)s failed: %(reason)s", analyzer=name, reason=reason)
            return Section(heading, self._context["tell"].say(failed))
        return Section(heading, Markup(text.strip("\n")))  # noqa: S704 - the environment made every value safe
