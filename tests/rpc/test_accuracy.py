"""How often inferred matches are right: over the samples, where keys tell, and over generated sessions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from pcap_report.analyzers.rpc.matching import align
from pcap_report.engine import Options, analyze
from tests.rpc.generated import Generator, Habit

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"
_SEEDS: Final = range(20)
_RIGHT: Final = 0.95

HABITS: Final = {
    "quiet": Habit(),
    "jitter of 50 ms": Habit(jitter_s=0.05),
    "jitter of 200 ms": Habit(jitter_s=0.2, pause_s=1.5),
    "six hours behind": Habit(offset_s=-21_600, jitter_s=0.02),
    "five and three quarter hours ahead": Habit(offset_s=20_700, jitter_s=0.02),
    "a clock 37.4 s ahead": Habit(offset_s=37.4, jitter_s=0.02),
    "keep-alive, then the next connection": Habit(connections=4, reuse=3, jitter_s=0.02),
    "a connection for every call": Habit(connections=30, reuse=1, jitter_s=0.02),
    "three connections side by side": Habit(connections=3, parallel=True, jitter_s=0.02),
    "batches": Habit(batching=0.4, jitter_s=0.02),
    "lost bursts": Habit(lost=0.1, jitter_s=0.02),
    "other traffic between": Habit(foreign=0.2, jitter_s=0.02),
    "compressed answers": Habit(packed=True, jitter_s=0.02),
    "the log of the server": Habit(server=True, jitter_s=0.02),
    "everything at once": Habit(
        connections=3,
        parallel=True,
        jitter_s=0.04,
        offset_s=28_800,
        batching=0.2,
        lost=0.05,
        foreign=0.1,
        packed=True,
    ),
}


class Tally(NamedTuple):
    """Matches of some sessions, held against the truth."""

    right: int
    wrong: int
    missed: int

    @property
    def share(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def found(self) -> float:
        return self.right / (self.right + self.missed)


def tally(habit: Habit, calls: int = 18) -> Tally:
    right = wrong = missed = 0
    for seed in _SEEDS:
        session = Generator(seed, habit).session(calls)
        found = align(session.log, session.slots)
        assert found is not None
        assigned = {
            session.log[one.message].line: (session.slots[one.slot].connection, session.slots[one.slot].burst)
            for one in found.matches
        }
        right += sum(session.truth.get(line) == where for line, where in assigned.items())
        wrong += sum(session.truth.get(line) != where for line, where in assigned.items())
        missed += sum(line not in assigned for line in session.truth)
    return Tally(right, wrong, missed)


@pytest.mark.parametrize("name", HABITS)
def test_generated_sessions(name: str, record_property: Callable[[str, object], None]) -> None:
    found = tally(HABITS[name])
    record_property("accuracy", f"{100 * found.share:.2f} %")
    record_property("found", f"{100 * found.found:.2f} %")
    assert found.share >= _RIGHT, found
    assert found.found >= 0.9, found


def test_a_log_of_another_session_is_refused_or_doubted() -> None:
    certain = refused = 0
    for seed in _SEEDS:
        log = Generator(seed, Habit(jitter_s=0.02)).session(12).log
        slots = Generator(seed + 500, Habit(jitter_s=0.02)).session(12).slots
        found = align(log, slots)
        assert found is not None
        refused += not found.matches
        certain += bool(found.matches) and found.clock_is_sure
    assert certain == 0
    assert refused >= 0.9 * len(_SEEDS)


@pytest.mark.parametrize("offset_s", [0.0, -21_600.0, 37.4])
def test_the_clocks_offset_is_found(offset_s: float) -> None:
    for seed in _SEEDS:
        session = Generator(seed, replace(Habit(jitter_s=0.02), offset_s=offset_s)).session(12)
        found = align(session.log, session.slots)
        assert found is not None
        assert found.habits.offset_s == pytest.approx(offset_s, abs=0.1)


@pytest.mark.parametrize("name", ["mcp-tls13", "lossy-three-connections"])
def test_the_samples(name: str) -> None:
    report = analyze(
        SAMPLES / f"{name}.pcapng",
        Options(keylog=SAMPLES / f"{name}.keys", rpc_log=SAMPLES / f"{name}.rpc.jsonl"),
    )
    assert report.rpc_log is not None
    assert report.rpc_log.check is not None
    assert report.rpc_log.check.wrong == 0
    assert report.rpc_log.check.right == report.rpc_log.matched >= report.rpc_log.messages - 1
