"""Agreement with every oracle does not fall; needs the shared captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.agreement.__main__ import KNOWN, LEVELS
from tests.agreement.comparison import Comparison, Outcome, text_of
from tests.agreement.known import KnownDifference, explain, read_known
from tests.agreement.levels import falls, read_levels, write_levels
from tests.agreement.names import tls_version
from tests.agreement.run import outcomes_of
from tests.agreement.table import Line, lines_of, written_differences

if TYPE_CHECKING:
    from pathlib import Path


def _outcome(**changes: str) -> Outcome:
    values = {"capture": "a.pcap", "field": "SNI", "where": "stream 0", "ours": "a", "theirs": "b", **changes}
    return Outcome(oracle="zeek ssl.log", verdict="differ", **values)


def _known(**changes: str) -> KnownDifference:
    values = {"capture": "a.pcap", "field": "SNI", "ours": "*", "theirs": "b", **changes}
    return KnownDifference(
        oracle="zeek ssl.log", reason="as frame 1 shows", proof="frame.number == 1", **values
    )


def test_agreement_does_not_fall(captures_dir: Path) -> None:
    outcomes, stale = explain(outcomes_of(captures_dir), read_known(KNOWN))
    fallen = falls(lines_of(outcomes), read_levels(LEVELS))
    assert not fallen, "\n".join((*fallen, *written_differences(outcomes)))
    assert not stale, [(entry.capture, entry.field, entry.reason) for entry in stale]


def test_every_known_difference_says_why_and_shows_the_frames() -> None:
    for entry in read_known(KNOWN):
        assert entry.reason
        assert entry.proof
        assert entry.oracle != "*", "an entry speaks of one oracle"


@pytest.mark.parametrize("entry", [_known(), _known(capture="*"), _known(ours="a", where="stream *")])
def test_a_known_difference_is_explained(entry: KnownDifference) -> None:
    outcomes, stale = explain([_outcome()], [entry])
    assert [one.verdict for one in outcomes] == ["explained"]
    assert not stale


def test_a_difference_with_another_value_is_not_explained() -> None:
    outcomes, stale = explain([_outcome(theirs="c")], [_known()])
    assert [one.verdict for one in outcomes] == ["differ"]
    assert stale == [_known()], "the entry explains nothing any more"


def test_an_entry_for_a_capture_that_is_not_there_is_not_stale() -> None:
    _, stale = explain([_outcome(capture="other.pcap")], [_known()])
    assert not stale


def test_brackets_and_question_marks_stand_for_themselves() -> None:
    entry = _known(where="[::1]:80?")
    assert entry.explains(_outcome(where="[::1]:80?"))
    assert not entry.explains(_outcome(where="::80x"))


def test_explained_differences_do_not_count_against_us_and_uncovered_values_stand_apart() -> None:
    comparison = Comparison("a.pcap", "zeek ssl.log")
    comparison.check("SNI", "stream 0", "a", "a")
    comparison.check("SNI", "stream 1", "a", "b")
    comparison.lacking("SNI", "stream 2", "c")
    outcomes, _ = explain(comparison.outcomes, [_known()])
    assert lines_of(outcomes) == [Line("zeek ssl.log", "SNI", agreed=1, differ=0, explained=1, not_covered=1)]


def test_a_lower_share_is_a_fall_and_a_higher_one_is_not(tmp_path: Path) -> None:
    path = tmp_path / "levels.tsv"
    write_levels(path, [Line("zeek ssl.log", "SNI", 9, 1, 0, 0)])
    levels = read_levels(path)
    assert falls([Line("zeek ssl.log", "SNI", 8, 2, 0, 0)], levels)
    assert not falls([Line("zeek ssl.log", "SNI", 10, 0, 0, 0)], levels)
    assert not falls([Line("zeek ssl.log", "SNI", 0, 0, 0, 7)], levels), "nothing to compare is no fall"


def test_nothing_reads_the_same_in_all_its_forms() -> None:
    nothing: tuple[object, ...] = (None, "", [], ())
    assert {text_of(value) for value in nothing} == {"-"}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("TLSv12", "TLS 1.2"),
        ("TLSv1.3", "TLS 1.3"),
        ("TLSv1", "TLS 1.0"),
        ("SSLv3", "SSL 3.0"),
        ("DTLSv10", "DTLS 1.0"),
        ("TLSv13-draft19", "TLS 1.3 (draft 19)"),
        ("TLSv1.3-draft-18", "TLS 1.3 (draft 18)"),
        ("TLS 1.3 draft-28", "TLS 1.3 (draft 28)"),
    ],
)
def test_versions_in_the_words_of_oracles(theirs: str, ours: str) -> None:
    assert tls_version(theirs) == ours
