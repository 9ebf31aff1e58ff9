"""Zeek's dns.log: questions, answers, times."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from tests.agreement.oracles.zeek_logs import Row, items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.around import DnsLookup
    from tests.agreement.comparison import Comparison
    from tests.agreement.report_index import ReportIndex

_TYPES: Final = {"*": "ANY"}


def compare(comparison: Comparison, index: ReportIndex, rows: list[Row], source: str) -> None:
    """Compare the rows with our look-ups; rows of the same question find theirs by the time of the answer."""
    by_question: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        kind = row.get("qtype_name", "")
        question = (
            row.get("id.orig_h", ""),
            row.get("id.resp_h", ""),
            row.get("query", ""),
            _TYPES.get(kind, kind),
        )
        by_question[question].append(row)
    for question, theirs in by_question.items():
        where = f"{source} {question[2]} {question[3]}"
        ours = _asked_once_each(index.lookups(*question))
        comparison.check("queries", where, len(ours), len(theirs))
        for place, (lookup, row) in enumerate(_pairs(ours, theirs), start=1):
            if row.get("rtt") or not lookup.retries:
                _compare_answer(comparison, lookup, row, f"{where} #{place}")


def _asked_once_each(lookups: list[DnsLookup]) -> list[DnsLookup]:
    """Zeek writes a row for every repetition of a question."""
    return [one for one in lookups for _ in range(1 + len(one.retries))]


def _pairs(lookups: list[DnsLookup], rows: list[Row]) -> Iterator[tuple[DnsLookup, Row]]:
    """Zeek writes a question without an answer when the connection ends, so the order is no help."""
    free = list(lookups)
    for row in rows:
        same = [one for one in free if _seconds(one) == _rtt(row)]
        chosen = next(iter(same or free), None)
        if chosen is not None:
            free.remove(chosen)
            yield chosen, row


def _seconds(lookup: DnsLookup) -> float | None:
    return None if lookup.rtt_ms is None else round(lookup.rtt_ms / 1000, 6)


def _rtt(row: Row) -> float | None:
    return round(float(row["rtt"]), 6) if "rtt" in row else None


def _compare_answer(comparison: Comparison, ours: DnsLookup, row: Row, where: str) -> None:
    comparison.check("rcode", where, ours.rcode, row.get("rcode_name"))
    theirs = [_plain(one) for one in items(row, "answers")]
    comparison.check("answers", where, [_plain(one) for one in ours.answers], theirs)
    if "rtt" in row or items(row, "answers"):
        comparison.check("rtt", where, _seconds(ours), _rtt(row))
    else:  # Zeek measures the time to the first record of an answer: an empty answer has none
        comparison.lacking("rtt of an empty answer", where, _seconds(ours))
    if "proto" in row:
        comparison.check("proto", where, ours.transport, row["proto"])


def _plain(answer: str) -> str:
    """Zeek writes names in lower case, and the length of a text before it: ``TXT 5 hello``."""
    parts = answer.split(" ", 2)
    return parts[2] if parts[0] == "TXT" and len(parts) == 3 else answer.lower()
