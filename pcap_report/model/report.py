"""The whole report: what ``-f json`` prints and every renderer reads."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from pcap_report.model.anatomy import FrameAnatomy
from pcap_report.model.around import DnsLookup, HttpExchange
from pcap_report.model.capture import CaptureInfo, Generator
from pcap_report.model.connection import Connection, ConnectionGroup
from pcap_report.model.credentials import Credential
from pcap_report.model.dhcp import DhcpExchange
from pcap_report.model.evidence import Attempt, Claim, Finding, NotVisible
from pcap_report.model.icmp import IcmpError
from pcap_report.model.inside import Decryption
from pcap_report.model.judging import Judging
from pcap_report.model.neighbours import Neighbours
from pcap_report.model.rpc import RpcLog
from pcap_report.model.ssh import SshSession
from pcap_report.model.traffic import Traffic


class Report(Struct, frozen=True):
    """Everything that is known about a capture. A saved one renders without its capture."""

    schema_version: int
    generator: Generator
    capture: CaptureInfo
    connections: tuple[Connection, ...]
    groups: tuple[ConnectionGroup, ...]
    dns: tuple[DnsLookup, ...]
    http: tuple[HttpExchange, ...]
    anatomy: tuple[FrameAnatomy, ...]
    """The frames that a reader wants to see in full, layer by layer."""
    claims: tuple[Claim, ...]
    """Statements about the capture as a whole, and about what is around its connections."""
    findings: tuple[Finding, ...]
    not_visible: tuple[NotVisible, ...]
    attempts: tuple[Attempt, ...]
    told: tuple[int, ...] = ()
    """Places in ``connections`` of those that have steps and claims, the most telling first."""
    connections_omitted: int = 0
    """Connections that a selection left out."""
    icmp_errors: tuple[IcmpError, ...] = ()
    neighbours: Neighbours | None = None
    """None where nobody asked for a neighbour in the capture."""
    dhcp: tuple[DhcpExchange, ...] = ()
    ssh: tuple[SshSession, ...] = ()
    credentials: tuple[Credential, ...] = ()
    decryption: Decryption | None = None
    """None where no secrets were given and the capture holds none."""
    rpc_log: RpcLog | None = None
    """None without ``--rpc-log``."""
    """Log-ins in the clear; a secret itself is never in the report."""
    traffic: Traffic | None = None
    """Tables of conversations and endpoints."""
    records_omitted: dict[str, int] = {}
    """Records that are not listed, by the id of the analyzer that found them."""
    judging: Judging | None = None
    """What the user changed about the rules; None where nothing was."""
    extensions: dict[str, Any] = {}
    """Results of capture analyzers from elsewhere, by id; Any because their records are not ours."""
