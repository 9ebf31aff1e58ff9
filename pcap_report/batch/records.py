"""What a batch keeps: a summary beside each report, and the index."""

from __future__ import annotations

from msgspec import Struct

from pcap_report.model.evidence import Severity


class Recipe(Struct, frozen=True):
    """How a report was made; another recipe makes another report, and the capture is read again."""

    version: str
    """Of pcap-report."""
    tshark_version: str
    format: str
    """What ``-f`` calls it."""
    language: str
    profile: str
    options: str = ""
    """Fingerprint of all other options, and of the files that they name."""


class WorstFinding(Struct, frozen=True):
    """A finding as the index shows it."""

    id: str
    severity: Severity
    summary: str
    connection: int | None
    frames: tuple[int, ...]
    """The first ten."""


class FindingCounts(Struct, frozen=True):
    """Findings of a report by their severity."""

    high: int = 0
    medium: int = 0
    low: int = 0
    info: int = 0


class Summary(Struct, frozen=True):
    """What the index says of a report. It is written last: where it stands, the report is whole."""

    sha256: str
    """Of the capture; with ``--anonymize`` a hash of it that is made with the key of the pseudonyms."""
    recipe: Recipe
    report: str
    """File name of the report, in the folder ``reports``."""
    json_report: str
    """File name of the same report as JSON."""
    file: str
    bytes: int
    packets: int
    first_packet_at: str | None
    duration_s: float | None
    truncated: bool
    connections: int
    findings: FindingCounts
    worst: tuple[WorstFinding, ...]
    """The gravest, at most five."""
    failed_analyzers: tuple[str, ...]


class Entry(Struct, frozen=True):
    """A capture that has a report."""

    path: str
    """As it was found below what the command line names, its URL, or its pseudonym."""
    summary: Summary


class Failure(Struct, frozen=True):
    """A capture that has none."""

    path: str
    message: str
    exit_code: int
    """What ``pcap-report analyze`` ends with for it."""


class Index(Struct, frozen=True):
    """``index.json``."""

    schema_version: int
    generator: str
    captures: tuple[Entry, ...]
    """The worst first."""
    failures: tuple[Failure, ...]
    tables: tuple[str, ...]
    """Parquet files, relative to the index; none without ``pcap-report[tables]``."""
