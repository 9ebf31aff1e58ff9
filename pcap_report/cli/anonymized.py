"""``--anonymize``: what is written holds pseudonyms, and is searched for originals before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.anonymize import Key
    from pcap_report.anonymize.originals import Originals
    from pcap_report.anonymize.report import Anonymized
    from pcap_report.cli.formats import Format, Presentation, Written
    from pcap_report.model.report import Report


def anonymized_output(report: Report, form: Format, how: Presentation, key_file: Path | None) -> Written:
    """Render a report with pseudonyms.

    Raises:
        UsageError: the key cannot be used, or the user's own title holds an original value.
        OriginalLeftError: the output still holds one.
    """
    return clean_output(with_pseudonyms(report, how, key_of(key_file)), form, how)


def key_of(key_file: Path | None) -> Key:
    """Return the key in a file, or one that nobody keeps.

    Raises:
        UsageError: the file cannot be used.
    """
    from pcap_report.anonymize import Key

    return Key.random() if key_file is None else Key.from_file(key_file)


def with_pseudonyms(report: Report, how: Presentation, key: Key) -> Anonymized:
    """Put pseudonyms into a report.

    Raises:
        UsageError: the user's own title holds an original value.
    """
    from pcap_report.anonymize import anonymize

    done = anonymize(report, key, how.language)
    _require_clean_titles(how, done.originals)
    return done


def clean_output(done: Anonymized, form: Format, how: Presentation) -> Written:
    """Write a report with pseudonyms, after a search for originals.

    Raises:
        OriginalLeftError: the output still holds one.
    """
    from pcap_report.anonymize import require_clean

    written = form.searchable(done.report, how)
    require_clean(written, lambda: form.searchable(done.blank, how), done.originals)
    return form.written(done.report, how)


def _require_clean_titles(how: Presentation, originals: Originals) -> None:
    """Refuse a title that gives away what the report hides: it is printed as the user wrote it."""
    from pcap_report.anonymize.search import originals_in

    for option in ("title", "author", "course", "date"):
        if originals_in(getattr(how, option) or "", originals):
            raise UsageError(
                f"--{option} holds a value that --anonymize replaces in the report",
                f"Write it without names and addresses of the capture, or leave --{option} out.",
            )
