"""Display filters for the analyzers; written in :mod:`pcap_report.model.filters`."""

from pcap_report.model.filters import at_frame, frame_filter, frame_runs, in_flow, in_stream

__all__ = ["at_frame", "frame_filter", "frame_runs", "in_flow", "in_stream"]
