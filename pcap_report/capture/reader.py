"""The bulk pass: one streaming run of tshark over the capture, as Packets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.ahead import tshark_over
from pcap_report.capture.breakdown import Breakdown
from pcap_report.capture.columns import Columns, columns_for
from pcap_report.capture.limits import most_inflated
from pcap_report.capture.process import readable_argument
from pcap_report.capture.rows import RowParser
from pcap_report.errors import UsageError
from pcap_report.model.packet import AGGREGATOR, Packet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.capture.tshark import Tshark

_ABOUT_THE_FILE: Final = 'tshark: The file "'
_CAPTURED: Final = 3
"""The column with the captured bytes of a frame."""
_RECORD: Final = 16
"""Bytes of a frame in a file besides its own; pcapng has more."""
CUT_SHORT: Final = "cut short"
"""In what tshark says of a file that ends too early."""


_QUICKER: Final = (
    "tcp.calculate_timestamps",
    "tcp.summary_in_tree",
    "udp.summary_in_tree",
    "ip.summary_in_tree",
    "ipv6.summary_in_tree",
)
"""Preferences without which tshark is some percent quicker: no field that is read here depends on them."""


class CaptureReader:
    """Reads a capture once; iterate over it, then look at how it ended.

    Attributes:
        missing_fields: declared fields that this tshark does not know.
        remark: what tshark said when it stopped, "" for nothing.
        complete: tshark read the file to its end.
        breakdown: why tshark stopped before its work was done; None when it ended by itself.
        last_frame: the last frame that was read; 0 before the first.
        damaged_rows: rows whose columns did not add up.
        meanwhile: what to do while tshark has nothing to say; it returns False when there is nothing to do.
    """

    def __init__(
        self,
        tshark: Tshark,
        path: Path,
        declared: Iterable[str],
        *,
        display_filter: str | None = None,
        options: Sequence[str] = (),
    ) -> None:
        self._columns = columns_for(tshark, declared)
        self._path = path
        self._program = tshark.path
        # a display filter may ask for the times that TCP is otherwise not given
        quicker = () if display_filter else quicker_preferences()
        self._arguments = [*fields_arguments(path, self._columns, display_filter), *quicker, *options]
        self._display_filter = display_filter
        self.missing_fields = self._columns.missing
        self.remark = ""
        self.complete = True
        self.breakdown: Breakdown | None = None
        self.last_frame = 0
        self.damaged_rows = 0
        self.meanwhile: Callable[[], bool] | None = None

    def _inflated(self, lines: Iterable[str], most: int) -> Iterator[str]:
        """Pass rows on until their packets are more than is read out of a compressed file."""
        left = most
        for line in lines:
            captured = line.split("\t", _CAPTURED + 1)[_CAPTURED : _CAPTURED + 1]
            left -= _RECORD + (int(captured[0]) if captured and captured[0].isdecimal() else 0)
            if left < 0:
                megabytes = most // (1024 * 1024)
                text = f"the compressed file unfolds to more than the {megabytes} MB that are read of it"
                self.breakdown = Breakdown("inflated", text)
                return
            yield line

    def __iter__(self) -> Iterator[Packet]:
        parser = RowParser(self._columns)
        make = parser.packet
        packet: Packet | None = None
        with tshark_over(self._program, self._arguments) as run:
            run.meanwhile = self.meanwhile
            for line in run if (most := most_inflated(self._path)) is None else self._inflated(run, most):
                packet = make(line)
                if packet is not None:
                    yield packet
            # a report may be published: the folders that the capture lies in are nobody's business
            self.remark = run.remark.replace(readable_argument(self._path), self._path.name)
            self.breakdown = self.breakdown or run.breakdown
            self.last_frame = packet.frame if packet else 0
            self.complete = run.exit_status == 0 and not run.breakdown and CUT_SHORT not in run.remark
            self.damaged_rows = parser.damaged
        stopped_at_once = run.exit_status and packet is None
        if stopped_at_once and self._display_filter and not run.remark.startswith(_ABOUT_THE_FILE):
            message = f"tshark does not understand the display filter: {self._display_filter}"
            raise UsageError(message, f"tshark says: {run.remark}")


def quicker_preferences() -> list[str]:
    """Return the options that spare tshark work which nobody sees."""
    return [word for name in _QUICKER for word in ("-o", f"{name}:FALSE")]


def fields_arguments(path: Path, columns: Columns, display_filter: str | None = None) -> list[str]:
    """Return the arguments of the bulk pass: no name look-ups, one line per frame."""
    arguments = ["-n", "-r", readable_argument(path), "-T", "fields", "-E", "separator=/t"]
    arguments += ["-E", f"aggregator={AGGREGATOR}", "-E", "occurrence=a"]
    if display_filter:
        arguments += ["-Y", display_filter]
    for name in columns.names:
        arguments += ["-e", name]
    return arguments
