"""``analyze --anonymize`` as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pcap_report.anonymize.key import Key
from pcap_report.errors import UsageError

PROGRAM = Path(sys.executable).with_name("pcap-report")
SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "http-dns.pcapng"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)


def test_a_report_with_pseudonyms() -> None:
    plain, done = (
        json.loads(run("analyze", SAMPLE, "-f", "json", *more).stdout) for more in ([], ["--anonymize"])
    )
    assert done["capture"]["anonymized"] is True
    assert done["capture"]["file"] == "capture.pcapng"
    assert done["connections"][0]["server"]["names"] != plain["connections"][0]["server"]["names"]


def test_a_key_is_made_and_used_again(tmp_path: Path) -> None:
    key = tmp_path / "key"
    first = run("analyze", SAMPLE, "-f", "md", "--anonymize-key", key)
    again = run("analyze", SAMPLE, "-f", "md", "--anonymize", "--anonymize-key", key)
    assert first.returncode == again.returncode == 0
    assert first.stdout == again.stdout
    assert key.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short"])
def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    done = run("analyze", SAMPLE, "--anonymize-key", key)
    assert done.returncode == 2
    assert "is no key" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="devices")
def test_a_key_without_an_end_is_refused() -> None:
    with pytest.raises(UsageError, match="is no key"):
        Key.from_file(Path("/dev/zero"))


def test_a_title_that_gives_it_away_is_refused() -> None:
    plain = json.loads(run("analyze", SAMPLE, "-f", "json").stdout)
    client = plain["connections"][0]["client"]["ip"]
    done = run("analyze", SAMPLE, "-f", "md", "--anonymize", "--title", f"What {client} did")
    assert done.returncode == 2
    assert "--title" in done.stderr
    assert not done.stdout


def test_a_saved_report_can_be_published(tmp_path: Path) -> None:
    saved = tmp_path / "report.json"
    assert run("analyze", SAMPLE, "-o", saved).returncode == 0
    done = run("analyze", saved, "-f", "md", "--anonymize")
    assert done.returncode == 0
    assert "capture.pcapng" in done.stdout


def test_a_frame_taken_apart_is_anonymized_too() -> None:
    done = run("analyze", SAMPLE, "-f", "json", "--anonymize", "--dissect", 3)
    assert done.returncode == 0, done.stderr
