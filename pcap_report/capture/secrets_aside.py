"""Set the secrets of a pcapng file aside, so that the packets are read as they travelled.

tshark decrypts with the secrets that it finds in a file, and nothing tells it not to. What a report says of
records and bursts must not depend on whether somebody kept the keys: so a file with secrets is read from a
private copy without them, and only the look inside reads the file itself.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pcap_report.capture.raw_blocks import PACKETS, SECRETS, raw_blocks
from pcap_report.capture.walkers import opened
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.capture.magic import CaptureFormat


def begins_with_secrets(path: Path, form: CaptureFormat) -> bool:
    """Tell whether there are secrets before the first packet, where programs put them."""
    if form.name != "pcapng":
        return False
    with opened(path, form) as file:
        for kind, _, _ in raw_blocks(file):
            if kind == SECRETS:
                return True
            if kind in PACKETS:
                return False
    return False


@contextlib.contextmanager
def without_secrets(path: Path, form: CaptureFormat) -> Iterator[Path]:
    """Yield a private copy of a pcapng file that holds all of its blocks but the secrets."""
    with PrivateFolder() as folder:
        copy = folder / (path.name.removesuffix(".gz") or "capture")
        with opened(path, form) as file, copy.open("xb") as target:
            for kind, _, block in raw_blocks(file):
                if kind != SECRETS:
                    target.write(block)
        yield copy
