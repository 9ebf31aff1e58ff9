"""TLS that tshark's default settings do not show: on a port of another protocol, and after a disorder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.tshark import find_tshark
from pcap_report.compiled import why_not
from pcap_report.engine import Options, second_look
from pcap_report.model.tls import SecondLook
from tests.dialogue import tls
from tests.dialogue.sessions import tls12, tls13
from tests.truth.proof import disproofs, statements_of

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report
    from tests.dialogue.recording import Link, Recording

OWN_PORTS = (21, 25, 53, 80, 110, 5060, 6667, 8080)
"""Ports that tshark gives to protocols which do not begin with TLS."""


def proved(recording: Recording, report: Report) -> bool:
    """Everything that the report states is true for a tshark with its default settings."""
    program = find_tshark().path
    return disproofs(program, recording.folder / "dialogue.pcap", statements_of(report, 40)) == []


def limits(report: Report) -> list[str]:
    return [one.why for one in report.not_visible]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The options of every further run of tshark, of the real one."""
    made: list[list[str]] = []
    begin = CaptureReader.__init__

    def noted(self: CaptureReader, *arguments: Any, **more: Any) -> None:  # noqa: ANN401 - handed on
        made.append(list(more.get("options", ())))
        begin(self, *arguments, **more)

    monkeypatch.setattr(CaptureReader, "__init__", noted)
    return made


@pytest.mark.parametrize("port", OWN_PORTS)
def test_tls_on_the_port_of_another_protocol(recording: Recording, port: int) -> None:
    talk = tls13(recording.talk(server_port=port))
    talk.client.data(tls.encrypted(300))
    talk.server.data(tls.encrypted(700))
    talk.closed()

    report = recording.report()
    (connection,) = report.connections
    found, data = connection.tls_handshake, connection.app_data
    assert found is not None
    assert found.client_hello is not None
    assert found.server_hello is not None
    assert data is not None
    assert found.second_look == SecondLook(decode_as_port=port, reassemble_out_of_order=False)
    assert (found.sni, found.version, found.outcome) == ("www.example.org", "TLS 1.3", "complete")
    assert (found.client_hello.frame, found.server_hello.frame, found.client_finished_frame) == (4, 5, 6)
    assert (data.client_bytes, data.server_bytes, data.encrypted) == (300, 700, True)
    assert any(f"Decode As…, TCP port {port}, TLS" in why for why in limits(report))
    assert proved(recording, report)


def test_an_alert_and_an_old_version_there(recording: Recording) -> None:
    client, server = recording.talk(server_port=6667).established()
    client.data(tls.client_hello(versions=(), legacy=tls.TLS10))
    server.data(tls.server_hello(version=tls.TLS10, suite=0x002F))
    client.data(tls.alert(2, 40))

    report = recording.report()
    assert {one.id for one in report.findings} >= {"tls.fatal_alert", "tls.old_version"}
    assert proved(recording, report)


def test_starttls_in_irc(recording: Recording) -> None:
    """Tshark 4 knows no STARTTLS there; what was said before it is still IRC."""
    client, server = recording.talk(server_port=6667).established()
    client.data(b"STARTTLS\r\n")
    server.data(b":irc.example.org 670 * :STARTTLS successful, go ahead\r\n")
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))

    report = recording.report()
    found = report.connections[0].tls_handshake
    assert found is not None
    assert found.client_hello is not None
    assert found.client_hello.frames == (6,)
    assert found.plain_beginning is not None
    assert (found.plain_beginning.protocol, found.plain_beginning.frames) == ("irc", (4, 5))
    assert proved(recording, report)


def test_rdp_that_goes_on_with_tls(recording: Recording) -> None:
    """The negotiation of RDP (MS-RDPBCGR, 2.2.1.1 and 2.2.1.2), then TLS records without TPKT."""
    client, server = recording.talk(server_port=3389).established()
    client.data(bytes.fromhex("030000130ee000000000000100080003000000"))
    server.data(bytes.fromhex("030000130ed000001234000209080001000000"))
    client.data(tls.client_hello())
    server.data(tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(900))
    client.data(tls.change_cipher_spec() + tls.finished13())
    client.data(tls.encrypted(100))

    report = recording.report()
    found, data = report.connections[0].tls_handshake, report.connections[0].app_data
    assert found is not None
    assert data is not None
    assert (found.version, found.sni, found.outcome) == ("TLS 1.3", "www.example.org", "complete")
    assert (data.client_bytes - data.plain_client_bytes, data.plain_client_bytes) == (100, 19)
    assert proved(recording, report)


def test_a_hello_after_a_disorder(recording: Recording) -> None:
    """The server's flight in two segments that were captured in the other order."""
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    flight = tls.server_hello() + tls.change_cipher_spec() + tls.encrypted(1500)
    server.data(flight[:1400])
    server.data(flight[1400:])
    recording.reordered()
    client.data(tls.change_cipher_spec() + tls.finished13())
    server.data(tls.encrypted(200))

    report = recording.report()
    found = report.connections[0].tls_handshake
    assert found is not None
    assert found.server_hello is not None
    assert (found.server_hello.frame, found.version, found.outcome) == (6, "TLS 1.3", "complete")
    assert found.second_look == SecondLook(decode_as_port=None, reassemble_out_of_order=True)
    assert any("tcp.reassemble_out_of_order" in why for why in limits(report))
    assert proved(recording, report)


def test_other_connections_keep_what_was_read_of_them(recording: Recording, runs: list[list[str]]) -> None:
    """Numbers of frames and of connections are those of the whole capture."""
    mail = recording.talk(server_port=25, client_port=40000).established()
    mail.server.data(b"220 mail.example.org ESMTP\r\n")
    client, server = recording.talk(server_port=25, client_port=40001).established()
    mail.client.data(b"EHLO client.example.org\r\n")
    hello = tls.client_hello(more=(tls.extension(21, bytes(2000)),))
    client.data(hello[:1400])
    mail.server.data(b"250 mail.example.org\r\n")
    client.data(hello[1400:])
    server.data(tls.server_hello())

    one, other = recording.report().connections
    assert one.tls_handshake is None
    assert one.app_data is not None
    assert not one.app_data.encrypted
    assert other.tls_handshake is not None
    assert other.tls_handshake.client_hello is not None
    assert (other.id, other.tls_handshake.client_hello.frames) == (1, (9, 11))
    assert runs[1:] == [["-o", "tcp.reassemble_out_of_order:TRUE", "-d", "tcp.port==25,tls"]]


def test_a_port_that_is_used_again(recording: Recording) -> None:
    """The same two ends, first in the clear and then with TLS: two connections."""
    first = recording.talk(server_port=6667).established()
    first.client.data(b"NICK somebody\r\n")
    first.closed()
    recording.after(ms=1000)
    second = recording.talk(server_port=6667)
    second.client.start += 100_000
    second.server.start += 100_000
    tls13(second)

    one, other = recording.report().connections
    assert one.tls_handshake is None
    assert _looked_again(other)
    assert other.tls_handshake is not None
    assert other.tls_handshake.client_hello is not None
    assert other.tls_handshake.client_hello.frame == 11


@pytest.mark.parametrize("link", ["vlan", "linux_sll", "linux_sll2", "raw", "null"])
def test_other_links(tmp_path: Path, link: Link) -> None:
    from tests.dialogue.recording import Recording

    recording = Recording(tmp_path, link)
    tls13(recording.talk(server_port=6667))
    assert _looked_again(recording.connection())


def test_ipv6(recording: Recording) -> None:
    tls12(recording.talk("2001:db8::1", "2001:db8::5", server_port=6667))
    assert _looked_again(recording.connection())


def _looked_again(connection: Connection) -> bool:
    found = connection.tls_handshake
    return found is not None and found.second_look is not None and found.sni == "www.example.org"


def test_one_side_only(recording: Recording) -> None:
    tls13(recording.talk(server_port=6667))
    recording.only("server")
    found = recording.connection().tls_handshake
    assert found is not None
    assert (found.client_hello, found.version) == (None, "TLS 1.3")


@pytest.mark.parametrize("port", [443, 993, 4443])
def test_no_second_run_where_tshark_sees_tls(recording: Recording, runs: list[list[str]], port: int) -> None:
    talk = tls13(recording.talk(server_port=port))
    talk.client.data(tls.encrypted(300))
    found = recording.connection().tls_handshake
    assert found is not None
    assert found.second_look is None
    assert len(runs) == 1


def test_a_hello_sent_again_needs_no_second_run(recording: Recording, runs: list[list[str]]) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    client.again()
    server.data(tls.server_hello())
    assert recording.connection().tls_handshake is not None
    assert len(runs) == 1


def test_no_second_run_for_plain_protocols(recording: Recording, runs: list[list[str]]) -> None:
    client, server = recording.talk(server_port=80).established()
    client.data(b"GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n")
    server.data(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    assert recording.connection().tls_handshake is None
    assert len(runs) == 1


def test_not_with_other_analyzers_only(recording: Recording, runs: list[list[str]]) -> None:
    tls13(recording.talk(server_port=6667))
    assert recording.connection(Options(analyzers=("tcp_handshake",))).tls_handshake is None
    assert len(runs) == 1


def test_with_a_display_filter_only_what_it_shows(recording: Recording, runs: list[list[str]]) -> None:
    tls13(recording.talk(server_port=6667))
    assert recording.connection(Options(display_filter="tcp.port == 6667")).tls_handshake is None
    assert len(runs) == 1


def test_what_is_beyond_the_bounds_is_counted(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_look, "_CONNECTIONS", 1)
    for number in range(3):
        tls13(recording.talk(server_port=6667, client_port=40000 + number))

    report = recording.report()
    read = [one for one in report.connections if one.tls_handshake is not None]
    assert [one.id for one in read] == [0]
    assert any("2 connections more hold a TLS hello" in why for why in limits(report))


@pytest.mark.skipif(not why_not(), reason="a bound of a module that is compiled cannot be moved")
def test_hellos_beyond_the_bound_are_counted(recording: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcap_report.capture.hellos._LISTED", 1)
    tls13(recording.talk(server_port=6667))
    assert any("1 TLS hello more was not held against" in why for why in limits(recording.report()))


def test_a_hello_that_nobody_can_read(recording: Recording) -> None:
    """Its bytes look like a hello and its lengths are nonsense: nothing is made up."""
    client, _ = recording.talk(server_port=6667).established()
    client.data(b"\x16\x03\x01\xff\xff\x01\x00\x00\x05\x03\x03" + bytes(60))
    connection = recording.connection()
    assert connection.tls_handshake is None or connection.tls_handshake.server_hello is None
