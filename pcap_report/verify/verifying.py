"""Put a whole report to the proof: its statements to tshark, and its facts beside those of a new analysis."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from pcap_report.capture.tshark import find_tshark
from pcap_report.capture.unlocked import key_log_options
from pcap_report.errors import NotACaptureError, UsageError
from pcap_report.verify.again import NO_LOGS, Logs, analyzed_again, without_names
from pcap_report.verify.asking import Doubt, doubts
from pcap_report.verify.comparison import ABSENT, count_leaves, differences, facts_of
from pcap_report.verify.records import Difference, Proof, Verdict, Verification
from pcap_report.verify.statements import Statement, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark
    from pcap_report.engine.options import Progress
    from pcap_report.model.report import Report

_GRAVEST: Final[tuple[Verdict, ...]] = ("refuted", "not_provable", "proved")
_PARTS: Final = {
    "text": "another text",
    "frames": "other frames",
    "display_filter": "another display filter",
    "values": "other values",
    "said": "another message",
}
_STATEMENT: Final = re.compile(r"(?:claims|findings)\[[^]]*\](.*)$")
_ANONYMIZED: Final = "the report has pseudonyms in the place of addresses, names and times"


def verify(
    report: Report,
    capture: Path,
    plugins: tuple[Path, ...] = (),
    progress: Progress | None = None,
    logs: Logs = NO_LOGS,
) -> Verification:
    """Prove a saved report again: two runs of tshark for most.

    Args:
        report: the saved report.
        capture: the capture that it was made of.
        plugins: Python files with the analyzers from elsewhere that it names.
        progress: called now and then while reading.
        logs: the key log and the application's log that it was made with.

    Raises:
        NotACaptureError: the file is no capture, or holds no packet.
        TsharkError: tshark is missing, too old, or does not run.
    """
    tshark = find_tshark()
    try:
        fresh = analyzed_again(report, capture, plugins, progress, logs)
    except (UsageError, NotACaptureError) as error:
        if isinstance(error, NotACaptureError) or not capture.is_file():
            raise
        doubt = Difference("not_provable", "", None, f"{error.message}. {error.hint or ''}".strip())
        return _verified(report, tshark, capture, None, (doubt,), logs)
    return _verified(report, tshark, capture, fresh, (), logs)


def verify_fresh(report: Report, capture: Path, logs: Logs = NO_LOGS) -> Verification:
    """Prove a report that was made this moment: its facts are fresh, and only tshark is asked."""
    return _verified(report, find_tshark(), capture, None, (), logs)


def prove_one(capture: Path, display_filter: str, frames: Sequence[int], keys: Path | None = None) -> Proof:
    """Ask tshark whether a display filter selects exactly these frames, with a key log where there is one.

    Raises:
        TsharkError: tshark is missing, too old, or does not run.
    """
    stated = Statement("own", tuple(sorted(set(frames))), display_filter)
    if keys is None:
        return _proof(stated, doubts(find_tshark(), capture, [stated])[0])
    with key_log_options(keys) as options:
        return _proof(stated, doubts(find_tshark(), capture, [stated], None, options)[0])


def judged(report: Report, fresh: Report) -> Verification:
    """Hold a report against a new analysis alone, without asking tshark about its statements."""
    stated = statements_of(report)
    return _summed(report, fresh, stated, [[] for _ in stated], ())


def _verified(  # noqa: PLR0913 - a proof has that many sides
    report: Report,
    tshark: Tshark,
    capture: Path,
    fresh: Report | None,
    failures: tuple[Difference, ...],
    logs: Logs,
) -> Verification:
    stated = statements_of(report)
    if report.capture.anonymized:
        said = [[Doubt("not_provable", _ANONYMIZED)] for _ in stated]
    else:
        said = _asked(tshark, capture, stated, _read_of(report), logs)
    return _summed(report, fresh, stated, said, failures)


def _read_of(report: Report) -> str | None:
    """Return a display filter for the frames that a report is about; None for all."""
    asked, stopped = report.capture.display_filter, report.capture.stopped
    if stopped is None:
        return asked
    before = f"frame.number <= {stopped.after_frame}"
    return f"({asked}) && {before}" if asked else before


def _asked(
    tshark: Tshark, capture: Path, stated: Sequence[Statement], within: str | None, logs: Logs
) -> list[list[Doubt]]:
    """Ask about what the packets show, and with the secrets about what they hide."""
    open_ones = [one for one in stated if not one.needs_keys]
    hidden = [one for one in stated if one.needs_keys]
    said = iter(doubts(tshark, capture, open_ones, within))
    with key_log_options(logs.keys) as options:
        revealed = iter(doubts(tshark, capture, hidden, within, options) if hidden else [])
    return [next(revealed) if one.needs_keys else next(said) for one in stated]


def _summed(
    report: Report,
    fresh: Report | None,
    stated: Sequence[Statement],
    said: list[list[Doubt]],
    failures: tuple[Difference, ...],
) -> Verification:
    differing, compared = failures, 0
    if fresh is not None:
        # where tshark stopped says nothing of what the report tells before it
        stopped = report.capture.stopped or fresh.capture.stopped
        same_makers = report.generator == fresh.generator and not stopped
        if not report.capture.anonymized:
            made_up = _made_up(stated, fresh, same_makers)
            said = [[*first, *second] for first, second in zip(said, made_up, strict=True)]
        compared, differing = _compared(report, fresh, same_makers)
    proofs = tuple(_proof(one, about) for one, about in zip(stated, said, strict=True))
    verdicts = Counter([one.verdict for one in proofs] + [one.verdict for one in differing])
    return Verification(
        next((one for one in _GRAVEST if verdicts[one]), "proved"),
        verdicts["proved"],
        verdicts["refuted"],
        verdicts["not_provable"],
        compared,
        proofs,
        differing,
        tuple(_notes(report, fresh)) if fresh else (),
    )


def _proof(one: Statement, about: Sequence[Doubt]) -> Proof:
    verdicts = {doubt.verdict for doubt in about}
    return Proof(
        next((verdict for verdict in _GRAVEST if verdict in verdicts), "proved"),
        one.kind,
        one.name,
        one.connection,
        one.text,
        one.frames,
        one.display_filter,
        tuple(doubt.reason for doubt in about),
    )


def _made_up(stated: Sequence[Statement], fresh: Report, same_makers: bool) -> Iterator[list[Doubt]]:
    """Doubt every statement that a new analysis does not make, or makes otherwise."""
    made = Counter(statements_of(fresh))
    by_name: dict[tuple[str, str, int | None], list[Statement]] = {}
    for one in made:
        by_name.setdefault((one.kind, one.name, one.connection), []).append(one)
    verdict: Verdict = "refuted" if same_makers else "not_provable"
    for one in stated:
        if made[one]:
            made[one] -= 1
            yield []
            continue
        others = by_name.get((one.kind, one.name, one.connection), [])
        yield [Doubt(verdict, _otherwise(one, others))]


def _otherwise(one: Statement, others: Sequence[Statement]) -> str:
    if len(others) != 1:
        return "a new analysis of the capture does not say so"
    other = others[0]
    parts = [name for name in _PARTS if getattr(one, name) != getattr(other, name)]
    if not parts:
        return "the report says it more than once"
    if "text" in parts:
        return f"a new analysis of the capture says: {other.text}"
    return f"a new analysis of the capture has {' and '.join(map(_PARTS.__getitem__, parts))}"


def _compared(report: Report, fresh: Report, same_makers: bool) -> tuple[int, tuple[Difference, ...]]:
    stated, found = facts_of(without_names(report)), facts_of(without_names(fresh))
    differing = list(differences(stated, found))
    if report.capture.anonymized and {path for path, _, _ in differing} != {"capture.anonymized"}:
        verdict: Verdict = "not_provable"
        return 0, (Difference(verdict, "", None, _ANONYMIZED),)
    verdict = "refuted" if same_makers else "not_provable"
    return count_leaves(stated), tuple(
        Difference(verdict, path, one, other)
        for path, one, other in differing
        if not _told_with_statement(path, one)
    )


def _told_with_statement(path: str, stated: object) -> bool:
    """Tell whether a difference is one of a statement, whose verdict says so already."""
    place = _STATEMENT.search(path)
    return place is not None and (bool(place[1]) or stated != ABSENT)


def _notes(report: Report, fresh: Report) -> Iterator[str]:
    if report.capture.sha256 != fresh.capture.sha256 and not report.capture.anonymized:
        yield (
            f"this is not the file that the report was made of: its SHA-256 is {fresh.capture.sha256},"
            f" and the report's is {report.capture.sha256}"
        )
    for whose, one in (("the report", report), ("the new analysis", fresh)):
        if one.capture.stopped:
            yield f"{whose} ends at frame {one.capture.stopped.after_frame}: {one.capture.stopped.note}"
    if report.capture.file != fresh.capture.file:
        yield f"the report calls the capture {report.capture.file}; this is {fresh.capture.file}"
    if report.judging:
        yield (
            "what was changed, accepted or known about rules is taken as the report states it:"
            " no capture can tell what its author wanted"
        )
    ours, theirs = fresh.generator, report.generator
    if ours != theirs:
        yield (
            f"the report is of {theirs.name} {theirs.version} with tshark {theirs.tshark_version};"
            f" this is {ours.name} {ours.version} with tshark {ours.tshark_version}"
        )
