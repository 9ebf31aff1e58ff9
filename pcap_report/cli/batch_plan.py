"""How each capture of a batch is to be read and written: the options, and the file beside it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from functools import cache, partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report import __version__
from pcap_report.batch.job import Plan, Rendering, identity_of
from pcap_report.batch.records import Recipe
from pcap_report.cli.configuration import Wishes, complete, judging, judging_in
from pcap_report.cli.formats import Presentation, chosen_format, require_presentable
from pcap_report.cli.output import STANDARD_OUTPUT
from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.anonymize import Key
    from pcap_report.batch.captures import Capture
    from pcap_report.cli.settings import Settings
    from pcap_report.engine.options import Options
    from pcap_report.model.report import Report

_KEY_LOGS: Final = (".keys", ".keylog", ".sslkeylog")
_RPC_LOGS: Final = (".rpc.jsonl", ".jsonl")
_ENDINGS: Final = (".gz", ".pcap", ".pcapng", ".cap")


@dataclass(frozen=True)
class Asked:
    """What the command line says of all captures.

    Attributes:
        wishes: how reports are to look.
        options: of the analyses; a key log and an RPC log may be folders here.
        rules: a file with the user's rules.
        format_name: of each report.
        key: of the pseudonyms, or None.
    """

    wishes: Wishes
    options: Options
    rules: Path | None
    format_name: str
    key: Key | None


class Plans:
    """Tells how the report of a capture is made."""

    def __init__(self, asked: Asked, tshark_version: str, settings: Settings) -> None:
        self._asked = asked
        self._tshark_version = tshark_version
        self._settings = settings
        self._form = chosen_format(asked.format_name, None)
        self._of_folder = cache(self._of_folder_once)

    def require(self) -> None:
        """Make sure, before any capture is read, that what the command line names is there.

        Raises:
            UsageError: something is not.
        """
        from pcap_report.analyzers.plugins import available_analyzers
        from pcap_report.analyzers.registry import chosen
        from pcap_report.engine.inside import key_log_of
        from pcap_report.engine.rpc_log_file import read_rpc_log

        options = self._asked.options
        require_presentable(self._asked.wishes.presentation(Presentation()))
        if self._form.require:
            self._form.require()
        chosen(available_analyzers(options.plugins), options.analyzers)
        if options.keylog is not None and not options.keylog.is_dir():
            key_log_of(options)
        if options.rpc_log is not None and not options.rpc_log.is_dir():
            read_rpc_log(options.rpc_log)
        if self._asked.rules is not None:
            judging_in(self._asked.rules)

    def __call__(self, capture: Capture) -> Plan:
        """Return the plan for a capture.

        Raises:
            PcapReportError: the file beside it says what makes no sense, or a key log cannot be read.
        """
        folder = STANDARD_OUTPUT if capture.is_remote else str(Path(capture.place).parent / "capture")
        how, options = self._of_folder(folder)
        options = replace(
            options,
            workers=1,  # captures are read side by side: the shards of one need no processes beside that
            keylog=_for(capture, options.keylog, _KEY_LOGS),
            rpc_log=_for(capture, options.rpc_log, _RPC_LOGS),
        )
        key = self._asked.key
        recipe = Recipe(
            version=__version__,
            tshark_version=self._tshark_version,
            format=self._form.name,
            language=how.language,
            profile=how.profile,
            options=identity_of(_fingerprint(how, options), key)[:32],
        )
        render = partial(rendered, self._form.name, how, key)
        return Plan(options, recipe, self._form.endings[0], render, key)

    def _of_folder_once(self, beside: str) -> tuple[Presentation, Options]:
        """Return what holds for all captures of a folder."""
        how = complete(self._asked.wishes, beside, self._settings).presentation(Presentation())
        require_presentable(how)
        judged = judging(beside, self._asked.rules)
        return how, replace(self._asked.options, language=how.language, judging=judged)


def rendered(format_name: str, how: Presentation, key: Key | None, report: Report) -> Rendering:
    """Write a report in a format and as JSON; other processes call it by its name."""
    form, json_form = chosen_format(format_name, None), chosen_format("json", None)
    if key is None:
        return Rendering(report, *(one.written(report, how).content for one in (form, json_form)))
    from pcap_report.cli.anonymized import clean_output, with_pseudonyms

    done = with_pseudonyms(report, how, key)
    return Rendering(done.report, *(clean_output(done, one, how).content for one in (form, json_form)))


def _for(capture: Capture, named: Path | None, endings: Sequence[str]) -> Path | None:
    """Return the file that goes with a capture: the one named, or in a folder the one called like it."""
    if named is None or not named.is_dir():
        return named
    name = capture.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return next((path for ending in endings if (path := named / f"{name}{ending}").is_file()), None)


def _fingerprint(how: Presentation, options: Options) -> str:
    """Return what changes as soon as an option, or a file that one names, is another."""
    import msgspec

    said: dict[str, Any] = {**asdict(how), **{name: getattr(options, name) for name in _SAID}}
    said["template_dir"] = None if how.template_dir is None else _folder_hash(how.template_dir)
    said["keylog"] = _named_file("--keylog", options.keylog)
    said["rpc_log"] = _named_file("--rpc-log", options.rpc_log)
    said["plugins"] = [_named_file("--plugin", path) for path in options.plugins]
    said["installed"] = _installed()
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()


_SAID: Final = ("analyzers", "show_bodies", "show_secrets", "judging")


@cache
def _installed() -> list[str]:
    """Return which packages bring analyzers of their own."""
    found = entry_points(group="pcap_report.analyzers")
    return sorted(f"{one.name} {one.dist.version if one.dist else ''}" for one in found)


def _named_file(option: str, path: Path | None) -> tuple[str, str] | None:
    """Return a file's name, which reports print, and the hash of its content."""
    return None if path is None else (path.name, _content_hash(option, path))


@cache
def _content_hash(option: str, path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise UsageError(f"There is no file {path}", f"Name the file: {option} FILE") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from error


@cache
def _folder_hash(folder: Path) -> str:
    """Return a hash of the templates in a folder."""
    total = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        total.update(f"{path.relative_to(folder)}\0{_content_hash('--template', path)}\0".encode())
    return total.hexdigest()
