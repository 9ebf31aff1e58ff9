"""Whole reports of all samples in all languages, to be read: a changed one is read before it is accepted.

``pytest tests/render/test_markdown_golden.py --snapshot-update`` writes them anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from pcap_report import __version__
from tests.render.reports import LANGUAGES, SAMPLES, SAMPLES_DIR, markdown_of, sample

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


class MarkdownFile(SingleFileSnapshotExtension):
    """A golden with its real ending, so that it can be looked at."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


CASES = [
    pytest.param(name, language, id=f"{name.removesuffix('.pcapng')}.{language}")
    for name in SAMPLES
    for language in LANGUAGES
]


@pytest.mark.parametrize(("name", "language"), CASES)
def test_report(name: str, language: str, snapshot: SnapshotAssertion) -> None:
    report = masked(markdown_of(SAMPLES_DIR / name, language), name)
    assert report == snapshot(extension_class=MarkdownFile)


def masked(text: str, name: str) -> str:
    """Hide the versions of the programs; the capture's own words stay."""
    tshark = sample(name).generator.tshark_version
    text = text.replace(f"`pcap-report` `{__version__}`", "`pcap-report` `VERSION`")
    return re.sub(rf"tshark `{re.escape(tshark)}`", "tshark `VERSION`", text)
