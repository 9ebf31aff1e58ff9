"""Read a report that was saved as JSON: it renders without its capture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from pcap_report.errors import NotACaptureError, UsageError
from pcap_report.model.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pcap_report.engine import Options
    from pcap_report.model.evidence import NotVisible
    from pcap_report.model.judging import Judging
    from pcap_report.model.report import Report

_HEAD: Final = 64


class _Version(msgspec.Struct):
    """The only part of a report that every version has."""

    schema_version: int


def looks_saved(path: Path) -> bool:
    """Tell whether a file is JSON and no capture: no capture format begins with a brace."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"
    except OSError:
        return False  # whoever opens it next says why


def load_saved(path: Path, options: Options, dissect: Sequence[int], *, spoken: bool = True) -> Report:
    """Read a saved report and say its texts in the language that is asked for, or leave them as they are.

    Raises:
        UsageError: an option needs the capture itself.
        NotACaptureError: it is no report of ours, or one of another version.
    """
    _require_no_reading(path, options, dissect)
    from pcap_report.engine.texts import with_texts

    report = _selected(_decoded(path), options)
    if options.judging:
        from pcap_report.engine.judging import judged

        report = judged(report, _with_its_own(report.judging, options.judging))
    return with_texts(report, options.language) if spoken else report


def _with_its_own(its: Judging | None, asked: Judging) -> Judging:
    """Keep the report's own changes of rules where none are asked for, only a baseline."""
    if its is None or asked.changes or asked.accepted or asked.rules:
        return asked
    return replace(its, baseline=asked.baseline, known=asked.known)


def _selected(report: Report, options: Options) -> Report:
    """Keep what belongs to the connections that are asked for, as an analysis with these options does."""
    from pcap_report.engine.around import about_chosen
    from pcap_report.engine.connections import Draft
    from pcap_report.engine.groups import group_connections
    from pcap_report.engine.selection import selected

    drafts = selected([Draft(one, []) for one in report.connections], options)
    kept = [draft.connection for draft in drafts]
    if len(kept) == len(report.connections):
        return report
    ids = {one.id for one in kept}
    told_ids = [report.connections[place].id for place in report.told]
    place_of = {one.id: place for place, one in enumerate(kept)}
    return replace(
        report,
        connections=tuple(kept),
        groups=group_connections(kept),
        anatomy=tuple(one for one in report.anatomy if one.connection in ids),
        findings=tuple(one for one in report.findings if one.connection is None or one.connection in ids),
        not_visible=tuple(_limits(report.not_visible, ids)),
        told=tuple(place_of[number] for number in told_ids if number in ids),
        connections_omitted=report.connections_omitted + len(report.connections) - len(kept),
        **about_chosen(report, kept),
    )


def _limits(limits: Iterable[NotVisible], ids: set[int]) -> Iterator[NotVisible]:
    for limit in limits:
        left = tuple(number for number in limit.connections if number in ids)
        if left or not limit.connections:
            yield replace(limit, connections=left)


def _require_no_reading(path: Path, options: Options, dissect: Sequence[int]) -> None:
    asked = {
        "-Y": options.display_filter,
        "--analyzers": options.analyzers,
        "--plugin": options.plugins,
        "--dissect": dissect,
        "--keylog": options.keylog,
        "--rpc-log": options.rpc_log,
        "--show-bodies": options.show_bodies,
        "--show-secrets": options.show_secrets,
    }
    needing = [name for name, value in asked.items() if value]
    if needing:
        raise UsageError(
            f"{needing[0]} needs the capture itself, and {path} is a saved report",
            f"Leave {needing[0]} out, or give the capture in its place.",
        )


def _decoded(path: Path) -> Report:
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        version = msgspec.json.decode(content, type=_Version).schema_version
    except msgspec.DecodeError as error:
        raise NotACaptureError(
            f"{path} is neither a capture nor a JSON report of pcap-report ({error})",
            "Make one: pcap-report analyze CAPTURE -o report.json",
        ) from error
    if version != SCHEMA_VERSION:
        raise NotACaptureError(
            f"{path} is a report of schema version {version}; only version {SCHEMA_VERSION} is read here",
            "Make it again from its capture, or use the pcap-report that wrote it.",
        )
    from pcap_report.render.json_report import read_json

    try:
        return read_json(content)
    except msgspec.ValidationError as error:
        raise NotACaptureError(f"{path} is not a whole report of pcap-report: {error}") from error
