"""Analyze a capture: the way through the house, from the file to the Report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from pcap_report import __version__
from pcap_report.analyzers.plugins import available_analyzers
from pcap_report.analyzers.registry import chosen
from pcap_report.capture.heads import Source
from pcap_report.capture.magic import capture_format
from pcap_report.capture.reader import CUT_SHORT
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import anatomy
from pcap_report.engine.around import about, collect
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.capture_info import capture_info
from pcap_report.engine.connections import Draft, draft_connections, told
from pcap_report.engine.cut_off_responses import add_cut_off_responses
from pcap_report.engine.duplicates import correct_counts
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.first_reading import CaptureFile, first_reading
from pcap_report.engine.garbage import collection_paused
from pcap_report.engine.groups import group_connections
from pcap_report.engine.judging import judged
from pcap_report.engine.names import Names
from pcap_report.engine.options import Options
from pcap_report.engine.second_look import WholeCapture, look_again
from pcap_report.engine.selection import selected
from pcap_report.engine.telling import order_of_interest
from pcap_report.engine.texts import with_texts
from pcap_report.engine.visibility import not_visible
from pcap_report.errors import NotACaptureError, TsharkError, UsageError
from pcap_report.model.capture import CaptureInfo, Generator, frames_seen_before
from pcap_report.model.report import Report
from pcap_report.model.schema import SCHEMA_VERSION
from pcap_report.model.series import without_series

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.analyzers.rpc.log import LogMessage
    from pcap_report.capture.key_log import KeyLog
    from pcap_report.capture.magic import CaptureFormat
    from pcap_report.capture.records import FileFacts
    from pcap_report.engine.first_reading import FirstReading
    from pcap_report.engine.inside_view import Keys
    from pcap_report.engine.reading import Reading
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.rpc import RpcLog

_ASK_DOCTOR: Final = "See what is wrong with it: pcap-report doctor"
_LOOKED_INTO: Final = frozenset(("dns", "mdns", "llmnr", "nbns", "dhcp", "snmp", "quic", "dtls"))
"""What runs over UDP and is read."""


def analyze(path: Path, options: Options | None = None) -> Report:
    """Read a capture and return what is known about it.

    Args:
        path: the capture file.
        options: what is asked for.

    Raises:
        UsageError: no such file, a folder, or an option that makes no sense.
        NotACaptureError: the file is no capture, or holds no packet.
        TsharkError: tshark is missing, too old, or does not run.
    """
    with collection_paused():
        return _analyze(path, options or Options())


def _analyze(path: Path, options: Options) -> Report:
    form = capture_format(path)
    available = available_analyzers(options.plugins)
    kinds = chosen(available, options.analyzers)
    log, messages = _logs(options)
    tshark = find_tshark()
    attempts = Attempts(available, kinds)
    with first_reading(CaptureFile(path, form, tshark), kinds, attempts, options) as first:
        _require_packets((path, form), first, options)
        reading, facts = first.reading, first.facts
        if not options.display_filter:  # with one, what was not seen was not asked for
            look_again(WholeCapture(path, form, facts, tshark, declared_fields(kinds)), reading, attempts)
        capture = capture_info(path, form, first, options)
        source = Source(path, form, tshark)
        keys = _keys(options, facts, log)
        known = _Known(source, capture, reading, attempts, keys, messages, first.ending.damaged_rows)
        return _report(known, options)


# What looks inside the encryption is imported where there is something to look with: mostly there is nothing.
def _logs(options: Options) -> tuple[KeyLog | None, list[LogMessage] | None]:
    """Read the key log and the application's log that the user names, before anything else costs time."""
    if not options.keylog and not options.rpc_log:
        return None, None
    from pcap_report.engine.inside import key_log_of
    from pcap_report.engine.rpc_log_file import read_rpc_log

    return key_log_of(options), read_rpc_log(options.rpc_log) if options.rpc_log else None


def _keys(options: Options, facts: FileFacts, log: KeyLog | None) -> Keys | None:
    """Return the secrets that there are; None without any."""
    if log is None and not facts.key_logs:
        return None
    from pcap_report.engine.inside import keys_of

    return keys_of(options, facts, log)


def _require_packets(source: tuple[Path, CaptureFormat], first: FirstReading, options: Options) -> None:
    path, form = source
    facts, remark = first.facts, first.ending.remark
    cut_off = f"{path} is cut off before its first packet"
    if form.name == "pcapng" and facts.cut and not facts.interfaces and not facts.frames:
        raise NotACaptureError(cut_off)  # tshark then takes the file itself for a packet
    if first.reading.packets:
        return
    if options.display_filter and facts.frames:
        message = f"No packet of {path} matches the display filter {options.display_filter}"
        raise UsageError(message, "Leave -Y out to see what is there: pcap-report connections " + str(path))
    if first.ending.breakdown:
        raise TsharkError(f"{first.ending.breakdown.text} before the first packet of {path}", _ASK_DOCTOR)
    if CUT_SHORT in remark:
        raise NotACaptureError(cut_off)
    if remark:
        raise NotACaptureError(f"{path} holds no packet that can be read: {remark}")
    raise NotACaptureError(f"{path} holds no packet")


@dataclass(frozen=True)
class _Known:
    """What the first reading left, and what is needed for a look inside."""

    source: Source
    capture: CaptureInfo
    reading: Reading
    attempts: Attempts
    keys: Keys | None
    log: list[LogMessage] | None
    damaged_rows: int


def _report(known: _Known, options: Options) -> Report:
    capture, reading, attempts = known.capture, known.reading, known.attempts
    around = collect(reading, attempts)
    names = Names(around.records["dns"], around.records["http"])
    all_drafts = draft_connections(reading, attempts, names)
    add_cut_off_responses(around, all_drafts, known.source)
    drafts = selected(all_drafts, options)
    omitted = len(all_drafts) - len(drafts)
    around.records["http"] = _looked_inside(known, drafts, around.records["http"], options)
    rpc_log = _matched_log(known, drafts, options)
    correct_counts(drafts, frames_seen_before(capture))
    connections = [draft.connection for draft in drafts]
    report = Report(
        schema_version=SCHEMA_VERSION,
        generator=Generator("pcap-report", __version__, known.source.tshark.version_text),
        capture=capture,
        connections=tuple(connections),
        groups=group_connections(connections),
        anatomy=(),
        claims=tuple(around.claims),
        findings=(),
        not_visible=not_visible(
            capture,
            connections,
            _udp_packets(reading),
            not_read_again=reading.not_read_again,
            hellos_not_compared=reading.hellos_not_compared,
            damaged_rows=known.damaged_rows,
        ),
        attempts=(),
        connections_omitted=omitted,
        records_omitted=around.omitted,
        extensions=around.extensions,
        decryption=known.keys.decryption if known.keys else None,
        rpc_log=rpc_log,
        **about({**around.records, "dns": names.lookups()}, connections, chosen=omitted > 0),
    )
    report = judged(report, options.judging)
    return with_texts(_told(report, drafts, reading, attempts, options.told), options.language)


def _looked_inside(
    known: _Known, drafts: list[Draft], plain: tuple[HttpExchange, ...], options: Options
) -> tuple[HttpExchange, ...]:
    """Add what bodies and keys reveal to the connections; return the HTTP exchanges of all kinds."""
    if not plain and not known.keys:
        return plain
    from pcap_report.engine.inside import look_inside, look_into_plain
    from pcap_report.engine.inside_view import InsideView, Look

    look = Look(known.source, options, known.attempts)
    view = look_into_plain(look, drafts, plain)
    inner = look_inside(look, known.keys, drafts) if known.keys else InsideView()
    return InsideView(inner.exchanges, view.enriched).http(plain)


def _matched_log(known: _Known, drafts: list[Draft], options: Options) -> RpcLog | None:
    """Match the messages of the application's log to bursts."""
    first_ns = known.reading.clock.first_ns
    if known.log is None or options.rpc_log is None or first_ns is None:
        return None
    from pcap_report.engine.rpc_log import match_log

    return match_log(options.rpc_log, known.log, first_ns / 1_000_000_000, drafts)


def _told(report: Report, drafts: list[Draft], reading: Reading, attempts: Attempts, most: int) -> Report:
    """Add the steps, claims and key frames of the most telling connections."""
    order = order_of_interest(report.connections, report.findings)[:most]
    connections = list(report.connections)
    for place in order:
        connections[place] = told(drafts[place], reading, attempts)
    shown = [connections[place] for place in order]
    for place in set(range(len(connections))).difference(order):
        connections[place] = without_series(connections[place])
    return replace(
        report,
        connections=tuple(connections),
        told=order,
        anatomy=anatomy.frame_anatomies(reading, shown, report.capture.interfaces),
        attempts=attempts.rows(),
    )


def _udp_packets(reading: Reading) -> int:
    shares = ((path.split(":"), count.packets) for path, count in reading.paths.items())
    return sum(packets for layers, packets in shares if "udp" in layers and _LOOKED_INTO.isdisjoint(layers))
