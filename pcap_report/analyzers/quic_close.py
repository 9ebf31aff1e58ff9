"""Find CONNECTION_CLOSE frames (RFC 9000, 10.2 and 19.19), as far as their packets can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pcap_report.analyzers.iana.quic import application_error_name, transport_error_name
from pcap_report.analyzers.proof import side_of
from pcap_report.model.quic import ConnectionClose

if TYPE_CHECKING:
    from pcap_report.model.flow import Flow
    from pcap_report.model.packet import Packet

FRAME_TYPE: Final = "quic.frame_type"
ERROR_CODE: Final = "quic.cc.error_code"
APPLICATION_CODE: Final = "quic.cc.error_code.app"
REASON: Final = "quic.cc.reason_phrase"

_APPLICATION_CLOSE: Final = 0x1D
_CLOSES_LISTED: Final = 20


class _Close(NamedTuple):
    frame: int
    from_client: bool
    by_application: bool
    code: int | None
    reason: str | None


class CloseFinder:
    """Collects the closes of a connection."""

    fields: Final = (FRAME_TYPE, ERROR_CODE, APPLICATION_CODE, REASON)

    def __init__(self) -> None:
        self.found: list[_Close] = []

    def see(self, flow: Flow, packet: Packet) -> None:
        """Take a datagram; a close that it repeats in packets of several kinds counts once."""
        if not (packet.has(ERROR_CODE) or packet.has(APPLICATION_CODE)):
            return
        if len(self.found) >= _CLOSES_LISTED:
            return
        by_application = _APPLICATION_CLOSE in packet.numbers(FRAME_TYPE)
        code = packet.number(APPLICATION_CODE if by_application else ERROR_CODE)
        flow.mark(packet)
        self.found.append(_Close(packet.frame, packet.from_client, by_application, code, packet.text(REASON)))

    def result(self, *, http3: bool) -> tuple[ConnectionClose, ...]:
        """Return the closes; the application's codes have names in HTTP/3."""
        return tuple(self._record(one, http3=http3) for one in self.found)

    @staticmethod
    def _record(one: _Close, *, http3: bool) -> ConnectionClose:
        if one.code is None:
            error = None
        elif one.by_application:
            error = application_error_name(one.code, http3=http3)
        else:
            error = transport_error_name(one.code)
        kind: Literal["transport", "application"] = "application" if one.by_application else "transport"
        return ConnectionClose(one.frame, side_of(one.from_client), kind, one.code, error, one.reason)
