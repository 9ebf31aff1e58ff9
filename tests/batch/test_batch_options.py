"""What ``analyze`` can be asked for, a batch can be asked for; other options make other reports."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.batch.test_batch import captures, index_of, stamps
from tests.cli.conftest import SAMPLES, Desk, desk

__all__ = ["desk"]  # a fixture

RULES = """settings:
  tls.old_version: {severity: low}
rules:
  - id: mine.any
    severity: high
    when: "packets > 0"
    summary: a connection was seen
"""
PLUGIN = '''
from pcap_report.analyzers.base import CaptureAnalyzer


class Count(CaptureAnalyzer):
    """Counts."""

    id = "mine.count"
    fields = ()
    protocols = frozenset(("dns",))

    def on_packet(self, packet):
        pass

    def result(self):
        return None
'''


def reports_of(folder: Path) -> dict[str, Any]:
    """Return the JSON reports by the names of their captures."""
    entries = index_of(folder)["captures"]
    paths = {Path(one["path"]).name: one["summary"]["json_report"] for one in entries}
    return {name: json.loads((folder / "reports" / path).read_bytes()) for name, path in paths.items()}


def test_a_folder_of_key_logs_opens_the_captures_that_are_called_alike(desk: Desk) -> None:
    captures(desk.folder / "in", "mcp-tls13", "http-dns")
    (desk.folder / "keys").mkdir()
    shutil.copy(SAMPLES / "mcp-tls13.keys", desk.folder / "keys")
    assert "made: 2" in desk.run("batch", "in", "-o", "out", "-f", "json").out
    before = stamps(desk.folder / "out")
    done = desk.run("batch", "in", "-o", "out", "-f", "json", "--keylog", "keys")
    assert "reports made: 1, as they were: 1" in done.out, done.err
    after = stamps(desk.folder / "out")
    assert {name.split(".")[0] for name in before if before[name] != after[name]} == {"mcp-tls13"}
    alone = desk.run("analyze", "in/mcp-tls13.pcapng", "--keylog", "keys/mcp-tls13.keys", "-f", "json")
    assert reports_of(desk.folder / "out")["mcp-tls13.pcapng"] == json.loads(alone.out)
    assert json.loads(alone.out)["decryption"]


def test_one_key_log_and_one_application_log_serve_all_captures(desk: Desk) -> None:
    captures(desk.folder / "in", "mcp-tls13", "http-dns")
    named = ["--keylog", SAMPLES / "mcp-tls13.keys", "--rpc-log", SAMPLES / "mcp-tls13.rpc.jsonl"]
    done = desk.run("batch", "in", "-o", "out", "-f", "json", *named)
    assert "reports made: 2" in done.out, done.err
    alone = desk.run("analyze", "in/mcp-tls13.pcapng", *named, "-f", "json")
    assert reports_of(desk.folder / "out")["mcp-tls13.pcapng"] == json.loads(alone.out)


def test_what_an_option_names_counts_with_its_content(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    desk.file("rules.yaml", RULES.encode())
    desk.file("plugin.py", PLUGIN.encode())
    named = ["batch", "in", "-o", "out", "-f", "md", "--rules", "rules.yaml", "--plugin", "plugin.py"]
    assert "reports made: 1" in desk.run(*named).out
    assert "as they were: 1" in desk.run(*named).out
    assert index_of(desk.folder / "out")["captures"][0]["summary"]["findings"]["high"] > 0
    desk.file("rules.yaml", RULES.replace("severity: high", "severity: low").encode())
    assert "reports made: 1" in desk.run(*named).out
    assert index_of(desk.folder / "out")["captures"][0]["summary"]["findings"]["high"] == 0
    desk.file("plugin.py", (PLUGIN + "# changed\n").encode())
    assert "reports made: 1" in desk.run(*named).out
    assert "reports made: 1" in desk.run(*named, "--title", "Week 3").out
    assert "reports made: 1" in desk.run(*named, "--analyzers", "dns").out
    assert "as they were: 1" in desk.run(*named, "--analyzers", "dns", "--workers", "1").out


def test_the_file_beside_the_captures_holds_for_its_folder(desk: Desk) -> None:
    captures(desk.folder / "in" / "one", "http-dns")
    captures(desk.folder / "in" / "two", "refused-and-unanswered")
    captures(desk.folder / "in" / "bad", "mcp-tls13")
    desk.file("in/one/pcap-report.toml", 'lang = "es"\ntitle = "Práctica"\n'.encode())
    desk.file("in/bad/pcap-report.toml", b"colour = 'red'\n")
    done = desk.run("batch", "in", "-o", "out", "-f", "md")
    assert done.status == 0
    assert "reports made: 2, as they were: 0, captures that failed: 1" in done.out
    (failure,) = index_of(desk.folder / "out")["failures"]
    assert failure["path"] == "in/bad/mcp-tls13.pcapng"
    assert "there is no key colour" in failure["message"]
    entries = {
        Path(one["path"]).parent.name: one["summary"] for one in index_of(desk.folder / "out")["captures"]
    }
    assert {name: one["recipe"]["language"] for name, one in entries.items()} == {"one": "es", "two": "en"}
    report = (desk.folder / "out" / "reports" / entries["one"]["report"]).read_text("utf-8")
    assert report.startswith("# Práctica\n")
    desk.file("in/one/pcap-report.toml", b'lang = "es"\ntitle = "Otra"\n')
    assert "reports made: 1, as they were: 1" in desk.run("batch", "in", "-o", "out", "-f", "md").out


def test_with_pseudonyms_nothing_names_a_capture_or_what_is_in_it(desk: Desk) -> None:
    captures(desk.folder / "in" / "secret-customer", "http-dns")
    (desk.folder / "in" / "secret-customer" / "bad-customer.pcap").write_text("no capture")
    named = ["batch", "in", "-o", "out", "-f", "html", "--anonymize-key", "pseudonyms.key"]
    done = desk.run(*named)
    assert "reports made: 1, as they were: 0, captures that failed: 1" in done.out, done.err
    assert "bad-customer.pcap" in done.err  # who runs it is told
    plain = desk.run("analyze", "in/secret-customer/http-dns.pcapng", "-f", "json")
    report = json.loads(plain.out)
    hidden = [b"customer", b"http-dns", report["capture"]["sha256"][:16].encode()]
    hidden += [one["server"]["ip"].encode() for one in report["connections"]]
    hidden += [one["name"].encode() for one in report["dns"]]
    files = [path for path in (desk.folder / "out").rglob("*") if path.is_file()]
    assert len(files) > 4
    for path in files:
        text = str(path.relative_to(desk.folder)).encode() + path.read_bytes()
        assert [one for one in hidden if one in text] == [], path
    assert "reports made: 0, as they were: 1" in desk.run(*named).out
    desk.file("other.key", b"x" * 40)
    assert "reports made: 1" in desk.run(*named[:-1], "other.key").out


def test_a_key_that_nobody_keeps_makes_new_pseudonyms_each_time(desk: Desk) -> None:
    captures(desk.folder / "in", "http-dns")
    first = desk.run("batch", "in", "-o", "out", "-f", "json", "--anonymize")
    assert "--anonymize-key" in first.err
    assert "reports made: 1, as they were: 0" in first.out
    assert (
        "reports made: 1, as they were: 0"
        in desk.run("batch", "in", "-o", "out", "-f", "json", "--anonymize").out
    )
    (report,) = reports_of(desk.folder / "out").values()
    assert report["capture"]["anonymized"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--keylog", "no.keys"], "There is no file no.keys"),
        (["--rules", "no.yaml"], "no.yaml"),
        (["--plugin", "no.py"], "no.py"),
        (["--analyzers", "nonsense"], "nonsense"),
        (["--lang", "xx"], "xx"),
        (["--template", "nowhere"], "nowhere"),
    ],
)
def test_a_wrong_option_ends_the_batch_before_it_begins(desk: Desk, arguments: list[str], words: str) -> None:
    captures(desk.folder / "in", "http-dns")
    done = desk.run("batch", "in", "-o", "out", *arguments)
    assert done.status == 2
    assert words in done.err
    assert not (desk.folder / "out" / "index.json").exists()
