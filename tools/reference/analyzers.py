"""docs/reference/analyzers.md: what each analyzer asks, how it derives the answer, and what it may claim."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.compiled import documentation
from tests.render.reports import SAMPLES, sample
from tools.reference.markdown import cell, prose, slug, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim

_NUMBER: Final = re.compile(r"\.\d+")
_NAMES: Final = {"tcp": "TCP", "quic": "QUIC", "dtls": "DTLS"}
_BEGINNING: Final = """\
# Analyzers

Each answers one question. This page is written from their source: the question with the sections of the
standards that it rests on, the fields that tshark is asked for, whether the answer adds to a sequence
diagram, and the statements that it makes, each of which carries its frames and a display filter that proves
it. The statements are those of the [sample captures](../../samples/README.md); `N` counts where one repeats,
and `%(name)s` is filled in.
"""


def analyzers_page() -> str:
    """Write the page."""
    rows = [(f"[`{one.id}`](#{slug(_heading(one))})", _over(one), cell(_question(one))) for one in BUILT_IN]
    lines = [_BEGINNING, *table(("analyzer", "over", "question"), rows)]
    for one in BUILT_IN:
        lines += _analyzer(one)
    return "\n".join(lines).rstrip() + "\n"


def _analyzer(kind: AnalyzerKind) -> list[str]:
    module = documentation(kind.__module__)
    own = documentation(kind.__module__, kind.__name__)
    rest = "\n\n".join(one for one in module.split("\n\n")[1:] if not one.startswith("Measures only"))
    fields = ", ".join(f"`{one}`" for one in kind.fields) or "only those that every packet has"
    lines = [f"## {_heading(kind)}", "", f"*{_question(kind)}*", "", prose(own), ""]
    lines += [prose(rest), ""] if rest else []
    lines += [f"Over {_over(kind)}. In the JSON report: `{_place(kind)}`.", "", f"Fields: {fields}.", ""]
    if issubclass(kind, ConnectionAnalyzer):
        draws = kind.steps is not ConnectionAnalyzer.steps
        lines += ["It adds arrows to the sequence diagram." if draws else "It draws nothing of its own.", ""]
    claims = _claims(kind)
    if claims:
        lines += table(("statement", "says"), [(f"`{name}`", cell(text)) for name, text in claims.items()])
    return lines


def _question(kind: AnalyzerKind) -> str:
    return " ".join(documentation(kind.__module__).partition("\n\n")[0].split())


def _heading(kind: AnalyzerKind) -> str:
    alone = sum(one.id == kind.id for one in BUILT_IN) == 1
    return kind.id if alone else f"{kind.id} over {_over(kind)}"


def _over(kind: AnalyzerKind) -> str:
    if issubclass(kind, ConnectionAnalyzer):
        return ", ".join(_NAMES[one] for one in sorted(kind.transports))
    return "the whole capture"


def _place(kind: AnalyzerKind) -> str:
    return f"connections[].{kind.id}" if issubclass(kind, ConnectionAnalyzer) else kind.id


def _claims(kind: AnalyzerKind) -> dict[str, str]:
    """Return the statements that it makes on the samples, before their values are filled in."""
    found: dict[str, str] = {}
    for connection, claim in _all_claims():
        about = (
            connection is not None and connection.protocol in kind.transports
            if issubclass(kind, ConnectionAnalyzer)
            else connection is None
        )
        if about and claim.id.startswith(f"{kind.id}."):
            found.setdefault(_NUMBER.sub(".N", claim.id), claim.message.text)
    return dict(sorted(found.items()))


def _all_claims() -> Iterator[tuple[Connection | None, Claim]]:
    for name in SAMPLES:
        report = sample(name)
        yield from ((None, claim) for claim in report.claims)
        yield from ((one, claim) for one in report.connections for claim in one.claims)
