"""Whole reports: nothing of the original is left, and what they say still fits together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from pcap_report.anonymize import Key, anonymize, require_clean
from pcap_report.flow.community_id import TCP, community_id
from pcap_report.render.json_report import read_json, render_json
from tests.anonymize.published import KEY, anonymized, left_in, outputs, report_of

if TYPE_CHECKING:
    from pcap_report.model.report import Report

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "samples").glob("*.pcapng"))
NAMES = [path.name for path in SAMPLES]


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_nothing_is_left(path: Path) -> None:
    done = anonymized(path)
    for written, blank in zip(outputs(done.report), outputs(done.blank), strict=True):
        assert left_in(written, report_of(path)) == set()
        require_clean(written, lambda text=blank: text, done.originals)  # type: ignore[misc]  # bound now


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_our_own_search_finds_what_is_there(path: Path) -> None:
    before = report_of(path)
    assert left_in(render_json(before), before)


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_the_report_keeps_its_shape(path: Path) -> None:
    before, after = report_of(path), anonymized(path).report
    assert after.capture.anonymized
    assert len(after.connections) == len(before.connections)
    assert [one.frames for one in after.claims] == [one.frames for one in before.claims]
    assert read_json(render_json(after).encode()) == after
    for one, other in zip(before.connections, after.connections, strict=True):
        assert (one.client.port, one.server.port, one.bytes) == (
            other.client.port,
            other.server.port,
            other.bytes,
        )
        assert (one.client.private, one.start_s) == (other.client.private, other.start_s)
        assert len(one.claims) == len(other.claims)
        assert other.protocol != "tcp" or other.community_id == community_id(
            other.client.ip, other.client.port, other.server.ip, other.server.port, TCP
        )


def _mapping(before: Report, after: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one, other in zip(before.connections, after.connections, strict=True):
        pairs = [(one.client.ip, other.client.ip), (one.server.ip, other.server.ip)]
        pairs += zip(one.server.names, other.server.names, strict=True)
        for original, pseudonym in pairs:
            found.setdefault(original, set()).add(pseudonym)
    for look, up in zip(before.dns, after.dns, strict=True):
        for original, pseudonym in ((look.name, up.name), *zip(look.answers, up.answers, strict=True)):
            found.setdefault(original, set()).add(pseudonym)
    return found


@pytest.mark.parametrize("path", SAMPLES, ids=NAMES)
def test_one_original_has_one_pseudonym_everywhere(path: Path) -> None:
    mapping = _mapping(report_of(path), anonymized(path).report)
    assert all(len(pseudonyms) == 1 for pseudonyms in mapping.values())
    used = [name for names in mapping.values() for name in names]
    assert len(used) == len(set(used))


def test_one_key_gives_one_report() -> None:
    key = Key(KEY.secret, kept=True)
    before = report_of(SAMPLES[0])
    assert anonymize(before, key).report == anonymize(before, key).report
    assert anonymize(before, Key.random()).report != anonymize(before, Key.random()).report


def test_captures_of_one_network_agree_under_one_key() -> None:
    key = Key(KEY.secret, kept=True)
    found: dict[str, set[str]] = {}
    for path in SAMPLES:
        before = report_of(path)
        for original, pseudonyms in _mapping(before, anonymize(before, key).report).items():
            found.setdefault(original, set()).update(pseudonyms)
    assert all(len(pseudonyms) == 1 for pseudonyms in found.values())


def test_records_of_strangers_are_left_out() -> None:
    before = report_of(SAMPLES[0])
    with_plugin = msgspec.structs.replace(before, extensions={"theirs": {"who": "alice.acme.com"}})
    assert "alice" not in render_json(anonymize(with_plugin, KEY).report)


@pytest.mark.parametrize("language", ["en", "es", "zh"])
def test_the_report_says_that_it_is_anonymized(language: str) -> None:
    done = anonymize(report_of(SAMPLES[0]), KEY, language)
    assert {"en": "anonymized", "es": "anonimizado", "zh": "已匿名化"}[language] in done.report.not_visible[
        0
    ].why
