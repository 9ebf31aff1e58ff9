"""Key logs: what is one, what is said of other files, and secrets that a capture holds itself."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from msgspec.structs import replace

from pcap_report.capture.key_log import read_key_log
from pcap_report.engine import Options, analyze
from pcap_report.errors import UsageError
from pcap_report.render.json_report import render_json

if TYPE_CHECKING:
    from pcap_report.model.report import Report

SAMPLES: Final = Path(__file__).resolve().parents[2] / "samples"
CAPTURE: Final = SAMPLES / "mcp-tls13.pcapng"
KEYS: Final = SAMPLES / "mcp-tls13.keys"
RANDOM: Final = "ab" * 32
SECRET: Final = "cd" * 48


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "some.keys"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_labels_and_connections(tmp_path: Path) -> None:
    found = read_key_log(
        written(
            tmp_path,
            f"# a remark\n\nCLIENT_RANDOM {RANDOM} {SECRET}\r\nRSA 0123456789abcdef {SECRET}\n"
            f"RSA Session-ID:{'12' * 32} Master-Key:{SECRET}\nSOME_NEWER_LABEL {RANDOM.upper()} {SECRET}\n",
        )
    )
    assert found.labels == {"CLIENT_RANDOM": 1, "RSA": 2, "SOME_NEWER_LABEL": 1}
    assert found.labels_of(RANDOM.upper()) == ("CLIENT_RANDOM", "SOME_NEWER_LABEL")
    assert found.labels_of(None) == ()
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"CLIENT_RANDOM {RANDOM} {SECRET}\nhello there\n", "line 2, is no line of a key log"),
        (f"CLIENT_RANDOM {RANDOM}\n", "line 1"),
        (f"CLIENT_RANDOM {RANDOM} {SECRET}xyz\n", "line 1"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "a certificate or a private key (PEM)"),
        (CAPTURE.read_bytes(), "like a capture"),
        ('{"time": 1}\n', "like JSON"),
        ("# nothing but remarks\n", "holds no secret"),
        ("", "holds no secret"),
        (b"\xff" * 10_000, "line 1"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, content: str | bytes, words: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(UsageError) as refused:
        read_key_log(path)
    assert words in refused.value.message
    assert RANDOM not in str(refused.value)
    assert "MIIE" not in f"{refused.value.message} {refused.value.hint}"
    assert refused.value.hint is not None


@pytest.mark.parametrize(
    ("name", "words"), [("-", "standard input"), (".", "is a folder"), ("none", "no file")]
)
def test_a_name_that_is_no_file(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_key_log(Path(name))


def with_secrets(folder: Path, *, place: int) -> Path:
    """The sample with its key log inside, before the block with this number."""
    content = CAPTURE.read_bytes()
    keys = KEYS.read_bytes()
    padded = keys + bytes(-len(keys) % 4)
    length = 20 + len(padded)
    block = struct.pack("<IIII", 10, length, 0x544C534B, len(keys)) + padded + struct.pack("<I", length)
    at = 0
    for _ in range(place):
        at += struct.unpack_from("<I", content, at + 4)[0]
    path = folder / CAPTURE.name
    path.write_bytes(content[:at] + block + content[at:])
    return path


def outside(report: Report) -> list[object]:
    """What does not depend on keys."""
    return [
        (one.app_data, one.history, one.steps, one.tcp_phenomena, one.teardown, one.packets)
        for one in report.connections
    ]


@pytest.mark.parametrize("place", [1, 2, 8], ids=["first", "before the packets", "between packets"])
def test_secrets_inside_the_capture(tmp_path: Path, place: int) -> None:
    report = analyze(with_secrets(tmp_path, place=place))
    assert report.decryption is not None
    assert report.decryption.sources == ("capture",)
    assert report.decryption.lines == 5
    (connection,) = report.connections
    assert connection.rpc is not None
    assert [one.method for one in connection.rpc.messages][:3] == [
        "initialize",
        "initialize",
        "notifications/initialized",
    ]
    assert outside(report) == outside(analyze(CAPTURE))
    assert report.capture.packets == 51


def test_a_key_log_of_another_session_opens_nothing() -> None:
    report = analyze(CAPTURE, Options(keylog=SAMPLES / "ipv6-tls13.keys"))
    (connection,) = report.connections
    assert connection.inside is not None
    assert connection.inside.status == "not_decrypted"
    assert connection.inside.labels == ()
    assert connection.rpc is None
    assert replace(connection, inside=None, claims=()) == replace(analyze(CAPTURE).connections[0], claims=())


def test_a_key_log_with_an_odd_name(tmp_path: Path) -> None:
    path = tmp_path / "my keys: 100 %\u00e9;-o x.keys"
    shutil.copyfile(KEYS, path)
    report = analyze(CAPTURE, Options(keylog=path))
    assert report.connections[0].rpc is not None


def test_no_secret_reaches_the_report() -> None:
    text = render_json(analyze(CAPTURE, Options(keylog=KEYS, show_bodies=True, show_secrets=True)))
    for line in KEYS.read_text(encoding="ascii").splitlines():
        secret = line.split()[-1]
        assert secret[:24] not in text
        assert secret[:24].upper() not in text
