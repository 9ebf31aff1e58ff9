"""What a run is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pcap_report.engine.telling import TOLD

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.judging import Judging

Progress = Callable[[int], None]
"""Told now and then how many packets have been read."""


@dataclass(frozen=True)
class Options:
    """Options of an analysis.

    Attributes:
        display_filter: read only packets that match this Wireshark display filter.
        connections: report only connections with these numbers; empty for all.
        server: report only connections whose server has this address or name (or a name below it).
        analyzers: ids of the analyzers to run; None for all.
        plugins: Python files with more analyzers.
        language: language of the texts in the report.
        progress: called now and then while reading.
        keylog: a key log (NSS format) to look inside encrypted connections with.
        rpc_log: an application log whose messages are matched to encrypted bursts.
        show_bodies: put the text of bodies into the report, credentials masked.
        show_secrets: do not mask credentials.
        judging: what the user wants changed about the rules.
        told: how many connections are told in full, the most telling ones.
        workers: processes that read a large capture; None for as many as there are processors.
        shards: into how many parts the capture is cut; None to choose by its size.
    """

    display_filter: str | None = None
    connections: tuple[int, ...] = ()
    server: str | None = None
    analyzers: tuple[str, ...] | None = None
    plugins: tuple[Path, ...] = ()
    language: str = "en"
    progress: Progress | None = None
    keylog: Path | None = None
    rpc_log: Path | None = None
    show_bodies: bool = False
    show_secrets: bool = False
    judging: Judging | None = None
    told: int = TOLD
    workers: int | None = None
    shards: int | None = None
