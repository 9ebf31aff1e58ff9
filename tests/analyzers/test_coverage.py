"""Bytes that were seen and bytes that were not, by sequence numbers."""

from __future__ import annotations

from itertools import permutations

import pytest

from pcap_report.analyzers.coverage import Coverage


@pytest.mark.parametrize(
    ("segments", "fresh"),
    [
        ([(1, 10), (11, 10)], [10, 10]),
        ([(1, 10), (1, 10)], [10, 0]),
        ([(1, 10), (21, 10), (11, 10), (11, 10)], [10, 10, 10, 0]),
        ([(1, 10), (6, 10)], [10, 5]),
        ([(11, 10), (1, 10), (1, 25)], [10, 10, 5]),
        ([(1, 10), (31, 10), (16, 5), (11, 20)], [10, 10, 5, 15]),
        ([(4_294_967_290, 10), (4, 10)], [10, 10]),
    ],
    ids=["in order", "again", "a hole is filled", "overlap", "before the first", "a hole in parts", "round"],
)
def test_fresh_bytes(segments: list[tuple[int, int]], fresh: list[int]) -> None:
    coverage = Coverage()
    assert [coverage.take(seq, length) for seq, length in segments] == fresh


def test_every_order_counts_every_byte_once() -> None:
    segments = [(1, 10), (6, 10), (11, 10), (31, 10), (25, 3)]
    whole = len({at for seq, length in segments for at in range(seq, seq + length)})
    for order in permutations(segments):
        coverage = Coverage()
        assert sum(coverage.take(seq, length) for seq, length in order) == whole, order
