"""Judgements about what is around the connections, about the network, and about the recording itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.utils import rdpcap, wrpcap

from pcap_report.capture.tshark import find_tshark
from pcap_report.engine import analyze
from pcap_report.render.next_looks import NEXT_LOOKS
from pcap_report.rules.registry import RULES
from tests.dialogue import tls
from tests.dialogue.certificates import issue
from tests.dialogue.wire import captured
from tests.truth.proof import disproofs, statements_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.dialogue.recording import Recording

Found = dict[str, tuple[int, ...]]


def findings(recording: Recording) -> Found:
    report = recording.report()
    assert disproofs(find_tshark().path, recording.write(), statements_of(report, 100)) == []
    return {one.id: one.frames for one in report.findings}


def said(recording: Recording, port: int, *lines: bytes) -> Found:
    """Client and server say these lines in turn."""
    ends = recording.talk(server_port=port).established()
    for place, line in enumerate(lines):
        list(ends)[place % 2].data(line)
    return findings(recording)


@pytest.mark.parametrize(
    ("status", "rule"),
    [(b"200 OK", None), (b"404 Not Found", "http.client_error"), (b"503 Busy", "http.server_error")],
)
def test_http_in_the_clear_and_its_errors(recording: Recording, status: bytes, rule: str | None) -> None:
    answer = b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n"
    found = said(recording, 80, b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n", answer)
    assert found == {"plaintext.http": (4,)} | ({rule: (5,)} if rule else {})


def test_a_password_in_the_clear(recording: Recording) -> None:
    found = said(recording, 21, b"USER ana\r\n", b"331 Password?\r\n", b"PASS secret\r\n", b"230 Hello\r\n")
    assert found == {"plaintext.credentials": (4, 6)}


def test_names_that_are_not_found_or_not_answered_or_late(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks("gone.example.org", number=1)
    resolver.answers("gone.example.org", number=1, rcode=3)
    resolver.asks("silent.example.org", number=2)
    resolver.asks("late.example.org", number=3)
    recording.after(ms=1500)
    resolver.answers("late.example.org", ("late.example.org", "A", "203.0.113.9"), number=3)
    assert findings(recording) == {"dns.failed": (2,), "dns.unanswered": (3,), "dns.slow": (4, 5)}


def test_a_question_just_before_the_end_may_still_be_answered(recording: Recording) -> None:
    recording.resolver().asks("www.example.org")
    assert findings(recording) == {}


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({}, {"tls.certificate_self_signed"}),
        ({"days": (-20, -10)}, {"tls.certificate_self_signed", "tls.certificate_expired"}),
        ({"days": (10, 20)}, {"tls.certificate_self_signed", "tls.certificate_not_yet_valid"}),
        ({"bits": 1024}, {"tls.certificate_self_signed", "tls.certificate_weak_key"}),
        ({"names": ("other.example",)}, {"tls.certificate_self_signed", "tls.certificate_name_mismatch"}),
    ],
)
def test_certificates(recording: Recording, more: dict[str, Any], rules: set[str]) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=(), sni="www.example.org"))
    hello = tls.server_hello(version=0x0303, suite=0xC02F)
    server.data(hello + tls.certificate12(certificate(**more)) + tls.server_hello_done())
    assert findings(recording) == dict.fromkeys(rules, (5,))


def certificate(
    days: tuple[int, int] = (-1, 1), bits: int = 2048, names: tuple[str, ...] = ("www.example.org",)
) -> bytes:
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    now = datetime.datetime.fromtimestamp(1_700_000_000, datetime.UTC)
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now + datetime.timedelta(days[0]))
        .not_valid_after(now + datetime.timedelta(days[1]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), critical=False)
    )
    return built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def test_a_certificate_that_another_signed(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=(), sni=None))
    root = issue("Root")
    leaf = issue("leaf.example", by=root)
    server.data(tls.server_hello(version=0x0303, suite=0xC02F) + tls.certificate12(leaf.der, root.der))
    assert "tls.certificate_self_signed" not in findings(recording)


def test_a_packet_that_is_too_big(tmp_path: Path) -> None:
    sent = IP(src="10.0.0.1", dst="203.0.113.5") / UDP(sport=5555, dport=9999) / (b"x" * 1400)
    error = IP(src="10.0.0.254", dst="10.0.0.1") / ICMP(type=3, code=4, nexthopmtu=1280) / bytes(sent)[:64]
    report = captured(tmp_path, sent, error)
    assert [(one.id, one.frames) for one in report.findings] == [("network.packet_too_big", (2,))]
    assert "1280 bytes" in report.findings[0].summary


def test_packets_that_could_not_be_delivered(tmp_path: Path) -> None:
    def sent(port: int) -> Any:  # noqa: ANN401 - a scapy packet
        return IP(src="10.0.0.1", dst="203.0.113.5") / UDP(sport=5555, dport=port) / b"x"

    def error(port: int, sender: str, code: int) -> Any:  # noqa: ANN401 - a scapy packet
        return IP(src=sender, dst="10.0.0.1") / ICMP(type=3, code=code) / bytes(sent(port))

    nobody, nowhere = error(9998, "203.0.113.5", 3), error(9999, "10.0.0.254", 0)
    report = captured(tmp_path, sent(9998), nobody, sent(9999), nowhere, sent(9998), nobody)
    found = [(one.id, one.severity, one.frames) for one in report.findings]
    assert found == [("network.undelivered", "low", (2, 6)), ("network.undelivered", "low", (4,))]
    assert [one.summary.partition(": ")[0] for one in report.findings] == [
        "203.0.113.5 says of 2 packets that they could not be delivered",
        "10.0.0.254 says of 1 packet that it could not be delivered",
    ]
    assert report.findings[0].summary.endswith("Port Unreachable.")


def test_very_many_complaints_are_counted(tmp_path: Path) -> None:
    def error(place: int) -> Any:  # noqa: ANN401 - a scapy packet
        sent = IP(src="10.0.0.1", dst=f"203.0.113.{place}") / UDP(sport=5555, dport=9998) / b"x"
        return IP(src=f"203.0.113.{place}", dst="10.0.0.1") / ICMP(type=3, code=3) / bytes(sent)

    (found,) = captured(tmp_path, *(error(place) for place in range(1, 12))).findings
    assert found.summary == "11 hosts and routers say of 11 packets that they could not be delivered."
    assert found.frames == tuple(range(1, 12))


def test_an_address_that_two_machines_have(tmp_path: Path) -> None:
    def claims(mac: str) -> Any:  # noqa: ANN401 - a scapy packet
        return Ether(src=mac, dst="02:00:00:00:00:01") / ARP(
            op=2, hwsrc=mac, psrc="10.0.0.7", pdst="10.0.0.1"
        )

    report = captured(tmp_path, claims("02:00:00:00:00:07"), claims("02:00:00:00:00:66"))
    assert [(one.id, one.frames) for one in report.findings] == [("network.duplicate_address", (1, 2))]


@pytest.mark.parametrize(("tried", "found"), [(25, True), (10, False)])
def test_scans(tmp_path: Path, tried: int, *, found: bool) -> None:
    def syn(server: str, port: int) -> Any:  # noqa: ANN401 - a scapy packet
        return IP(src="10.0.0.1", dst=server) / TCP(sport=40000 + port, dport=port, flags="S")

    ports = [syn("10.0.0.2", 100 + at) for at in range(tried)]
    hosts = [syn(f"10.0.1.{at + 1}", 22) for at in range(tried)]
    report = captured(tmp_path, *ports, *hosts)
    scans = {one.id: one.frames for one in report.findings if one.id.startswith("scan.")}
    wanted = {
        "scan.ports": tuple(range(1, tried + 1)),
        "scan.hosts": tuple(range(tried + 1, 2 * tried + 1)),
    }
    assert scans == (wanted if found else {})


def test_a_recording_of_one_direction_with_time_going_backwards(recording: Recording) -> None:
    client, server = recording.talk().established()
    for _ in range(3):
        client.data(b"request")
        server.data(b"response")
    recording.only("server")
    recording.frames[-1].time_ms -= 50
    found = findings(recording)
    assert found["capture.one_sided"] == (1,)
    assert found["capture.time_reversed"] == (len(recording.frames),)


def test_packets_that_were_cut(recording: Recording, tmp_path: Path) -> None:
    talk = recording.talk().established()
    talk.client.data(b"x" * 500)
    packets = rdpcap(str(recording.write()))
    for packet in packets:
        packet.wirelen = len(packet)
    short = [type(one)(bytes(one)[:80]) for one in packets]
    for one, whole in zip(short, packets, strict=True):
        one.time, one.wirelen = whole.time, len(whole)
    path = tmp_path / "short.pcap"
    wrpcap(str(path), short)
    report = analyze(path)
    assert [(one.id, one.frames) for one in report.findings] == [("capture.snapped", ())]
    assert disproofs(find_tshark().path, path, statements_of(report)) == []


def test_segments_that_no_network_carries(recording: Recording) -> None:
    talk = recording.talk().established()
    talk.client.data(b"x" * 12_000)
    assert findings(recording) == {"capture.offload": ()}


def test_every_rule_says_why_it_matters_and_what_to_look_at_next() -> None:
    ids = [one.id for one in RULES]
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(NEXT_LOOKS)
    for one in RULES:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", one.id)
        assert one.why.text.endswith(".")
        for threshold in one.thresholds:
            assert threshold.value > 0
            assert re.search(r"_(ms|s|bytes|percent|bits)$|^(ports|hosts|segments|packets)$", threshold.name)
