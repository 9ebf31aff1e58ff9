"""One handshake message of TLS with the values that are its own (RFC 8446, section 4)."""

from __future__ import annotations

from collections import defaultdict

from mypy_extensions import mypyc_attr

from pcap_report.model.packet import whole_number


@mypyc_attr(serializable=True, allow_interpreted_subclasses=True)
class HandshakeMessage:
    """A handshake message, which can be asked like a packet.

    Attributes:
        kind: its type.
        whole: everything that its lengths announce is there; a broken hello is not.
        extensions: its extensions in their order, as type and length.
    """

    def __init__(self, kind: int) -> None:
        self.kind = kind
        self.whole = True
        self.extensions: list[tuple[int, int]] = []
        self._values: dict[str, list[str]] = defaultdict(list)

    def add(self, field: str, values: list[str]) -> None:
        """Give the message values of a field."""
        self._values[field] += values

    def texts(self, field: str) -> list[str]:
        """Return all values of a field."""
        return self._values.get(field, [])

    def text(self, field: str) -> str | None:
        """Return the first value of a field, or None."""
        values = self.texts(field)
        return values[0] or None if values else None

    def numbers(self, field: str) -> list[int]:
        """Return all values of a field as numbers."""
        return [whole_number(value) for value in self.texts(field) if value]

    def number(self, field: str) -> int | None:
        """Return the first value of a field as a number, or None."""
        return next(iter(self.numbers(field)), None)

    def extension_length(self, kind: int) -> int | None:
        """Return the bytes of an extension, or None when the message has no such extension."""
        return next((length for one, length in self.extensions if one == kind), None)
