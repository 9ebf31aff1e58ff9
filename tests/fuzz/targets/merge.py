"""What shards found of a few packets, put together, is what one pass finds of them."""

from __future__ import annotations

import tempfile
from array import array
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from pcap_report.analyzers.plugins import available_analyzers
from pcap_report.analyzers.registry import chosen
from pcap_report.capture.columns import columns_for
from pcap_report.capture.rows import RowParser
from pcap_report.capture.shards import Shard
from pcap_report.capture.tshark import find_tshark
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.connections import draft_connections
from pcap_report.engine.fields import declared_fields
from pcap_report.engine.names import Names
from pcap_report.engine.reading import Reading
from pcap_report.engine.sharding.merge import Merger
from pcap_report.engine.sharding.part import NotSeparableError, ShardPart
from pcap_report.engine.sharding.row_store import RowStore
from pcap_report.engine.sharding.shard_reading import Aside, Beside, Moments, ShardReading, in_the_capture
from pcap_report.engine.sharding.task import ShardTask
from pcap_report.model.series import without_series
from tests.fuzz.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.capture.columns import Columns
    from pcap_report.model.packet import Packet

_CONVERSATIONS: Final = 6
_SHARDS: Final = 3
_ASKED: Final = ("tcp_handshake", "teardown", "tcp_phenomena", "app_data", "tcp_performance", "traffic")
_FLAGS: Final = ("0x0002", "0x0012", "0x0010", "0x0018", "0x0011", "0x0004", "0x0014", "0x0000")
_TIMES_NS: Final = (0, 1, 1_000_000, 1_000_000_000, 3_600_000_000_000, -5_000_000)

Row = dict[str, str]


def seeds() -> Iterator[bytes]:
    """A connection, many that are mixed, and times that go backwards."""
    yield bytes(number for step in range(6) for number in (0, step % 2, step, 2, 10))
    yield bytes(number for step in range(40) for number in (step % 6, step % 2, step % 8, step % 6, step))
    yield bytes(number for step in range(30) for number in (step * 7 % 6, step % 2, 3, 5, 200))


@cache
def _kinds() -> Sequence[AnalyzerKind]:
    return chosen(available_analyzers(), _ASKED)


@cache
def _columns() -> Columns:
    return columns_for(find_tshark(), declared_fields(_kinds()))


def attempt(data: bytes) -> None:
    """Read packets in one pass, and in shards."""
    conversations, rows = _rows(Supply(data))
    if not rows:
        return
    with tempfile.TemporaryDirectory(prefix="pcap-report-fuzz-") as folder:
        attempts = Attempts(_kinds(), _kinds())
        one = Reading(_kinds(), attempts, None)
        one.read(_packets(rows))
        try:
            many = _in_shards(conversations, rows, Path(folder))
        except NotSeparableError:
            return
        assert _told(many, Attempts(_kinds(), _kinds())) == _told(one, attempts)


def _told(reading: Reading, attempts: Attempts) -> bytes:
    drafts = draft_connections(reading, attempts, Names((), ()))
    paths = sorted((path, one.packets, one.byte_count) for path, one in reading.paths.items())
    clock = (reading.clock.first_ns, reading.clock.last_ns)
    told = [
        [without_series(draft.connection) for draft in drafts],
        paths,
        clock,
        reading.packets,
        attempts.messages,
    ]
    return msgspec.json.encode(told)


def _rows(supply: Supply) -> tuple[list[int], list[Row]]:
    """Make the rows that tshark would write, with the streams numbered as they come."""
    streams: dict[int, int] = {}
    now, conversations = 1_700_000_000_000_000_000, list[int]()
    rows: list[Row] = []
    while supply and len(rows) < 100:
        conversation, backwards = supply.number() % _CONVERSATIONS, supply.number() % 2
        flags, gap, payload = supply.choice(_FLAGS), supply.choice(_TIMES_NS), supply.number()
        now += gap
        ends = [(f"192.0.2.{conversation}", "50000"), ("198.51.100.2", "443")]
        (source, port), (destination, other) = ends[::-1] if backwards else ends
        rows.append(
            {
                "frame.time_epoch": f"{now // 1_000_000_000}.{now % 1_000_000_000:09}",
                "frame.len": str(54 + payload),
                "frame.cap_len": str(54 + payload),
                "frame.protocols": "eth:ethertype:ip:tcp",
                "ip.src": source,
                "ip.dst": destination,
                "tcp.stream": str(streams.setdefault(conversation, len(streams))),
                "tcp.srcport": port,
                "tcp.dstport": other,
                "tcp.seq": str(supply.number()),
                "tcp.ack": str(supply.number()),
                "tcp.len": str(payload),
                "tcp.flags": flags,
                "tcp.window_size_value": "502",
            }
        )
        conversations.append(conversation)
    return conversations, rows


def _packets(rows: Sequence[Row]) -> Iterator[Packet]:
    columns = _columns()
    parser = RowParser(columns)
    for frame, row in enumerate(rows, 1):
        packet = parser.packet("\t".join([str(frame), *(row.get(name, "") for name in columns.names[1:])]))
        assert packet is not None
        yield packet


def _in_shards(conversations: Sequence[int], rows: Sequence[Row], folder: Path) -> Reading:
    origin_ns = next(_packets(rows)).time_ns
    tasks, parts = [], []
    for number in range(_SHARDS):
        frames = [at for at, one in enumerate(conversations, 1) if one % _SHARDS == number]
        if not frames:
            continue
        path = folder / f"shard-{number}.pcap"
        with path.with_suffix(".frames").open("xb") as file:
            array("I", frames).tofile(file)
        asked = ShardTask(Shard(path, len(frames)), "capture", find_tshark(), _ASKED, origin_ns)
        tasks.append(asked)
        parts.append(_part(asked, [rows[at - 1] for at in frames]))
    attempts = Attempts(_kinds(), _kinds())
    return Merger(_kinds(), attempts, tasks, parts).reading(None)


def _part(asked: ShardTask, rows: Sequence[Row]) -> ShardPart:
    """Do what a process does with its shard, but for tshark."""
    own: dict[str, str] = {}
    numbered = [{**row, "tcp.stream": own.setdefault(row["tcp.stream"], str(len(own)))} for row in rows]
    part, moments = ShardPart(), Moments(_kinds())
    with (
        asked.rows.open("x", encoding="utf-8", newline="\n") as aside,
        asked.stored.open("xb") as stored,
    ):
        beside = Beside(Aside(_kinds(), aside.write), RowStore(stored))
        reading = ShardReading(_kinds(), moments, part, asked.origin_ns, beside)
        reading.read(in_the_capture(_packets(numbered), asked.shard.frames, reading))
        reading.finish(asked.stored)
    part.failures = moments.failures
    return part
