"""Alerts: who complained of what, and what was sent in spite of it (RFC 8446, section 6; RFC 5246, 7.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.iana.tls import alert_level_name, alert_name
from pcap_report.analyzers.proof import side_of
from pcap_report.analyzers.tls_records import ALERT, TlsRecord
from pcap_report.model.tls import Alert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.model.packet import Packet

ALERT_LEVEL: Final = "tls.alert_message.level"
ALERT_DESCRIPTION: Final = "tls.alert_message.desc"
FIELDS: Final = (ALERT_LEVEL, ALERT_DESCRIPTION)

_READABLE: Final = 2
"""Bytes of an alert in the open."""
_LISTED: Final = 100


class AlertReader:
    """Collects alerts, and the frames with data after a fatal one.

    Attributes:
        alerts: in their order.
        after_fatal: frames with application data that follow a fatal alert.
    """

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.after_fatal: list[int] = []

    def see(self, packet: Packet, records: Sequence[TlsRecord]) -> bool:
        """Take the records of a frame; tell whether there was an alert among them."""
        found = [record for record in records if record.content_type == ALERT and not record.opaque]
        if not found:
            return False
        words = list(zip(packet.numbers(ALERT_LEVEL), packet.numbers(ALERT_DESCRIPTION), strict=False))
        all_read = len(words) >= len(found)  # with keys also the encrypted ones
        for record in found:
            readable = all_read or record.length == _READABLE
            level, description = words.pop(0) if readable and words else (None, None)
            if len(self.alerts) < _LISTED:
                self.alerts.append(
                    Alert(
                        packet.frame,
                        side_of(packet.from_client),
                        None if level is None else alert_level_name(level),
                        None if description is None else alert_name(description),
                    )
                )
        return True

    def see_data(self, packet: Packet) -> None:
        """Take a frame with application data."""
        if self.has_fatal and len(self.after_fatal) < _LISTED:
            self.after_fatal.append(packet.frame)

    @property
    def has_fatal(self) -> bool:
        """There was a fatal alert in the open."""
        return any(alert.level == "fatal" for alert in self.alerts)
