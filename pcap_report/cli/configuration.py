"""``pcap-report.toml``: what a report is to be called and how it is to look, kept beside the captures.

The nearest file counts, and only that one: it is looked for in the folder of the capture and above, up to the
root of the repository that the capture lies in. Without a repository, only the capture's own folder is asked:
what lies above it may be anybody's.
"""

from __future__ import annotations

import datetime
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.cli.messages import say_note
from pcap_report.cli.output import STANDARD_OUTPUT
from pcap_report.errors import UsageError
from pcap_report.files import led_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.cli.formats import Presentation
    from pcap_report.cli.settings import Settings
    from pcap_report.model.judging import Judging

NAME: Final = "pcap-report.toml"
_PROJECT: Final = "pyproject.toml"
_TABLE: Final = "tool.pcap-report"
_REPOSITORY: Final = ".git"
_MOST_BYTES: Final = 1_000_000
KEYS: Final = ("title", "author", "course", "date", "lang", "profile", "template")
RULE_KEYS: Final = ("rules", "settings", "accept")
"""What is said about rules; see docs/rules.md."""


@dataclass(frozen=True)
class Wishes:
    """How a report is to look; None where nothing was said.

    Attributes:
        title: instead of the title that the report gives itself.
        author: who hands it in.
        course: for which course.
        date: the date to print.
        lang: code of the language.
        profile: which kind of report.
        template: folder whose templates go before ours.
    """

    title: str | None = None
    author: str | None = None
    course: str | None = None
    date: str | None = None
    lang: str | None = None
    profile: str | None = None
    template: Path | None = None

    def over(self, others: Wishes) -> Wishes:
        """Return these, and the others where nothing was said."""
        missing = {key: getattr(others, key) for key in KEYS if getattr(self, key) is None}
        return replace(self, **missing)

    def presentation(self, default: Presentation) -> Presentation:
        """Return how the report is to look, with defaults for what nobody asked for."""
        return replace(
            default,
            language=self.lang or default.language,
            profile=self.profile or default.profile,
            template_dir=self.template,
            title=self.title,
            author=self.author,
            course=self.course,
            date=self.date,
        )


def complete(asked: Wishes, capture: str, settings: Settings) -> Wishes:
    """Add to the command line what the file beside a capture says; the command line wins.

    Raises:
        UsageError: the file is broken, or says something that we do not know.
    """
    path, table = _nearest(capture)
    if path is None:
        return asked
    if settings.verbose:
        say_note(settings, f"defaults of the report come from {path}")
    return asked.over(_wishes(table, path))


def judging(capture: str, rules: Path | None) -> Judging | None:
    """Return what a rules file, and the file beside a capture, say about rules; None where nothing is said.

    Raises:
        UsageError: one of them says what makes no sense.
    """
    path, table = _nearest(capture)
    said = {key: table[key] for key in RULE_KEYS if key in table}
    if rules is None and not said:
        return None
    from pcap_report.written.rule_files import joined, judging_of
    from pcap_report.written.yaml_file import Written

    beside = judging_of(Written(path, said, {}), _known_rules()) if path and said else None
    return joined(beside, None if rules is None else judging_in(rules))


def judging_in(rules: Path) -> Judging:
    """Return what a rules file says.

    Raises:
        UsageError: it cannot be read, or says what makes no sense.
    """
    from pcap_report.written.rule_files import read_rules

    return read_rules(rules, _known_rules())


def _known_rules() -> dict[str, tuple[str, ...]]:
    """Return the names of the thresholds of each rule of ours."""
    from pcap_report.rules.registry import RULES

    return {rule.id: tuple(one.name for one in rule.thresholds) for rule in RULES}


def _nearest(capture: str) -> tuple[Path | None, dict[str, Any]]:
    for path in _candidates(_folder(capture)):
        table = _table(path)
        if table is not None:
            return path, table
    return None, {}


def _folder(capture: str) -> Path:
    return Path.cwd() if capture == STANDARD_OUTPUT else led_to(Path(capture).parent)


def _candidates(folder: Path) -> Iterator[Path]:
    folders = [folder, *folder.parents]
    root = next((at for at, one in enumerate(folders) if (one / _REPOSITORY).exists()), 0)
    for one in folders[: root + 1]:
        yield one / NAME
        yield one / _PROJECT


def _table(path: Path) -> dict[str, Any] | None:
    """Read what a file says of us; None without a word of it. Any: TOML's values are of many types."""
    if not path.is_file():
        return None
    try:
        content = _content(path)
        found = content if path.name == NAME else content.get("tool", {}).get("pcap-report")
    except (ValueError, AttributeError, RecursionError) as error:  # a number of 5000 digits, 2000 brackets
        raise UsageError(
            f"{path} is no valid TOML: {error}", "https://toml.io shows how it is written"
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    if found is not None and not isinstance(found, dict):
        raise UsageError(f"{path}: {_TABLE} is no table", f"Write [{_TABLE}] on a line, and its keys below")
    return found


def _content(path: Path) -> dict[str, Any]:
    with path.open("rb") as source:
        text = source.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise UsageError(f"{path} is larger than {_MOST_BYTES // 1_000_000} MB")
    return tomllib.loads(text.decode())


def _wishes(table: dict[str, Any], path: Path) -> Wishes:
    unknown = next((key for key in table if key not in (*KEYS, *RULE_KEYS)), None)
    if unknown is not None:
        keys = ", ".join((*KEYS, *RULE_KEYS))
        raise UsageError(f"{path}: there is no key {unknown}", f"The keys are: {keys}")
    texts = {key: _text(key, value, path) for key, value in table.items() if key in KEYS}
    folder = texts.pop("template", None)
    return Wishes(**texts, template=None if folder is None else path.parent / folder)


def _text(key: str, value: object, path: Path) -> str:
    if isinstance(value, str):
        return value
    if key == "date" and isinstance(value, datetime.date):
        return value.isoformat()
    raise UsageError(f"{path}: {key} is no text", f'Write it in quotation marks: {key} = "…"')
