"""Zeek's words for a flow over UDP (base/protocols/conn/main.zeek)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mypy_extensions import mypyc_attr

from pcap_report.flow.course import Course

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class DatagramHistory(Course):
    """Follows a flow over UDP: one letter per side that sent payload."""

    def __init__(self) -> None:
        self._letters: list[str] = []

    def see(self, packet: Packet) -> None:
        """Take the next datagram."""
        letter = "D" if packet.from_client else "d"
        if packet.payload and letter not in self._letters:
            self._letters.append(letter)

    @property
    def letters(self) -> str:
        """The history so far."""
        return "".join(self._letters)

    @property
    def conn_state(self) -> str:
        """Zeek's state: ``SF`` both spoke, ``S0`` the client, ``SHR`` the server, ``OTH`` none."""
        if "D" in self._letters:
            return "SF" if "d" in self._letters else "S0"
        return "SHR" if "d" in self._letters else "OTH"
