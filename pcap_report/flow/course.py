"""What Zeek's two words for a connection are asked of, whatever carries the connection."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from mypy_extensions import mypyc_attr

if TYPE_CHECKING:
    from pcap_report.model.packet import Packet


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class Course:
    """The course that a connection took."""

    @abstractmethod
    def see(self, packet: Packet) -> None:
        """Take the next packet."""

    @property
    @abstractmethod
    def letters(self) -> str:
        """Zeek's ``history``, so far."""

    @property
    @abstractmethod
    def conn_state(self) -> str:
        """Zeek's ``conn_state``."""


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class EndedCourse(Course):
    """The two words of a connection that ended in another process."""

    def __init__(self, course: Course) -> None:
        self._letters = course.letters
        self._conn_state = course.conn_state

    def see(self, packet: Packet) -> None:
        """Nothing: no packet comes."""

    @property
    def letters(self) -> str:
        """Zeek's ``history``."""
        return self._letters

    @property
    def conn_state(self) -> str:
        """Zeek's ``conn_state``."""
        return self._conn_state
