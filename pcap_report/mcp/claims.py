"""Is a statement true? tshark is asked again, about all statements of a report at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.errors import CouldNotTellError, UsageError
from pcap_report.mcp.answers import Verdict
from pcap_report.render.visible import visible_within

if TYPE_CHECKING:
    from pcap_report.mcp.analyses import Analysis
    from pcap_report.mcp.arguments import OfClaim
    from pcap_report.verify.records import Proof

_FRAMES: Final = 100
_TEXT: Final = 500
_OWN: Final = "own"
_OWN_KEPT: Final = 200


def judged(analysis: Analysis, asked: OfClaim, name: str) -> Verdict:
    """Return what tshark says of a statement of the report, or of the caller's own; it takes a moment once.

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
        return _verdict(_own(analysis, asked.display_filter, asked.frames), name)
    if analysis.saved:
        raise CouldNotTellError(
            f"{name} is a saved report, and only its capture can prove it", "Name the capture instead."
        )
    for one in _proofs(analysis, asked.language):
        if one.id == asked.claim and asked.connection in (None, one.connection):
            return _verdict(one, name)
    raise UsageError(
        f"There is no statement {visible_within(asked.claim or '', 100)} here",
        "analyze_capture and get_connection list statements with their ids and connections.",
    )


def _proofs(analysis: Analysis, language: str) -> tuple[Proof, ...]:
    """Prove every statement of the report, once."""
    from pcap_report.verify import verify_fresh

    made: tuple[Proof, ...] = analysis.once(
        f"proofs {language}",
        lambda: verify_fresh(analysis.spoken(language), analysis.path).statements,
    )
    return made


def _own(analysis: Analysis, display_filter: str, frames: tuple[int, ...]) -> Proof:
    """Ask tshark about a filter of the caller's."""
    from pcap_report.verify import prove_one

    if analysis.saved:
        raise CouldNotTellError("A saved report cannot be asked new questions", "Name the capture instead.")
    if not frames:
        raise UsageError("A filter alone states nothing", "Name the frames that it should select.")
    kept: dict[tuple[str, tuple[int, ...]], Proof] = analysis.once("own claims", dict)
    key = (display_filter, frames)
    if key not in kept:
        if len(kept) >= _OWN_KEPT:
            kept.clear()
        kept[key] = prove_one(analysis.path, display_filter, frames)
    return kept[key]


def _verdict(proof: Proof, name: str) -> Verdict:
    return Verdict(
        capture=name,
        verdict=proof.verdict,
        display_filter=visible_within(proof.display_filter, 4 * _TEXT),
        frames=proof.frames[:_FRAMES],
        text=visible_within(proof.text, _TEXT) or None,
        reasons=tuple(visible_within(one, _TEXT) for one in proof.reasons),
    )
