"""What differs between tsharks is found; fetched ones give a sample's facts, or are refused as too old."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.capture.tshark import PROGRAM_VARIABLE, find_tshark
from tests.tsharks.__main__ import KNOWN
from tests.tsharks.comparison import MISSING, Difference, differences
from tests.tsharks.facts import Asked, facts_with
from tests.tsharks.known import KnownDifference, read_known, unexplained
from tests.tsharks.releases import ROOT, SUPPORTED, TOO_OLD, program_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAMPLE: Final = ROOT / "samples" / "http-dns.pcapng"
_ONE: Final = Difference("dns/a.pcap", "connections[3].tcp_phenomena.out_of_order.count", "0", "1")


def _fetched(release: str) -> Path:
    program = program_of(release)
    if not program.is_file():
        pytest.skip(f"{release}'s tshark is not here: tools/fetch-tshark {release}")
    return program


def test_records_are_compared_by_their_names() -> None:
    reference: Mapping[str, object] = {"connections": [{"id": 0, "packets": 4}, {"id": 1, "packets": 2}]}
    found: Mapping[str, object] = {"connections": [{"id": 1, "packets": 2}]}
    assert differences("a", reference, found) == [
        Difference("a", "connections[0].id", "0", MISSING),
        Difference("a", "connections[0].packets", "4", MISSING),
    ]


def test_what_is_told_of_the_facts_is_not_compared_again() -> None:
    assert differences("a", {"findings": [1], "told": [0]}, {"findings": [], "told": []}) == []


def test_an_entry_explains_its_release_capture_and_path_only() -> None:
    entry = KnownDifference(("jammy",), "dns/*", "connections[[]].tcp_phenomena.*", "because")
    assert unexplained("jammy", [_ONE], [entry]) == [_ONE], "brackets stand for themselves"
    entry = KnownDifference(("jammy",), "dns/*", "connections[].tcp_phenomena.*", "because")
    assert unexplained("jammy", [_ONE], [entry]) == []
    assert unexplained("sid", [_ONE], [entry]) == [_ONE]
    assert unexplained("jammy", [_ONE._replace(question="http/b.pcap")], [entry])
    assert unexplained("jammy", [_ONE._replace(path="connections[3].packets")], [entry])


def test_every_entry_speaks_of_releases_that_are_tried() -> None:
    known = read_known(KNOWN)
    assert known
    assert {release for entry in known for release in entry.releases} <= set(SUPPORTED)
    assert all(entry.reason for entry in known)


@pytest.mark.parametrize("release", SUPPORTED)
def test_a_fetched_tshark_gives_the_facts_of_a_sample(release: str) -> None:
    program, asked = _fetched(release), Asked(_SAMPLE)
    ((_, expected),) = facts_with(Path(find_tshark().path), [asked])
    ((_, facts),) = facts_with(program, [asked])
    assert unexplained(release, differences(asked.name, expected, facts), read_known(KNOWN)) == []


def test_a_tshark_of_the_release_before_is_too_old() -> None:
    environment = {**os.environ, PROGRAM_VARIABLE: str(_fetched(TOO_OLD))}
    done = subprocess.run(
        [sys.executable, "-m", "pcap_report", "analyze", str(_SAMPLE)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert "is too old: 3.6 or newer is needed" in done.stderr
