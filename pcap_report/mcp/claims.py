"""Is a statement true? tshark has been asked about all statements of a report; its verdict is looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from pcap_report.errors import CouldNotTellError, UsageError
from pcap_report.mcp.answers import Verdict
from pcap_report.mcp.budget import cost, require_budget, too_small
from pcap_report.mcp.views import phrases_of
from pcap_report.mcp.worker import StatementVerdict
from pcap_report.render.visible import visible_within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.mcp.analysis import Analysis
    from pcap_report.mcp.arguments import OfClaim
    from pcap_report.model.evidence import Claim, Finding
    from pcap_report.model.report import Report
    from pcap_report.verify.records import Proof

_FRAMES: Final = 100
_TEXT: Final = 500
_GRAVEST: Final = {"refuted": 0, "not_provable": 1, "proved": 2}


async def judged(analysis: Analysis, asked: OfClaim) -> dict[str, Any]:
    """Return what tshark says of a statement of the report, or of the caller's own.

    Raises:
        UsageError: there is no such statement, or none is named.
        CouldNotTellError: a saved report is there without its capture.
    """
    if (asked.claim is None) == (asked.display_filter is None):
        raise UsageError(
            "Name the id of a statement, or a display filter and its frames",
            "analyze_capture and get_connection list statements with their ids.",
        )
    if asked.display_filter is not None:
        return _fitting(await _own(analysis, asked, asked.display_filter), asked.budget)
    if analysis.saved:
        raise CouldNotTellError(
            f"{asked.capture} is a saved report, and only its capture can prove it",
            "Name the capture instead.",
        )
    places = _places(analysis).get(asked.claim or "", ())
    chosen = [one for one in places if asked.connection in (None, one[1])]
    if not chosen:
        raise UsageError(
            f"There is no statement {visible_within(asked.claim or '', 100)} here",
            "analyze_capture and get_connection list statements with their ids and connections.",
        )
    verdicts = await _verdicts(analysis)
    # of several with one id the worst counts
    place, _, stated = min(chosen, key=lambda one: _GRAVEST[verdicts[one[0]].verdict])
    return _fitting(_verdict(stated, verdicts[place], asked), asked.budget)


_Placed = tuple[int, int | None, "Claim | Finding"]


def _places(analysis: Analysis) -> dict[str, list[_Placed]]:
    """Return the statements by their ids, each with its place and its connection."""

    def collected() -> dict[str, list[_Placed]]:
        found: dict[str, list[_Placed]] = {}
        for place, (connection, one) in enumerate(_stated(analysis.report)):
            found.setdefault(one.id, []).append((place, connection, one))
        return found

    made: dict[str, list[_Placed]] = analysis.once("statements", collected)
    return made


def _stated(report: Report) -> Iterator[tuple[int | None, Claim | Finding]]:
    """Yield all statements in the order in which they are proved: see `verify.statements`."""
    yield from ((None, one) for one in report.claims)
    for connection in report.connections:
        yield from ((connection.id, one) for one in connection.claims)
    numbers = {one.id for one in report.connections}
    for finding in report.findings:
        if finding.connection is None or finding.connection in numbers:
            yield finding.connection, finding


async def _verdicts(analysis: Analysis) -> tuple[StatementVerdict, ...]:
    found = await analysis.verdicts()
    if found is None:  # the analysis has been let go meanwhile, or tshark broke down: asked once more, here
        found = analysis.known("verdicts")
    if found is None:
        found = await analysis.asked_of_tshark(_asked_again, analysis)
        analysis.keep("verdicts", found)
    return found


def _asked_again(analysis: Analysis) -> tuple[StatementVerdict, ...]:
    from pcap_report.verify import Logs, verify_fresh

    source = analysis.source
    proofs = verify_fresh(analysis.report, source.capture, Logs(source.keylog, source.rpc_log)).statements
    return tuple(StatementVerdict(one.verdict, one.reasons) for one in proofs)


async def _own(analysis: Analysis, asked: OfClaim, display_filter: str) -> Verdict:
    """Ask tshark about a filter of the caller's; this takes the time that tshark takes, once."""
    from pcap_report.verify import prove_one

    if analysis.saved:
        raise CouldNotTellError("A saved report cannot be asked new questions", "Name the capture instead.")
    if not asked.frames:
        raise UsageError("A filter alone states nothing", "Name the frames that it should select.")
    name = f"own {display_filter} {asked.frames}"
    proof: Proof | None = analysis.known(name)
    if proof is None:
        source = analysis.source
        proof = await analysis.asked_of_tshark(
            prove_one, source.capture, display_filter, asked.frames, source.keylog
        )
        analysis.keep(name, proof)
    return Verdict(
        capture=asked.capture,
        verdict=proof.verdict,
        display_filter=visible_within(proof.display_filter, 4 * _TEXT),
        frame_count=len(proof.frames),
        frames=proof.frames[:_FRAMES],
        reasons=_shown(proof.reasons),
    )


def _verdict(stated: Claim | Finding, found: StatementVerdict, asked: OfClaim) -> Verdict:
    return Verdict(
        capture=asked.capture,
        verdict=found.verdict,
        display_filter=visible_within(stated.display_filter, 4 * _TEXT),
        frame_count=len(stated.frames),
        frames=stated.frames[:_FRAMES],
        text=visible_within(phrases_of(asked.language).say(stated.message), _TEXT),
        reasons=_shown(found.reasons),
    )


def _shown(reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(visible_within(one, _TEXT) for one in reasons)


def _fitting(verdict: Verdict, budget: int) -> dict[str, Any]:
    """Return a verdict that fits the budget, with fewer frames where it must be.

    Raises:
        UsageError: it does not fit, even so.
    """
    require_budget(budget)
    while cost(verdict) > budget and verdict.frames:
        verdict = replace(verdict, frames=verdict.frames[: len(verdict.frames) // 2])
    if cost(verdict) > budget:
        raise too_small(budget, cost(verdict))
    found: dict[str, Any] = msgspec.to_builtins(verdict)
    return found
