"""What analyzers from elsewhere return, examined before the report relies on it.

Whatever is wrong with it raises here, inside the analyzer's own attempt, and not where a report is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from pcap_report.model.evidence import Claim, Step
from pcap_report.render.phrases import plain_phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.message import Message


def plain_record(result: object) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Return a record as JSON holds it, so that it is the same in a new report and in a saved one.

    Raises:
        TypeError: JSON cannot hold it.
    """
    plain = msgspec.to_builtins(result, str_keys=True)
    msgspec.json.encode(plain)
    return plain


def examined_steps(steps: Iterable[object]) -> list[Step]:
    """Return steps that can be drawn.

    Raises:
        TypeError, KeyError, ValueError: one of them is none, or its label cannot be said.
    """
    found: list[Step] = []
    for step in steps:
        if not isinstance(step, Step) or not step.frames:
            raise TypeError(f"a step with frames was expected, not {step!r:.80}")
        _say(step.label)
        found.append(step)
    return found


def examined_claims(claims: Iterable[object], analyzer: str) -> list[Claim]:
    """Return claims that can be told.

    Raises:
        TypeError, KeyError, ValueError: one of them is none, or its message cannot be said.
    """
    found: list[Claim] = []
    for claim in claims:
        if not isinstance(claim, Claim):
            raise TypeError(f"a claim was expected, not {claim!r:.80}")
        if not claim.id.startswith(f"{analyzer}."):
            raise ValueError(f"the claim {claim.id} does not begin with {analyzer}.")
        _say([claim.message])
        found.append(claim)
    return found


def _say(messages: Sequence[Message]) -> None:
    phrases = plain_phrases("en")
    for message in messages:
        phrases.say(message)
