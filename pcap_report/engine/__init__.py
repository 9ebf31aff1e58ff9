"""From a capture to a Report: read, follow the connections, run the analyzers, put it all together."""

from pcap_report.engine.analysis import analyze
from pcap_report.engine.options import Options

__all__ = ["Options", "analyze"]
