"""A report that was read in shards is the report of a single pass, byte for byte."""

from __future__ import annotations

import struct
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import Ether
from scapy.utils import wrpcap

from pcap_report.capture import one_pass
from pcap_report.capture.magic import capture_format
from pcap_report.engine.analysis import analyze
from pcap_report.engine.options import Options
from pcap_report.engine.sharding import plan, run
from pcap_report.engine.sharding.run import ShardedReading
from pcap_report.private_folder import PrivateFolder
from pcap_report.processes import Broken
from pcap_report.render.json_report import render_json
from tests.bench.generate import generate
from tests.dialogue.files import Pcapng

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.engine.attempts import Attempts

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.pcapng"))
SHARED = Path(__file__).parents[2].parent / "shared" / "captures"


@pytest.fixture
def put_together(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each reading in shards could be put together."""
    seen: list[bool] = []
    read = ShardedReading.read

    def watched(self: ShardedReading, kinds: Sequence[AnalyzerKind], attempts: Attempts) -> bool:
        seen.append(read(self, kinds, attempts))
        return seen[-1]

    monkeypatch.setattr(ShardedReading, "read", watched)
    return seen


def both(capture: Path, shards: int, options: Options | None = None) -> tuple[str, str]:
    """Return the JSON of a single pass, and the one of shards."""
    asked = options or Options()
    one = render_json(analyze(capture, replace(asked, shards=1)))
    return one, render_json(analyze(capture, replace(asked, shards=shards, workers=2)))


@pytest.mark.parametrize("capture", SAMPLES, ids=lambda path: path.stem)
def test_the_samples(capture: Path, put_together: list[bool]) -> None:
    one, many = both(capture, 3)
    assert many == one
    assert put_together == [True]


def test_many_connections_more_than_are_told(tmp_path: Path, put_together: list[bool]) -> None:
    one, many = both(generate(tmp_path / "many.pcap", 12_000), 4)
    assert many == one
    assert put_together == [True]


def test_a_cut_off_capture_is_cut_off_in_the_same_words(tmp_path: Path, put_together: list[bool]) -> None:
    whole = generate(tmp_path / "whole.pcap", 600)
    capture = tmp_path / "cut.pcap"
    capture.write_bytes(whole.read_bytes()[:-11])
    one, many = both(capture, 3)
    assert '"truncated": true' in many
    assert "cut short" in many
    assert many == one
    assert put_together == [True]


def test_time_that_goes_backwards_is_told_in_the_order_of_the_file(
    tmp_path: Path, put_together: list[bool]
) -> None:
    data = bytearray(generate(tmp_path / "whole.pcap", 400).read_bytes())
    place, number = 24, 0
    while place < len(data):
        seconds, _, length, _ = struct.unpack_from("<IIII", data, place)
        number += 1
        if number % 50 == 0:
            struct.pack_into("<I", data, place, seconds - number)
        place += 16 + length
    capture = tmp_path / "backwards.pcap"
    capture.write_bytes(data)
    one, many = both(capture, 3)
    assert '"time_reversals": {' in many
    assert many == one
    assert put_together == [True]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(run, "PrivateFolder", partial(PrivateFolder, temporary))
    analyze(generate(tmp_path / "some.pcap", 500), Options(shards=2, workers=1))
    assert list(temporary.iterdir()) == []


def test_where_a_process_is_killed_the_capture_is_read_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture = generate(tmp_path / "some.pcap", 300)

    def killed(
        _: object, jobs: Iterable[object], *__: object, **___: object
    ) -> Generator[object, None, None]:
        yield next(iter(jobs)), Broken("its process was ended by SIGKILL", 70, died=True)

    whole = analyze(capture, Options(shards=1))
    monkeypatch.setattr(run, "work_through", killed)
    assert analyze(capture, Options(shards=3)) == whole


def test_how_far_it_is_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    analyze(generate(tmp_path / "some.pcap", 12_000), Options(shards=3, workers=2, progress=told.append))
    assert told == sorted(told)
    assert told[-1] == 12_000


def test_chosen_analyzers_only(tmp_path: Path, put_together: list[bool]) -> None:
    capture = generate(tmp_path / "some.pcap", 800)
    one, many = both(capture, 2, Options(analyzers=("tcp_handshake", "dns", "traffic")))
    assert many == one
    assert put_together == [True]


def test_a_format_that_cannot_be_cut_is_read_in_one_pass(tmp_path: Path, put_together: list[bool]) -> None:
    editcap = which("editcap")
    if editcap is None:
        pytest.skip("editcap is not installed")
    capture = tmp_path / "some.snoop"
    subprocess.run([editcap, "-F", "snoop", str(SAMPLES[0]), str(capture)], check=True)
    one, many = both(capture, 3)
    assert many == one
    assert put_together == []


def test_a_conversation_on_two_kinds_of_links_is_read_in_one_pass(
    tmp_path: Path, put_together: list[bool]
) -> None:
    """A cut does not look for addresses below a header that it does not know; tshark does."""
    talk = [
        IP(src=one, dst=other) / UDP(sport=4000 + (one > other), dport=4000 + (one < other)) / b"x"
        for one, other in (("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.1")) * 3
    ]
    file = Pcapng().section().interface().interface(link=0)
    for place, packet in enumerate(talk):
        data = bytes(packet)
        if place % 2:
            file.packet(b"\x02\0\0\0" + data, interface=1)
        else:
            file.packet(bytes(12) + b"\x08\x00" + data)
    capture = tmp_path / "links.pcapng"
    capture.write_bytes(bytes(file))
    results = {shards: both(capture, shards) for shards in (2, 3, 5)}
    assert all(many == one for one, many in results.values())
    assert False in put_together


def test_results_without_room_are_loaded_when_all_shards_are_read(
    tmp_path: Path, put_together: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_LOADED_EARLY", 100)
    one, many = both(generate(tmp_path / "some.pcap", 2000), 3)
    assert many == one
    assert put_together == [True]


def test_shards_are_as_many_as_the_size_asks_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    capture = generate(tmp_path / "some.pcap", 3000)
    form = capture_format(capture)
    assert plan.shard_count(capture, form, 2) == 1
    monkeypatch.setattr(plan, "PACKETS_A_SHARD", 1000)
    monkeypatch.setattr(one_pass, "_MOST_WITH_MANY_WORKERS", 2500)
    assert plan.shard_count(capture, form, 2) == 1
    assert plan.shard_count(capture, form, 4) == 4
    assert plan.shard_count(capture, form, 8) == 8


def captures() -> list[Path]:
    """Shared captures of every category that are not too large for a test."""
    if not SHARED.is_dir():
        return []
    found = (path for path in sorted(SHARED.glob("*/*.*cap*")) if path.parent.name != "oracles")
    small = [path for path in found if path.stat().st_size < 400_000]
    return small[::6]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared captures are not here")
@pytest.mark.parametrize("capture", captures(), ids=lambda path: path.stem)
def test_shared_captures(capture: Path) -> None:
    try:
        analyze(capture)
    except Exception as error:
        with pytest.raises(type(error)):
            analyze(capture, Options(shards=3, workers=2))
        return
    one, many = both(capture, 3)
    assert many == one


def test_streams_of_datagrams_have_their_numbers_in_the_whole_capture(
    tmp_path: Path, put_together: list[bool]
) -> None:
    """What ICMP errors quote, and the anatomy of frames: tshark counts streams anew in each shard."""
    sent = []
    for number in range(12):
        client, server = f"192.0.2.{number + 1}", f"198.51.100.{number + 1}"
        asked = IP(src=client, dst=server) / UDP(sport=40000 + number, dport=9999) / b"hello"
        sent += [asked, IP(src=server, dst=client) / ICMP(type=3, code=3) / asked]
    capture = tmp_path / "datagrams.pcap"
    wrpcap(str(capture), [Ether() / packet for packet in sent])
    one, many = both(capture, 3)
    assert '"udp_stream": 11' in one
    assert many == one
    assert put_together == [True]


def test_a_script_that_protects_no_main_module_may_ask(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, pcap_report\n"
        "report = pcap_report.analyze(sys.argv[1], pcap_report.Options(workers=2, shards=2))\n"
        "print(len(report.connections))\n",
        encoding="utf-8",
    )
    (sample,) = (one for one in SAMPLES if one.stem == "lossy-three-connections")
    done = subprocess.run([sys.executable, script, sample], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")
