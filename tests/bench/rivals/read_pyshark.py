"""Read a capture with pyshark and print how many packets and TCP connections it holds.

Arguments: the file, and ``xml``, ``json`` or ``ek``.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading

import pyshark
from pyshark.capture.capture import TSharkCrashException

_MODES = {"xml": {}, "json": {"use_json": True}, "ek": {"use_ek": True}}


def main(path: str, mode: str) -> None:
    """Read on a thread with an event loop of its own: on the main one pyshark 0.6 fails since Python 3.14."""
    thread = threading.Thread(target=_read, args=(path, mode))
    thread.start()
    thread.join()


def _read(path: str, mode: str) -> None:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    packets = 0
    streams = set()
    # pyshark 0.6 may not learn how tshark ended, and then says that it crashed; the packets have been counted
    with (
        contextlib.suppress(TSharkCrashException),
        pyshark.FileCapture(path, keep_packets=False, eventloop=loop, **_MODES[mode]) as capture,
    ):
        for packet in capture:
            packets += 1
            if "TCP" in packet:
                streams.add(str(packet.tcp.stream))
    print(packets, len(streams))


if __name__ == "__main__":
    main(*sys.argv[1:])
