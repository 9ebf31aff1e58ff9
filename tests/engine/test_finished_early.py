"""A connection that is finished while packets still come is told as one that is finished after the last."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.analyzers.registry import BUILT_IN
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.connections import finish_early, finished
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.reading import Reading
from pcap_report.errors import PcapReportError
from tests.bench.generate import generate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

ROOT: Final = Path(__file__).parents[2]
SHARED: Final = ROOT.parent / "shared" / "captures"
Found = dict[int, dict[str, object]]


def captures() -> list[Path]:
    """The samples, and some of the shared captures that have TCP in them."""
    shared = [path for folder in ("tcp", "http", "tls") for path in sorted((SHARED / folder).glob("*.*cap*"))]
    small = [path for path in shared if path.stat().st_size < 200_000]
    return [*sorted((ROOT / "samples").glob("*.pcapng")), *small[::5]]


def read(capture: Path, *, eagerly: bool, lingers: int = 0) -> Reading:
    reading = Reading(BUILT_IN, Attempts(BUILT_IN, BUILT_IN), None)
    reading.lingers = lingers

    def packets() -> Iterator[Packet]:
        for packet in CaptureReader(find_tshark(), capture, declared_fields(BUILT_IN)):
            yield packet
            while eagerly and reading.finish_one():
                pass

    reading.read(packets())
    return reading


def found(reading: Reading) -> Found:
    attempts = Attempts(BUILT_IN, BUILT_IN)
    flows = reading.table.flows.items()
    told = {number: {one.id: what for one, what in finished(flow, attempts)} for number, flow in flows}
    assert attempts.messages == {}
    return told


@pytest.mark.parametrize("capture", captures(), ids=lambda path: path.stem)
def test_finishing_early_changes_nothing(capture: Path) -> None:
    try:
        late = found(read(capture, eagerly=False))
    except PcapReportError:
        pytest.skip("it cannot be read")
    eager = read(capture, eagerly=True)
    assert found(eager) == late
    for flow in eager.table.flows.values():
        flow.early = None
    assert found(eager) == late, "who was asked once answers otherwise the second time"


def test_most_connections_are_finished_early_and_again_when_more_comes(tmp_path: Path) -> None:
    reading = read(generate(tmp_path / "many.pcap", 3000), eagerly=True, lingers=20)
    flows = reading.table.flows.values()
    over = [flow for flow in flows if flow.early is not None and flow.early[0] == flow.packets]
    assert len(over) > 0.7 * len(flows)
    one = over[0]
    one.early = (one.packets - 1, [])
    assert finished(one, Attempts(BUILT_IN, BUILT_IN)) != []
    before = dict(one.facts)
    finish_early(one)
    assert one.facts == before
