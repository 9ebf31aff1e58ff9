"""A connection that another process read, as the report is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy_extensions import mypyc_attr

from pcap_report.flow.course import EndedCourse
from pcap_report.flow.table import TRACKED, TrackedFlow
from pcap_report.model.flow import COUNTED
from pcap_report.model.series import bare_performance
from pcap_report.model.tcp_performance import TcpPerformance

if TYPE_CHECKING:
    from pcap_report.engine.sharding.part import Stored, Tellers


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class StoredFlow(TrackedFlow):
    """A connection that was read and finished in another process.

    Attributes:
        results: what its analyzers found, by their ids in their order, without the curves of charts.
        randoms: of its TLS hellos, with their frames; None where TLS was not asked about.
        stored: where its analyzers are.
    """

    __slots__ = ("randoms", "results", "stored")

    def __init__(self, flow: TrackedFlow, tellers: Tellers, randoms: tuple[str, ...] | None) -> None:
        for name in (*COUNTED, *TRACKED):
            setattr(self, name, getattr(flow, name))
        self.history = EndedCourse(flow.history)
        self.waiting, self.analyzers, self.facts, self.times = [], [], {}, {}
        self.early = None
        self.results = {analyzer.id: _without_curves(result) for analyzer, result in tellers}
        self.randoms = randoms
        self.stored: Stored | None = None


def _without_curves(result: object) -> object:
    return bare_performance(result) if isinstance(result, TcpPerformance) else result
