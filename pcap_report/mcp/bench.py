"""What the tools of a server share: the folders, the analyses, the captures."""

from __future__ import annotations

from dataclasses import dataclass

from pcap_report.mcp.analyses import Analyses
from pcap_report.mcp.recordings import Recordings
from pcap_report.mcp.roots import Roots


@dataclass(frozen=True)
class Bench:
    """What the tools of a server share."""

    roots: Roots
    analyses: Analyses
    recordings: Recordings

    @classmethod
    def of(cls, roots: Roots, *, allow_capture: bool) -> Bench:
        """Set up a bench over some folders."""
        return cls(roots, Analyses(roots), Recordings(roots, allowed=allow_capture))

    def close(self) -> None:
        """End every analysis and every capture that goes on."""
        self.recordings.close()
        self.analyses.close()
