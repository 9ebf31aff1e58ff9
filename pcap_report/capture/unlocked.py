"""How tshark is told to look inside: the key log, and what it must leave to us.

HTTP's dissectors are off, so that tshark hands out the decrypted bytes of every record (``data.data``) and of
every QUIC stream frame; ``analyzers.inside`` puts them together, and knows the frame of each byte.
Segments out of order are put in order before they are decrypted.
"""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING, Final

from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEFT_TO_US: Final = ("http", "http2", "http3")
PREFERENCES: Final = ("-o", "tcp.reassemble_out_of_order:TRUE")
"""Also what the filters of claims on decrypted things were made with."""


def raw_payload_options() -> list[str]:
    """Return options with which tshark leaves HTTP and what is in it as bytes."""
    return [part for name in _LEFT_TO_US for part in ("--disable-protocol", name)]


@contextlib.contextmanager
def key_log_options(key_log: Path | None) -> Iterator[list[str]]:
    """Yield options that name a key log; without one tshark has the secrets of the capture alone.

    tshark's options know no quoting: the file is named by a link in a private folder, and its content is
    copied only where the system has no links.
    """
    if key_log is None:
        yield [*PREFERENCES]
        return
    with PrivateFolder() as folder:
        link = folder / "keys"
        try:
            link.symlink_to(key_log.absolute())
        except OSError:
            shutil.copyfile(key_log, link)
            link.chmod(0o600)
        yield ["-o", f"tls.keylog_file:{link}", *PREFERENCES]
