"""``pcap-report annotate``, ``diff`` and ``check --baseline``."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

Sample = Callable[[str], Path]


def comments(tshark: str, path: Path) -> dict[int, str]:
    command = [tshark, "-n", "-r", str(path), "-T", "fields", "-e", "frame.number", "-e", "frame.comment"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = (line.partition("\t") for line in done.stdout.splitlines())
    return {int(number): text for number, _, text in rows if text}


@pytest.mark.parametrize("form", ["pcapng", "pcap"])
def test_statements_stand_at_their_packets(desk: Desk, sample: Sample, real_tshark: str, form: str) -> None:
    source = desk.folder / f"source.{form}"
    command = [real_tshark, "-r", str(sample("http-dns")), "-F", form, "-w", str(source)]
    subprocess.run(command, capture_output=True, check=True)
    assert desk.run("annotate", source, "-o", "out.pcapng").status == 0
    found = comments(real_tshark, desk.folder / "out.pcapng")
    assert "pcap-report: low http.client_error" in found[22]
    report = json.loads(desk.run("analyze", source, "-f", "json").out)
    again = json.loads(desk.run("analyze", "out.pcapng", "-f", "json").out)
    assert [one["claims"] for one in again["connections"]] == [one["claims"] for one in report["connections"]]


@pytest.mark.parametrize("form", ["pcapng", "pcap"])
def test_the_copy_of_a_capture_that_is_cut_off_says_so(
    desk: Desk, sample: Sample, real_tshark: str, form: str
) -> None:
    """The copy itself ends behind a packet."""
    whole = desk.folder / f"whole.{form}"
    command = [real_tshark, "-r", str(sample("http-dns")), "-F", form, "-w", str(whole)]
    subprocess.run(command, capture_output=True, check=True)
    desk.file(f"cut.{form}", whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    assert desk.run("annotate", f"cut.{form}", "-o", "out.pcapng").status == 0
    last = json.loads(desk.run("analyze", f"cut.{form}", "-f", "json").out)["capture"]["packets"]
    found = comments(real_tshark, desk.folder / "out.pcapng")
    assert max(found) == last
    assert "pcap-report: The file is cut off" in found[last]


def test_ours_are_taken_out_and_those_of_others_stay(desk: Desk, sample: Sample, real_tshark: str) -> None:
    original = sample("http-dns")
    desk.run("annotate", original, "-o", "one.pcapng")
    desk.run("annotate", "one.pcapng", "-o", "two.pcapng")
    assert (desk.folder / "two.pcapng").read_bytes() == (desk.folder / "one.pcapng").read_bytes()
    desk.run("annotate", "two.pcapng", "-o", "bare.pcapng", "--strip")
    assert (desk.folder / "bare.pcapng").read_bytes() == original.read_bytes()
    editcap = Path(real_tshark).with_name("editcap")
    if not editcap.is_file():
        pytest.skip("there is no editcap beside tshark")
    subprocess.run([editcap, "-a", "22:look here", original, desk.folder / "their.pcapng"], check=True)
    desk.run("annotate", "their.pcapng", "-o", "both.pcapng")
    assert "look here" in comments(real_tshark, desk.folder / "both.pcapng")[22]
    desk.run("annotate", "both.pcapng", "-o", "their-own.pcapng", "--strip")
    assert comments(real_tshark, desk.folder / "their-own.pcapng") == {22: "look here"}


@pytest.mark.parametrize("out", ["http-dns.pcapng", "-"])
def test_a_copy_is_a_copy(desk: Desk, sample: Sample, out: str) -> None:
    desk.file("http-dns.pcapng", sample("http-dns").read_bytes())
    assert desk.run("annotate", "http-dns.pcapng", "-o", out).status == 2
    assert (desk.folder / "http-dns.pcapng").read_bytes() == sample("http-dns").read_bytes()


def test_what_changed_between_two_captures(desk: Desk, sample: Sample) -> None:
    same = desk.run("diff", sample("mcp-tls13"), sample("mcp-tls13"))
    assert (same.status, same.out) == (0, "nothing changed\n")
    other = desk.run("diff", sample("mcp-tls13"), sample("http-dns"), "-f", "json")
    assert other.status == 1
    told = json.loads(other.out)["changes"]
    assert {("connection", "vanished"), ("connection", "appeared"), ("finding", "appeared")} <= {
        (one["kind"], one["change"]) for one in told
    }


def test_nothing_changed_in_a_cut_capture_cannot_be_told(desk: Desk, sample: Sample) -> None:
    cut = desk.file("cut.pcapng", sample("mcp-tls13").read_bytes()[:-200])
    assert desk.run("diff", cut, cut).status == 5


def test_findings_of_the_baseline_are_known(desk: Desk, sample: Sample) -> None:
    wanted = desk.file("wanted.yaml", b"no_findings: [{severity: info}]")
    assert desk.run("check", sample("http-dns"), "--expect", wanted).status == 1
    desk.run("analyze", sample("http-dns"), "-o", "known.json")
    done = desk.run("check", sample("http-dns"), "--expect", wanted, "--baseline", "known.json")
    assert done.status == 0
    assert "2 known" in done.out
    new = desk.run("check", sample("http-dns"), "--expect", wanted, "--baseline", sample("mcp-tls13"))
    assert new.status == 1
