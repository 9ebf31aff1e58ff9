"""``pcap-report capture``: record by mode, then report."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.cli.analyze import Request, analyze_capture
from pcap_report.cli.asked_to_end import asked_to_end
from pcap_report.cli.formats import chosen_format, require_presentable
from pcap_report.cli.messages import say_note
from pcap_report.cli.output import STANDARD_OUTPUT, checked_target, write_standard_output
from pcap_report.cli.progress import recording_progress
from pcap_report.errors import ExitCode, NotACaptureError, UsageError

if TYPE_CHECKING:
    from pcap_report.cli.settings import Settings
    from pcap_report.live.bounds import Bounds
    from pcap_report.live.modes import Mode
    from pcap_report.live.recorders import Plan
    from pcap_report.live.recording import Recording

_LOOK_S: Final = 0.2


@dataclass(frozen=True)
class Wish:
    """What the command line asks to record.

    Attributes:
        mode: what to let through.
        target: whom to watch; "" for anybody.
        interfaces: where; empty for those that lead to the target.
        bounds: when it ends.
        file: where to keep the packets; None for a name with the time in it.
    """

    mode: Mode
    target: str
    interfaces: tuple[str, ...]
    bounds: Bounds
    file: Path | None


def capture_and_report(wish: Wish, request: Request, settings: Settings) -> ExitCode:
    """Record, and report what was recorded; what cannot be done is said before."""
    form = chosen_format(request.format_name, request.out)
    require_presentable(request.presentation)
    if form.require:
        form.require()
    if request.out is not None:
        checked_target(request.out, STANDARD_OUTPUT)
    file = _checked_file(wish.file, request.out)
    record(wish, file, settings)
    return analyze_capture(replace(request, capture=str(file)), settings)


def record(wish: Wish, file: Path, settings: Settings) -> None:
    """Record until a bound is reached, or somebody presses Ctrl-C.

    Raises:
        NotACaptureError: no packet came.
        PcapReportError: it cannot be recorded.
    """
    from pcap_report.capture.tshark import find_tshark
    from pcap_report.live.planning import planned
    from pcap_report.live.recording import Recording

    tshark = find_tshark()
    plan = planned(wish.mode, wish.target, wish.interfaces, wish.bounds)
    with Recording(plan, file.parent, tshark.path) as recording:
        say_note(settings, _begun(plan))
        _watch(recording, settings)
        count = recording.keep(file)
    where = ", ".join(plan.interfaces)
    if not count:
        raise NotACaptureError(
            f"No packet came by on {where} in {recording.seconds:.0f} s that the filter lets through:"
            f" {plan.capture_filter}",
            "Make some traffic meanwhile, or choose another --mode, target or interface (-i).",
        )
    say_note(settings, f"{count} packets are kept in {file}")


def list_interfaces() -> None:
    """Print the interfaces, the one that leads anywhere marked."""
    from pcap_report.live.interfaces import default_interface, interface_names

    default = default_interface()
    lines = (f"{name}  (default)\n" if name == default else f"{name}\n" for name in interface_names())
    write_standard_output("".join(lines))


def _begun(plan: Plan) -> str:
    bounds = plan.bounds
    let_through = plan.capture_filter or "everything"
    where = ", ".join(plan.interfaces)
    return f"capturing on {where} for {bounds.duration_s} s at most (Ctrl-C ends it): {let_through}"


def _watch(recording: Recording, settings: Settings) -> None:
    try:
        with recording_progress(settings) as tell:
            while not recording.wait(_LOOK_S):
                if tell:
                    tell(recording.packets)
    except KeyboardInterrupt:  # it ends the capture, not the report
        asked_to_end.clear()
        recording.stop()


def _checked_file(named: Path | None, out: str | None) -> Path:
    """Return where the packets go: a capture cannot be repeated, so none is ever overwritten."""
    if named is not None:
        if named.exists():
            raise UsageError(f"{named} is there already", "Choose another name for -w.")
        _require_folder(named)
        return named
    beside = Path(out) if out not in (None, STANDARD_OUTPUT) else Path("capture.md")
    stem = beside.stem if out not in (None, STANDARD_OUTPUT) else f"capture-{time.strftime('%Y%m%d-%H%M%S')}"
    names = (f"{stem}{f'-{number}' if number else ''}.pcapng" for number in range(10_000))
    file = next(path for path in map(beside.with_name, names) if not path.exists())
    _require_folder(file)
    return file


def _require_folder(file: Path) -> None:
    if not file.parent.is_dir():
        raise UsageError(
            f"There is no folder {file.parent} to write {file.name} to", f"mkdir -p {file.parent}"
        )
