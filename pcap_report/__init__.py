"""From a packet capture to a report in which every sentence is proved.

The library in two lines::

    import pcap_report
    report = pcap_report.analyze("capture.pcap")

Importing the package costs nothing: what it offers is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from pcap_report import compiled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from pcap_report.engine import Options
    from pcap_report.errors import PcapReportError
    from pcap_report.model.anatomy import FrameAnatomy
    from pcap_report.model.report import Report

__version__ = "0.1.0"
__all__ = ["FrameAnatomy", "Options", "PcapReportError", "Report", "__version__", "analyze", "dissect"]

compiled.choose()

_HOMES = {
    "FrameAnatomy": "pcap_report.model.anatomy",
    "Options": "pcap_report.engine",
    "PcapReportError": "pcap_report.errors",
    "Report": "pcap_report.model.report",
}


def analyze(path: str | PathLike[str], options: Options | None = None) -> Report:
    """Read a capture and return what is known about it.

    Args:
        path: the capture file.
        options: what is asked for; see :class:`pcap_report.Options`.

    Raises:
        PcapReportError: it is no capture, tshark cannot be used, or an option makes no sense.
    """
    from pathlib import Path

    from pcap_report import engine

    return engine.analyze(Path(path), options)


def dissect(path: str | PathLike[str], frames: Iterable[int]) -> list[FrameAnatomy]:
    """Take a few frames of a capture apart completely, every layer and field.

    Args:
        path: the capture file.
        frames: frame numbers, as Wireshark shows them.

    Raises:
        PcapReportError: it is no capture, it has no such frame, or tshark cannot be used.
    """
    from pathlib import Path

    from pcap_report.capture import dissect as capture_dissect

    return capture_dissect.dissect(Path(path), frames)


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
