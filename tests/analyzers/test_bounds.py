"""Fixed bounds, here small ones: what is left out of a list is counted and said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scapy.layers.inet import ICMP, IP, UDP

from pcap_report.analyzers import credentials, dhcp, icmp_errors, left_out, quic, quic_close, ssh
from tests.analyzers.test_dhcp import from_client
from tests.dialogue.quic import QuicTalk, ack, close, crypto, hello
from tests.dialogue.wire import captured

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.dialogue.recording import Recording


def test_the_same_thing_is_left_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_out, "_TOLD_APART", 2)
    counted = left_out.LeftOut()
    assert [counted.count(one) for one in ("a", "b", "a", "b", "c", "c")] == [1, 1, 0, 0, 1, 1]


def test_dhcp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dhcp, "_LISTED", 2)
    monkeypatch.setattr(dhcp, "_MESSAGES_LISTED", 2)
    numbers = (1, 1, 1, 2, 3, 1, 3)
    report = captured(tmp_path, *(from_client("discover", number=number) for number in numbers))

    assert [(len(one.messages), one.messages_omitted) for one in report.dhcp] == [(2, 2), (1, 0)]
    assert report.records_omitted == {"dhcp": 1}


def test_icmp_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icmp_errors, "_LISTED", 2)
    monkeypatch.setattr(icmp_errors, "_FRAMES_LISTED", 1)
    quoted = IP(src="10.0.0.1", dst="10.0.0.7") / UDP(sport=5555, dport=9999) / b"hi"
    senders = ("10.0.0.7", "10.0.0.8", "10.0.0.9", "10.0.0.7", "10.0.0.9")
    errors = (IP(src=one, dst="10.0.0.1") / ICMP(type=3, code=3) / bytes(quoted) for one in senders)
    report = captured(tmp_path, *errors)

    found = [(one.sender, one.frames, one.count) for one in report.icmp_errors]
    assert found == [("10.0.0.7", (1,), 2), ("10.0.0.8", (2,), 1)]
    assert report.records_omitted == {"icmp_errors": 1}


def test_log_ins(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "_LISTED", 2)
    client, server = recording.talk(server_port=21).established()
    server.data(b"220 hi\r\n")
    for name in ("alice", "bob", "carol", "carol"):
        client.data(f"USER {name}\r\n".encode())
        server.data(b"331 go on\r\n")
        client.data(b"PASS x\r\n")
        server.data(b"530 no\r\n")
    report = recording.report()

    assert [one.user for one in report.credentials] == ["alice", "bob"]
    assert report.records_omitted == {"credentials": 1}


def test_names_that_wait_for_their_secrets(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many connections the oldest name is forgotten; the secret is told all the same."""
    monkeypatch.setattr(credentials, "_CONNECTIONS_KEPT", 1)
    talks = [recording.talk(client_port=port, server_port=21).established() for port in (50001, 50002)]
    for talk, name in zip(talks, ("alice", "bob"), strict=True):
        talk.server.data(b"220 hi\r\n")
        talk.client.data(f"USER {name}\r\n".encode())
    for talk in reversed(talks):
        talk.server.data(b"331 go on\r\n")
        talk.client.data(b"PASS x\r\n")

    assert [one.user for one in recording.report().credentials] == ["bob", None]


def test_ssh_sessions(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh, "_LISTED", 1)
    for port in (50001, 50002):
        client, server = recording.talk(client_port=port, server_port=22).established()
        client.data(b"SSH-2.0-one\r\n")
        server.data(b"SSH-2.0-other\r\n")
    report = recording.report()

    assert [one.connection for one in report.ssh] == [0]
    assert report.records_omitted == {"ssh": 1}


def test_frames_and_closes_of_quic(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quic, "_FRAMES_LISTED", 2)
    monkeypatch.setattr(quic_close, "_CLOSES_LISTED", 1)
    client, server = QuicTalk(recording)
    first = client.sends(client.initial(crypto(hello())), full=True)
    second = server.sends(server.initial(ack(0), close(0x128, "no")))
    server.sends(server.initial(ack(0), close(0x128, "no")))
    found = recording.connection().quic

    assert found is not None
    assert [(one.frames, one.frames_omitted) for one in found.packets] == [((first.number, second.number), 1)]
    assert [one.frame for one in found.closes] == [second.number]
