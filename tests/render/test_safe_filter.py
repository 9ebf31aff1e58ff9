"""Strings in display filters: the real tshark parses each of them, and finds the very name that it means."""

from __future__ import annotations

import os
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest

from pcap_report.render.ranges import filter_ranges
from pcap_report.render.safe import display_filter_string
from tests.render.hostile import CORPUS, fuzz

if TYPE_CHECKING:
    from pathlib import Path

SNI = "tls.handshake.extensions_server_name"
LINK_TYPE_RAW_IP = 101
# tshark ends a name at a zero byte, and an empty name is no name.
TEXTS = tuple(dict.fromkeys(text for text in (*CORPUS, *fuzz(60, seed=17)) if text and "\0" not in text))


@pytest.fixture(scope="session")
def client_hellos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One frame for each text, a ClientHello that asks for a server of that name."""
    pcap = tmp_path_factory.mktemp("sni") / "hostile.pcap"
    frames = [_segment(_client_hello(_wire(text)), 1024 + number) for number, text in enumerate(TEXTS)]
    records = [struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame for frame in frames]
    pcap.write_bytes(
        struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, LINK_TYPE_RAW_IP) + b"".join(records)
    )
    return pcap


def _wire(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _client_hello(name: bytes) -> bytes:
    entry = b"\0" + _sized(2, name)
    extension = b"\0\0" + _sized(2, _sized(2, entry))
    offers = _sized(1, b"") + _sized(2, b"\x13\1") + _sized(1, b"\0")
    body = b"\3\3" + bytes(32) + offers + _sized(2, extension)
    return b"\x16\3\1" + _sized(2, b"\1" + _sized(3, body))


def _sized(width: int, content: bytes) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _segment(payload: bytes, port: int) -> bytes:
    tcp = struct.pack("!HHIIBBHHH", port, 443, 1, 1, 0x50, 0x18, 65535, 0, 0) + payload
    addresses = bytes([192, 0, 2, 1, 192, 0, 2, 2])
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0) + addresses + tcp


def _means(text: str) -> str:
    """A test for the name, as UTF-8 or as tshark's versions before read it: ASCII, all other bytes U+FFFD."""
    readings = dict.fromkeys([text, _wire(text).decode("ascii", "replace")])
    return "(" + " || ".join(f"{SNI} == {display_filter_string(reading)}" for reading in readings) + ")"


def _frames(pcap: Path, display_filter: str) -> list[int]:
    run = subprocess.run(
        ["tshark", "-n", "-r", pcap, "-Y", display_filter, "-T", "fields", "-e", "frame.number"],
        env={**os.environ, "WIRESHARK_CONFIG_DIR": str(pcap.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return [int(line) for line in run.stdout.split()]


def test_every_name_is_found_in_its_own_frame(client_hellos: Path) -> None:
    found_at_home = [f"(frame.number == {n} && {_means(text)})" for n, text in enumerate(TEXTS, start=1)]
    assert _frames(client_hellos, " || ".join(found_at_home)) == [*range(1, len(TEXTS) + 1)]


def test_no_name_is_found_anywhere_else(client_hellos: Path) -> None:
    ascii_only = [(n, text) for n, text in enumerate(TEXTS, start=1) if text.isascii()]
    elsewhere = [f"(frame.number != {n} && {_means(text)})" for n, text in ascii_only]
    assert _frames(client_hellos, " || ".join(elsewhere)) == []


@pytest.mark.parametrize(
    "text",
    ['a"b"c', "a\\nb", "\\x41", "\r\n", "${jndi:ldap://x}", '" || frame.number > 0 || "', "\x7f", "a$b${c}"],
)
def test_a_name_stands_alone_in_a_filter(client_hellos: Path, text: str) -> None:
    expected = [TEXTS.index(text) + 1] if text in TEXTS else []
    assert _frames(client_hellos, f"{SNI} == {display_filter_string(text)}") == expected


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "中" * 500, "\\" * 2_000])
def test_odd_strings_are_filters_still(client_hellos: Path, text: str) -> None:
    assert _frames(client_hellos, f"{SNI} == {display_filter_string(text)} && frame.number == 0") == []


@pytest.mark.parametrize("frames", [[], [1], [2, 3, 4, 7]])
def test_tshark_reads_our_sets_of_frames(client_hellos: Path, frames: list[int]) -> None:
    assert _frames(client_hellos, f"frame.number in {filter_ranges(frames)}") == frames


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("www.example.com", '"www.example.com"'),
        ('a"b\\c', r'"a\"b\\c"'),
        ("a\nñ中", r'"a\x0a\xc3\xb1\xe4\xb8\xad"'),
        ("${x}", r'"\x24{x}"'),
        ("", '""'),
    ],
)
def test_the_notation_is_what_every_version_understands(text: str, quoted: str) -> None:
    assert display_filter_string(text) == quoted
