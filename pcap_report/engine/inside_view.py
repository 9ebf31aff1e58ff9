"""What a look inside connections is asked of, what it is done with, and what it gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pcap_report.capture.heads import Source
    from pcap_report.capture.key_log import KeyLog
    from pcap_report.engine.attempts import Attempts
    from pcap_report.engine.options import Options
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.inside import Decryption


@dataclass(frozen=True)
class Look:
    """A capture, and what is asked of it.

    Attributes:
        source: the file.
        options: the user's.
        attempts: where a failure is noted.
    """

    source: Source
    options: Options
    attempts: Attempts


@dataclass(frozen=True)
class Keys:
    """The secrets of a run.

    Attributes:
        path: the key log that the user names; None for the capture's own secrets alone.
        log: what the secrets are for.
        decryption: how the report names them.
    """

    path: Path | None
    log: KeyLog
    decryption: Decryption


@dataclass
class InsideView:
    """What the look inside adds to a report.

    Attributes:
        exchanges: HTTP that was read with keys.
        enriched: plain HTTP exchanges with their bodies' shapes, by connection and frame.
    """

    exchanges: list[HttpExchange] = field(default_factory=list)
    enriched: dict[tuple[int | None, int | None], HttpExchange] = field(default_factory=dict)

    def http(self, plain: Sequence[HttpExchange]) -> tuple[HttpExchange, ...]:
        """Return all exchanges, those that were read with keys in their places."""
        known = [self._enriched(one) for one in plain]
        if not self.exchanges:
            return tuple(known)
        return tuple(sorted((*known, *self.exchanges), key=lambda one: one.frame or one.response_frame or 0))

    def _enriched(self, plain: HttpExchange) -> HttpExchange:
        found = self.enriched.get((plain.connection, plain.frame))
        if found is None or plain.frame is None:
            return plain
        names = (
            "wait_ms",
            "transfer_ms",
            "request_headers",
            "response_headers",
            "request_body",
            "response_body",
        )
        spans = ("request_frames", "response_frames")
        return replace(plain, **{name: getattr(found, name) for name in (*names, *spans)})
