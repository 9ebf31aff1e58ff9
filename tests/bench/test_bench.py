"""The benchmark in small: it runs, what it writes is whole, and its captures are what they are said to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import analyze
from tests.bench.captures import Capture
from tests.bench.contenders import BARE, OURS, Contender, printed_count
from tests.bench.generate import KINDS, generate
from tests.bench.measuring import How, measured
from tests.bench.process_tree import Cost, cost_of
from tests.bench.results import Case, Results, rows_of
from tests.bench.table import markdown
from tests.bench.targets import targets

_ROOT = Path(__file__).parents[2]
_RIVALS = Path(__file__).parent / "rivals"


def test_the_short_form_measures_and_writes_both_tables(tmp_path: Path) -> None:
    out = tmp_path / "bench"
    asked = ["--sizes", "200", "--rounds", "1", "--kinds", "mixed", "--only", BARE, OURS, "-o", str(out)]

    subprocess.run([sys.executable, "-m", "tests.bench", *asked], cwd=_ROOT, check=True, capture_output=True)

    results = json.loads(out.with_suffix(".json").read_text())
    (case,) = results["cases"]
    assert (case["packets"], [row["contender"] for row in case["rows"]]) == (200, [BARE, OURS])
    bare, ours = case["rows"]
    assert ours["to_bare"][0] == ours["wall_s"][0] / bare["wall_s"][0]
    page = out.with_suffix(".md").read_text()
    assert "| tshark -T fields, the same fields | 1 |" in page
    assert "| at least 8 × pcap-doctor |  | not measured | not measured |" in page


@pytest.mark.parametrize("kind", KINDS)
def test_generated_captures_are_the_same_each_time_and_their_checksums_fit(tmp_path: Path, kind: str) -> None:
    capture = generate(tmp_path / "one.pcap", 1500, kind)

    assert capture.read_bytes() == generate(tmp_path / "two.pcap", 1500, kind).read_bytes()
    checked = [word for name in ("ip", "tcp", "udp") for word in ("-o", f"{name}.check_checksum:TRUE")]
    wrong = "ip.checksum.status==0||tcp.checksum.status==0||udp.checksum.status==0"
    asked = [find_tshark().path, "-n", "-r", str(capture), *checked, "-Y", wrong]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == ""


def test_copies_of_a_session_are_connections_of_their_own(tmp_path: Path) -> None:
    report = analyze(generate(tmp_path / "mixed.pcap", 7000, "mixed"))

    quic = [connection for connection in report.connections if connection.protocol == "quic"]
    of_client = Counter(connection.client.ip for connection in quic)
    assert of_client["10.0.0.2"] == 3  # a full handshake, a resumption, one with a Retry
    assert len(of_client) > 20
    assert {one.tls_handshake.sni for one in quic if one.tls_handshake} == {"h3.example.net"}
    assert all(one.tls_handshake and one.tls_handshake.server_hello for one in quic if one.packets > 5)


def test_the_elephant_is_one_clean_connection(tmp_path: Path) -> None:
    (connection,) = analyze(generate(tmp_path / "elephant.pcap", 1500, "elephant")).connections

    assert connection.packets == 1500 - 6
    assert connection.tcp_phenomena is not None
    assert connection.tcp_phenomena.retransmission.count == connection.tcp_phenomena.lost_segment.count == 0


def test_memory_and_time_are_those_of_all_processes_together(tmp_path: Path) -> None:
    busy = "import time; kept = bytearray(60_000_000); end = time.process_time() + 0.2\n"
    busy += "while time.process_time() < end: pass\ntime.sleep(0.5)"
    two = f"import subprocess, sys; a = [subprocess.Popen([sys.executable, '-c', {busy!r}]) for _ in 'ab']\n"

    waited = cost_of([sys.executable, "-c", two + "for p in a: p.wait()"], tmp_path / "out")

    assert waited.cpu_s >= 0.4
    assert waited.peak_mb is None or waited.peak_mb > 120


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt others")
def test_orphans_are_waited_for_and_nobody_is_adopted_afterwards(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.3: pass"
    started = f"subprocess.Popen([sys.executable, '-c', {busy!r}], start_new_session=True)"
    leave = [sys.executable, "-c", f"import subprocess, sys; print({started}.pid)"]
    out = tmp_path / "out"
    with subprocess.Popen(["sleep", "60"]) as other:
        cost = cost_of(leave, out)
        is_waited_for = other.poll() is not None
        other.kill()
    assert cost.cpu_s >= 0.3
    assert not Path("/proc", out.read_text().strip()).exists()
    assert not is_waited_for, "it was ours before"

    orphan = int(subprocess.run(leave, capture_output=True, check=True).stdout)
    with pytest.raises(ChildProcessError):
        os.waitpid(orphan, 0)


@pytest.mark.parametrize("mode", ["xml", "json", "ek"])
def test_pyshark_reads_every_packet(mode: str) -> None:
    assert _rival("read_pyshark.py", mode) == "119 3"


def test_scapy_reads_every_packet() -> None:
    assert _rival("read_scapy.py") == "119 3"


def _rival(script: str, *arguments: str) -> str:
    capture = _ROOT / "samples" / "lossy-three-connections.pcapng"
    asked = [sys.executable, "-W", "ignore", str(_RIVALS / script), str(capture), *arguments]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("print(3)", "it read 3 of 50 packets"),
        ("print()", "it did not say how many packets it read"),
        ("raise SystemExit(4)", "returned non-zero exit status 4"),
    ],
)
def test_who_does_not_read_everything_is_left_out_and_said(tmp_path: Path, program: str, said: str) -> None:
    path = generate(tmp_path / "small.pcap", 50)
    rival = Contender("a rival", lambda *_: [sys.executable, "-c", program], printed_count)
    capture = Capture("sessions, 50", "sessions", 50, path)

    case = measured(capture, {"rival": rival}, tmp_path, How(rounds=2, rival_rounds=2, limited=True))

    assert case.rows == ()
    assert said in case.left_out["a rival"]


def test_a_promise_is_met_not_met_or_not_measured() -> None:
    quick, slow = Cost(1.0, 1.0, 100.0), Cost(2.0, 2.0, 1300.0)
    rival = Cost(17.0, 30.0, 900.0)
    runs = {BARE: ("bare", [slow, quick]), OURS: ("ours", [slow]), "pcap-doctor": ("rival", [rival])}
    case = Case("sessions, 100,000", "sessions", 100_000, 1, "", 0.0, rows_of(runs, 100_000), {})

    found = targets([case])

    said = {target.promise: (target.measured, target.met) for target in found}
    assert said["one worker: at most 1.1 × bare tshark"] == ("2.00 × (medians: 1.33 ×)", False)
    assert said["at least 8 × pcap-doctor"] == ("8.5 ×; bare tshark: 17.0 ×", True)
    assert said["all processes together: less than 1.2 GB"] == ("1,300 MB", False)
    assert Counter(target.met for target in found)[None] == 6


def test_the_published_table_and_plan_are_those_of_the_published_figures() -> None:
    docs = _ROOT / "docs"
    results = msgspec.json.decode((docs / "bench.json").read_bytes(), type=Results)

    assert (docs / "bench.md").read_text("utf-8") == markdown(results)
    assert results.targets == targets(results.cases)
    asked = [sys.executable, "-m", "tests.bench.plan", "docs/bench.json"]
    plan = subprocess.run(asked, cwd=_ROOT, capture_output=True, text=True, check=True).stdout
    assert f"<!-- plan: begin -->\n{plan}<!-- plan: end -->" in (docs / "scale.md").read_text("utf-8")
