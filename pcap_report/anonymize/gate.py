"""The last check: an output with an original in it is not written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.anonymize.originals import Originals
from pcap_report.anonymize.search import originals_in
from pcap_report.errors import ExitCode, PcapReportError

if TYPE_CHECKING:
    from collections.abc import Callable

_HINT: Final = "Please report it, without the capture: what is named here is only the kind of value."


class OriginalLeftError(PcapReportError):
    """We overlooked a value that was to be replaced."""

    exit_code = ExitCode.BUG


def require_clean(written: str | bytes, blank: Callable[[], str | bytes], originals: Originals) -> None:
    """Make sure that an output holds no original value.

    Args:
        written: the output.
        blank: makes the output of the same report with nothing in the places of names and texts: a user
            who is called "server" is not to be told from our own word, and what stands here is no proof of
            anything.
        originals: what must not be there.

    Raises:
        OriginalLeftError: something is. The message tells what kind it is of, never the value.
    """
    found = originals_in(_text(written), originals)
    if not found:
        return
    # Only words can be ours: no sentence of ours holds an address.
    words = {one: kind for one, kind in found.items() if isinstance(one, tuple)}
    ours = originals_in(_text(blank()), Originals(texts=words)) if words else {}
    left = {kind for one, kind in found.items() if one not in ours}
    if left:
        kinds = ", ".join(sorted(left))
        raise OriginalLeftError(
            f"the anonymized report would still hold an original value ({kinds}): it was not written", _HINT
        )


def _text(output: str | bytes) -> str:
    return output.decode("utf-8", "replace") if isinstance(output, bytes) else output
