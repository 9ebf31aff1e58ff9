"""Spoiled captures through the whole program, a bounded number; `make fuzz-captures` asks thousands."""

from __future__ import annotations

import contextlib
import gzip
import subprocess
from typing import TYPE_CHECKING

import pytest

from pcap_report.capture.file_facts import file_facts
from pcap_report.capture.magic import capture_format
from pcap_report.errors import NotACaptureError
from tests.dialogue.files import Pcapng, frames, pcap
from tests.fuzz.captures import mutant, mutant_of_several, tried, tried_for_real, tried_in_shards
from tests.fuzz.mutations import WAYS, mutated, parts_of
from tests.fuzz.target import FOUND
from tests.fuzz.trial import ROOT, Trial, analyzed, counted

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = sorted((ROOT / "samples").glob("*.pcapng"))

pytestmark = pytest.mark.filterwarnings("default::ResourceWarning")


def counter_is_there() -> bool:
    try:
        subprocess.run(["capinfos", "--version"], capture_output=True, check=True)
    except OSError:
        return False
    return True


needs_capinfos = pytest.mark.skipif(
    not counter_is_there(), reason="capinfos, which comes with tshark, counts"
)


@needs_capinfos
@pytest.mark.parametrize("number", range(24))
def test_spoiled_samples(number: int, tmp_path: Path) -> None:
    name, data, dice = mutant(SAMPLES, 2026, number)
    assert tried(data, dice, tmp_path).faults == [], name


@needs_capinfos
@pytest.mark.parametrize("path", sorted((FOUND / "captures").glob("*")), ids=lambda path: path.name)
def test_what_was_found_once(path: Path, tmp_path: Path) -> None:
    _, _, dice = mutant(SAMPLES, 1, 1)
    assert tried(path.read_bytes(), dice, tmp_path, thorough=True).faults == []


def test_the_installed_program_ends_with_the_codes_of_the_contract(tmp_path: Path) -> None:
    _, data, _ = mutant(SAMPLES, 2027, 3)
    assert tried_for_real(data, tmp_path).faults == []


@needs_capinfos
@pytest.mark.parametrize("kind", ["pcap", "pcapng", "gzip"])
def test_a_small_capture_cut_anywhere_never_counts_as_complete(kind: str, tmp_path: Path) -> None:
    file = Pcapng().section().interface()
    for packet in frames(2):
        file.packet(packet)
    whole = {"pcap": pcap(frames(2)), "pcapng": bytes(file), "gzip": gzip.compress(pcap(frames(2)), mtime=0)}[
        kind
    ]
    for length in range(30, len(whole), len(whole) // 6):
        trial = Trial(tmp_path / "cut")
        trial.capture.write_bytes(whole[:length])
        report = analyzed(trial, tmp_path)
        assert trial.faults == [], length
        if report is not None and counted(trial.capture).cut:
            assert report["capture"]["truncated"], length


@pytest.mark.parametrize("kind", ["pcap", "pcapng", "gzip"])
def test_a_file_is_cut_off_wherever_it_does_not_end_between_records(kind: str, tmp_path: Path) -> None:
    """At every byte, asked of the file's own bytes: gzip says itself where it ends."""
    file = Pcapng().section().interface()
    for packet in frames(3):
        file.packet(packet)
    plain = bytes(file) if kind == "pcapng" else pcap(frames(3))
    whole = gzip.compress(plain, mtime=0) if kind == "gzip" else plain
    parts = parts_of(plain)
    ends = {len(parts.head) + sum(map(len, parts.records[:count])) for count in range(len(parts.records) + 1)}
    path = tmp_path / "cut"
    for length in range(1, len(whole) + 1):
        path.write_bytes(whole[:length])
        with contextlib.suppress(NotACaptureError):
            between = length == len(whole) if kind == "gzip" else length in ends
            assert file_facts(path, capture_format(path)).cut is not between, length


def test_a_file_in_parts_is_the_file() -> None:
    for path in SAMPLES:
        data = path.read_bytes()
        assert parts_of(data).data == data
        assert parts_of(data[:-3]).data == data[:-3]
    assert parts_of(pcap(frames(3))).data == pcap(frames(3))


def test_every_way_spoils(tmp_path: Path) -> None:
    _, _, dice = mutant(SAMPLES, 1, 1)
    data = SAMPLES[0].read_bytes()
    for way in WAYS:
        assert any(way(data, dice) != data for _ in range(30)) or way.__name__ in {"snapped"}, way.__name__
    assert mutated(data, dice)[1] != data


@pytest.mark.parametrize("seed", [2029, 2031])
def test_spoiled_samples_in_shards(seed: int, tmp_path: Path) -> None:
    """Several samples in one file are really cut, and the report is the same."""
    name, data, dice = mutant_of_several(SAMPLES, seed, 0)
    trial = tried_in_shards(data, dice, tmp_path)
    assert trial.faults == [], name
    assert trial.shards > 1, name
