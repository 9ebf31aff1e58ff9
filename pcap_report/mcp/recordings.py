"""The capture tools: one capture at a time, bounded, kept below the first folder that may be read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import anyio
import anyio.to_thread

from pcap_report.errors import NoCaptureRightError, UsageError
from pcap_report.live.bounds import Bounds
from pcap_report.live.interfaces import default_interface, interface_names
from pcap_report.live.planning import planned
from pcap_report.live.recording import Recording
from pcap_report.mcp.answers import CaptureStatus, Interfaces
from pcap_report.mcp.records import InterfaceLine

if TYPE_CHECKING:
    from pcap_report.mcp.arguments import OfRecording
    from pcap_report.mcp.roots import Roots

_SIZE: Final = 50_000_000
_OFF: Final = "This server may not capture"
_ALLOW: Final = "Its operator allows it with: pcap-report mcp --allow-capture"


class Recordings:
    """What is captured by this server: one at a time."""

    def __init__(self, roots: Roots, *, allowed: bool) -> None:
        self._roots = roots
        self._allowed = allowed
        self._lock = anyio.Lock()
        self._obstacle = None if allowed else _OFF
        self._now: Recording | None = None
        self._last = CaptureStatus(state="none")

    def close(self) -> None:
        """End what is still captured; nothing is kept of it."""
        if self._now is not None:
            self._now.close()
            self._now = None

    def interfaces(self) -> tuple[Interfaces, list[InterfaceLine]]:
        """Return whether packets can be captured, and where: the default first, then loopback.

        That this user may not capture is known once it has been tried: no recorder tells beforehand.
        """
        default = default_interface()
        lines = [InterfaceLine(name, name == default, name in ("lo", "lo0")) for name in interface_names()]
        lines.sort(key=lambda one: (not one.default, not one.loopback))
        return Interfaces(may_capture=self._obstacle is None, reason=self._obstacle), lines

    async def start(self, asked: OfRecording) -> CaptureStatus:
        """Begin a capture.

        Raises:
            NoCaptureRightError: this server may not, or this user may not.
            UsageError: the target is none, or another capture goes on.
        """
        self._require_allowed()
        async with self._lock:
            await anyio.to_thread.run_sync(self._settle)
            if self._now is not None:
                raise UsageError(
                    "Another capture goes on, and there is one at a time",
                    "End it with stop_packet_capture, or see get_capture_status.",
                )
            bounds = Bounds(asked.duration, asked.packets, _SIZE, asked.snap_length)
            try:
                self._now = await anyio.to_thread.run_sync(self._begun, asked, bounds)
            except NoCaptureRightError as error:
                self._obstacle = error.message
                raise
            self._obstacle = None
            return self._status(self._now)

    async def status(self) -> CaptureStatus:
        """Tell how the capture goes on."""
        self._require_allowed()
        async with self._lock:
            await anyio.to_thread.run_sync(self._settle)
            return self._last if self._now is None else self._status(self._now)

    async def stop(self) -> CaptureStatus:
        """End the capture and keep its packets.

        Raises:
            UsageError: there is none.
        """
        self._require_allowed()
        async with self._lock:
            if self._now is None and self._last.state == "none":
                raise UsageError("There is no capture to stop", "Begin one with start_packet_capture.")
            if self._now is not None:
                with anyio.CancelScope(shield=True):  # its packets are there, whoever is still listening
                    await anyio.to_thread.run_sync(self._keep, self._now)
            return self._last

    def _begun(self, asked: OfRecording, bounds: Bounds) -> Recording:
        from pcap_report.capture.tshark import find_tshark

        plan = planned(asked.mode, asked.target, [asked.interface] if asked.interface else [], bounds)
        place = self._roots.folders[0]
        return Recording(plan, place, find_tshark().path, for_nobody_else=True).__enter__()

    def _settle(self) -> None:
        """Keep the packets of a capture that has ended by itself."""
        if self._now is not None and self._now.ended():
            self._keep(self._now)

    def _keep(self, recording: Recording) -> None:
        seconds = recording.seconds
        folder = self._roots.folders[0]
        try:
            recording.stop()
            file = _unused(folder)
            count = recording.keep(file)
            self._last = CaptureStatus(
                state="ended",
                file=self._roots.name_of(file) if count else None,
                interfaces=recording.plan.interfaces,
                capture_filter=recording.plan.capture_filter,
                packets=count,
                bytes=file.stat().st_size if count else 0,
                seconds=round(min(seconds, recording.plan.bounds.duration_s), 1),
                remark=None if count else "No packet came by that the filter lets through.",
            )
        finally:
            recording.close()
            self._now = None

    def _status(self, recording: Recording) -> CaptureStatus:
        seconds = recording.seconds
        return CaptureStatus(
            state="capturing",
            interfaces=recording.plan.interfaces,
            capture_filter=recording.plan.capture_filter,
            packets=recording.packets,
            bytes=recording.size,
            seconds=round(seconds, 1),
            seconds_left=round(max(0.0, recording.plan.bounds.duration_s - seconds), 1),
        )

    def _require_allowed(self) -> None:
        if not self._allowed:
            raise NoCaptureRightError(_OFF, _ALLOW)


def _unused(folder: Path) -> Path:
    stem = f"capture-{time.strftime('%Y%m%d-%H%M%S')}"
    names = (f"{stem}{f'-{number}' if number else ''}.pcapng" for number in range(10_000))
    return next(path for path in map(folder.joinpath, names) if not path.exists())
