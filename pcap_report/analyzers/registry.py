"""The analyzers that come with pcap-report, in output order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pcap_report.analyzers.app_data import AppDataAnalyzer
from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer
from pcap_report.analyzers.credentials import CredentialsAnalyzer
from pcap_report.analyzers.datagram_performance import DatagramPerformanceAnalyzer
from pcap_report.analyzers.dhcp import DhcpAnalyzer
from pcap_report.analyzers.dns import DnsAnalyzer
from pcap_report.analyzers.dtls import DtlsAnalyzer
from pcap_report.analyzers.dtls_data import DtlsDataAnalyzer
from pcap_report.analyzers.dtls_handshake import DtlsHandshakeAnalyzer
from pcap_report.analyzers.http import HttpAnalyzer
from pcap_report.analyzers.icmp_errors import IcmpErrorsAnalyzer
from pcap_report.analyzers.neighbours import NeighboursAnalyzer
from pcap_report.analyzers.quic import QuicAnalyzer
from pcap_report.analyzers.quic_data import QuicDataAnalyzer
from pcap_report.analyzers.quic_handshake import QuicHandshakeAnalyzer
from pcap_report.analyzers.ssh import SshAnalyzer
from pcap_report.analyzers.tcp_handshake import TcpHandshakeAnalyzer
from pcap_report.analyzers.tcp_performance import TcpPerformanceAnalyzer
from pcap_report.analyzers.tcp_phenomena import TcpPhenomenaAnalyzer
from pcap_report.analyzers.teardown import TeardownAnalyzer
from pcap_report.analyzers.tls_handshake import TlsHandshakeAnalyzer
from pcap_report.analyzers.traffic import TrafficAnalyzer
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

# Any: each analyzer has a record type of its own, and the engine hands them on unseen
ConnectionKind = type[ConnectionAnalyzer[Any]]
CaptureKind = type[CaptureAnalyzer[Any]]
AnalyzerKind = ConnectionKind | CaptureKind

BUILT_IN: Final[tuple[AnalyzerKind, ...]] = (
    TcpHandshakeAnalyzer,
    TlsHandshakeAnalyzer,
    AppDataAnalyzer,
    TcpPhenomenaAnalyzer,
    TcpPerformanceAnalyzer,
    TeardownAnalyzer,
    QuicHandshakeAnalyzer,
    QuicAnalyzer,
    QuicDataAnalyzer,
    DtlsHandshakeAnalyzer,
    DtlsAnalyzer,
    DtlsDataAnalyzer,
    DatagramPerformanceAnalyzer,
    DnsAnalyzer,
    HttpAnalyzer,
    IcmpErrorsAnalyzer,
    NeighboursAnalyzer,
    DhcpAnalyzer,
    SshAnalyzer,
    TrafficAnalyzer,
    CredentialsAnalyzer,
)
"""One literal list, in output order."""


def chosen(available: Sequence[AnalyzerKind], ids: Sequence[str] | None) -> tuple[AnalyzerKind, ...]:
    """Return the analyzers with these ids, in output order; all of them for None.

    Raises:
        UsageError: an id is not one of an available analyzer.
    """
    if ids is None:
        return tuple(available)
    known = {kind.id for kind in available}
    unknown = [name for name in ids if name not in known]
    if unknown:
        message = f"There is no analyzer {unknown[0]}"
        names = dict.fromkeys(kind.id for kind in available)
        raise UsageError(message, f"The analyzers are: {', '.join(names)}")
    return tuple(kind for kind in available if kind.id in ids)
