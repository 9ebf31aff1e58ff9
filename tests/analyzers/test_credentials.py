"""Log-ins in the clear: who, where, how; and never the secret."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from scapy.asn1.asn1 import ASN1_OID
from scapy.layers.inet import IP, UDP
from scapy.layers.snmp import SNMP, SNMPget, SNMPvarbind

from pcap_report.render.json_report import render_json
from tests.dialogue.wire import captured, proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.credentials import Credential
    from tests.dialogue.recording import Recording

SECRET = "correct-horse-9"  # noqa: S105 - what no report may hold
SIZE = len(SECRET)


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def length_prefixed(text: str) -> bytes:
    return len(text).to_bytes(2, "big") + text.encode()


def said(recording: Recording, port: int, *lines: tuple[str, str | bytes]) -> tuple[Credential, ...]:
    """A connection in which client ("C") and server ("S") say these; no part of the secret may come out."""
    client, server = recording.talk(server_port=port).established()
    for side, line in lines:
        data = line if isinstance(line, bytes) else f"{line}\r\n".encode()
        (client if side == "C" else server).data(data)
    report = proved(recording.write())
    text = render_json(report)
    for form in (
        SECRET,
        b64(SECRET),
        b64(f"alice:{SECRET}"),
        b64(f"\0alice\0{SECRET}"),
        SECRET.encode().hex(),
    ):
        assert form not in text
    return report.credentials


def only(recording: Recording, port: int, *lines: tuple[str, str | bytes]) -> Credential:
    (found,) = said(recording, port, *lines)
    return found


def test_ftp(recording: Recording) -> None:
    found = only(
        recording, 21, ("S", "220 hi"), ("C", "USER alice"), ("S", "331 go on"), ("C", f"PASS {SECRET}")
    )
    assert (found.protocol, found.mechanism, found.user) == ("FTP", "USER/PASS", "alice")
    assert (found.secret, found.secret_length) == ("password", SIZE)
    assert (found.frame, found.frames) == (7, (5, 7))
    assert (found.client, found.server, found.connection) == ("192.168.1.10", "203.0.113.5", 0)


def test_ftp_a_secret_whose_name_was_not_captured(recording: Recording) -> None:
    found = only(recording, 21, ("S", "331 go on"), ("C", f"PASS {SECRET}"))
    assert (found.user, found.secret_length, found.frames) == (None, SIZE, (5,))


def test_the_same_log_in_again_is_counted(recording: Recording) -> None:
    again = (("C", "USER alice"), ("S", "331 go on"), ("C", f"PASS {SECRET}"), ("S", "530 no"))
    found = only(recording, 21, ("S", "220 hi"), *again, *again)
    assert (found.occurrences, found.frames) == (2, (5, 7))


def test_pop3(recording: Recording) -> None:
    found = only(
        recording,
        110,
        ("S", "+OK hi"),
        ("C", "USER alice"),
        ("S", "+OK"),
        ("C", f"PASS {SECRET}"),
        ("S", "+OK"),
    )
    assert (found.protocol, found.user, found.secret_length) == ("POP3", "alice", SIZE)


def test_pop3_apop_sends_a_hash(recording: Recording) -> None:
    found = only(recording, 110, ("S", "+OK <1@a.example>"), ("C", f"APOP alice {'ab' * 16}"))
    assert (found.mechanism, found.user, found.secret, found.secret_length) == ("APOP", "alice", "hash", 32)


def test_imap_login(recording: Recording) -> None:
    found = only(recording, 143, ("S", "* OK hi"), ("C", f'a1 LOGIN "alice" "{SECRET}"'), ("S", "a1 OK"))
    assert (found.protocol, found.mechanism) == ("IMAP", "LOGIN")
    assert (found.user, found.secret_length) == ("alice", SIZE)


def test_smtp_auth_plain(recording: Recording) -> None:
    line = f"AUTH PLAIN {b64(f'{chr(0)}alice{chr(0)}{SECRET}')}"
    found = only(
        recording, 25, ("S", "220 hi"), ("C", "EHLO a.example"), ("S", "250 AUTH PLAIN"), ("C", line)
    )
    assert (found.protocol, found.mechanism) == ("SMTP", "AUTH PLAIN")
    assert (found.user, found.secret_length) == ("alice", SIZE)


def test_smtp_auth_login(recording: Recording) -> None:
    found = only(
        recording,
        25,
        ("S", "220 hi"),
        ("C", "EHLO a.example"),
        ("S", "250 AUTH LOGIN"),
        ("C", "AUTH LOGIN"),
        ("S", "334 VXNlcm5hbWU6"),
        ("C", b64("alice")),
        ("S", "334 UGFzc3dvcmQ6"),
        ("C", b64(SECRET)),
        ("S", "235 ok"),
    )
    assert (found.mechanism, found.user, found.secret_length) == ("AUTH LOGIN", "alice", SIZE)
    assert found.frames == (9, 11)


def test_http_basic(recording: Recording) -> None:
    request = f"GET / HTTP/1.1\r\nHost: a.example\r\nAuthorization: Basic {b64(f'alice:{SECRET}')}\r\n\r\n"
    found = only(recording, 80, ("C", request.encode()))
    assert (found.protocol, found.mechanism) == ("HTTP", "Basic")
    assert (found.user, found.secret, found.secret_length) == ("alice", "password", SIZE)


def test_http_digest_sends_a_hash(recording: Recording) -> None:
    header = f'Digest username="alice", realm="r", nonce="n", uri="/", cnonce="c", response="{"0a" * 16}"'
    request = f"GET / HTTP/1.1\r\nHost: a.example\r\nAuthorization: {header}\r\n\r\n"
    found = only(recording, 80, ("C", request.encode()))
    assert (found.mechanism, found.user, found.secret, found.secret_length) == ("Digest", "alice", "hash", 32)


def test_http_form(recording: Recording) -> None:
    body = f"next=%2F&username=alice&password={SECRET}"
    head = (
        "POST /login HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    found = only(recording, 80, ("C", (head + body).encode()))
    assert (found.mechanism, found.user, found.secret_length) == ("form", "alice", SIZE)


@pytest.mark.parametrize("body", ["q=passport+office&compass=north", "login_hint=x&bypass=1"])
def test_a_form_without_a_secret_is_none(recording: Recording, body: str) -> None:
    head = (
        "POST /search HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    assert said(recording, 80, ("C", (head + body).encode())) == ()


def test_ldap_simple_bind(recording: Recording) -> None:
    name = b"cn=alice"
    bind = b"\x02\x01\x03\x04" + bytes([len(name)]) + name + b"\x80" + bytes([SIZE]) + SECRET.encode()
    request = b"\x02\x01\x01\x60" + bytes([len(bind)]) + bind
    found = only(recording, 389, ("C", b"\x30" + bytes([len(request)]) + request))
    assert (found.protocol, found.user, found.secret_length) == ("LDAP", "cn=alice", SIZE)


def test_telnet_is_plain_text_and_told_once(recording: Recording) -> None:
    found = only(recording, 23, ("S", "login: "), ("C", "alice"), ("S", "Password: "), ("C", SECRET))
    assert (found.protocol, found.user, found.secret, found.secret_length) == ("Telnet", None, None, None)
    assert (found.client, found.frames, found.occurrences) == ("192.168.1.10", (4,), 1)


def test_redis(recording: Recording) -> None:
    command = f"*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n${SIZE}\r\n{SECRET}\r\n".encode()
    found = only(recording, 6379, ("C", command), ("S", "+OK"))
    assert (found.protocol, found.user, found.secret_length) == ("Redis", "alice", SIZE)


def test_mqtt(recording: Recording) -> None:
    body = length_prefixed("MQTT") + b"\x04\xc2\x00\x3c" + length_prefixed("dev1")
    body += length_prefixed("alice") + length_prefixed(SECRET)
    found = only(recording, 1883, ("C", b"\x10" + bytes([len(body)]) + body))
    assert (found.protocol, found.user, found.secret_length) == ("MQTT", "alice", SIZE)


def postgres(recording: Recording, asked: bytes, password: bytes) -> Credential:
    start = b"\x00\x03\x00\x00user\x00alice\x00database\x00db\x00\x00"
    return only(
        recording,
        5432,
        ("C", (len(start) + 4).to_bytes(4, "big") + start),
        ("S", b"R" + (len(asked) + 4).to_bytes(4, "big") + asked),
        ("C", b"p" + (len(password) + 5).to_bytes(4, "big") + password + b"\0"),
    )


def test_postgres(recording: Recording) -> None:
    found = postgres(recording, b"\0\0\0\3", SECRET.encode())
    assert (found.protocol, found.mechanism, found.user) == ("PostgreSQL", "password", "alice")
    assert (found.secret, found.secret_length, found.frames) == ("password", SIZE, (4, 6))


def snmp(*, answers: bool) -> Any:  # noqa: ANN401 - a scapy packet
    message = SNMP(
        community=SECRET, PDU=SNMPget(varbindlist=[SNMPvarbind(oid=ASN1_OID("1.3.6.1.2.1.1.1.0"))])
    )
    if answers:
        return IP(src="10.0.0.9", dst="10.0.0.1") / UDP(sport=161, dport=40000) / message
    return IP(src="10.0.0.1", dst="10.0.0.9") / UDP(sport=40000, dport=161) / message


def test_snmp_community_is_of_the_one_who_asks(tmp_path: Path) -> None:
    report = captured(tmp_path, snmp(answers=False), snmp(answers=True))
    (found,) = report.credentials
    assert (found.protocol, found.secret, found.secret_length) == ("SNMP", "community", SIZE)
    assert (found.client, found.server, found.occurrences) == ("10.0.0.1", "10.0.0.9", 2)
    assert (found.connection, found.user) == (None, None)
    assert SECRET not in render_json(report)


def test_a_hostile_name_is_kept_short(recording: Recording) -> None:
    found = only(
        recording, 21, ("S", "220 hi"), ("C", f"USER {'a' * 900}"), ("S", "331"), ("C", f"PASS {SECRET}")
    )
    assert found.user == "a" * 256


def test_a_request_without_a_log_in_has_none(recording: Recording) -> None:
    assert said(recording, 80, ("C", b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")) == ()


def test_a_real_mail_log_in(captures_dir: Path) -> None:
    report = proved(captures_dir / "mixed" / "zeek-smtp.pcap")
    (found,) = report.credentials
    assert (found.mechanism, found.user, found.frames) == ("AUTH LOGIN", "gurpartap@patriots.in", (12, 14))
    assert (found.secret_length, found.connection) == (10, 0)
    text = render_json(report)
    assert "punjab" not in text
    assert "cHVuamFi" not in text


def test_a_real_ftp_session_as_zeek_says(captures_dir: Path) -> None:
    (found,) = proved(captures_dir / "ipv6" / "zeek-ipv6.pcap").credentials
    assert (found.user, found.secret_length) == ("anonymous", len("test"))


def test_a_password_in_a_url(recording: Recording) -> None:
    found = only(
        recording,
        80,
        (
            "C",
            f"GET /login?user=alice&password={SECRET} HTTP/1.1\r\nHost: h\r\nReferer: http://h/?token={SECRET}\r\n",
        ),
    )
    assert (found.protocol, found.mechanism, found.user, found.secret) == ("HTTP", "URL", "alice", "password")
    assert found.secret_length == SIZE


def test_a_password_before_the_host(recording: Recording) -> None:
    found = only(
        recording,
        8080,
        ("C", f"GET http://alice:{SECRET}@files.example/ HTTP/1.1\r\nHost: files.example\r\n"),
    )
    assert (found.mechanism, found.user, found.secret_length) == ("URL", "alice", SIZE)


def test_pop3_auth_plain(recording: Recording) -> None:
    line = f"AUTH PLAIN {b64(f'{chr(0)}alice{chr(0)}{SECRET}')}"
    found = only(recording, 110, ("S", "+OK hi"), ("C", line))
    assert (found.protocol, found.mechanism) == ("POP3", "AUTH PLAIN")
    assert (found.user, found.secret_length) == ("alice", SIZE)


def test_imap_authenticate_plain(recording: Recording) -> None:
    line = f"a1 AUTHENTICATE PLAIN {b64(f'{chr(0)}alice{chr(0)}{SECRET}')}"
    found = only(recording, 143, ("S", "* OK hi"), ("C", line))
    assert (found.protocol, found.mechanism) == ("IMAP", "AUTH PLAIN")
    assert (found.user, found.secret_length) == ("alice", SIZE)


def test_another_mechanism_shows_no_secret(recording: Recording) -> None:
    assert said(recording, 110, ("S", "+OK hi"), ("C", "AUTH SCRAM-SHA-256 biwsbj1hbGljZQ==")) == ()


def test_irc_pass(recording: Recording) -> None:
    found = only(recording, 6667, ("C", f"PASS {SECRET}"), ("C", "NICK alice"))
    assert (found.protocol, found.mechanism, found.user) == ("IRC", "PASS", None)
    assert (found.secret, found.secret_length, found.frames) == ("password", SIZE, (4,))


def test_a_bearer_is_a_session_and_an_unknown_scheme_nothing(recording: Recording) -> None:
    head = "GET / HTTP/1.1\r\nHost: a.example\r\nAuthorization: "
    found = only(
        recording,
        80,
        ("C", f"{head}Bearer {SECRET}\r\n\r\n".encode()),
        ("S", b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
        ("C", f"{head}Negotiate {b64(SECRET)}\r\n\r\n".encode()),
    )
    assert (found.mechanism, found.user, found.secret) == ("Bearer", None, "session")
    assert (found.secret_length, found.frames) == (SIZE, (4,))


def test_postgres_md5_is_a_hash(recording: Recording) -> None:
    found = postgres(recording, b"\0\0\0\5salt", b"md5" + b"0a" * 16)
    assert (found.mechanism, found.user, found.secret, found.secret_length) == ("md5", "alice", "hash", 35)


def test_mysql_answers_a_challenge(recording: Recording) -> None:
    greeting = b"\x0a8.0.36\x00\x01\x00\x00\x00saltsalt\x00\xff\xf7\x21\x02\x00\xff\xc7\x15" + bytes(10)
    greeting += b"saltsaltsalt\x00mysql_native_password\x00"
    answer = b"\x85\xa6\x0f\x00\x00\x00\x00\x01\x21" + bytes(23) + b"alice\x00\x14" + bytes(range(20))
    found = only(
        recording,
        3306,
        ("S", len(greeting).to_bytes(3, "little") + b"\x00" + greeting),
        ("C", len(answer).to_bytes(3, "little") + b"\x01" + answer),
    )
    assert (found.protocol, found.mechanism, found.user) == ("MySQL", "handshake", "alice")
    assert (found.secret, found.secret_length) == ("hash", 20)


def test_socks_username_and_password(recording: Recording) -> None:
    log_in = b"\x01\x05alice" + bytes([SIZE]) + SECRET.encode()
    found = only(
        recording,
        1080,
        ("C", b"\x05\x01\x02"),
        ("S", b"\x05\x02"),
        ("C", log_in),
        ("S", b"\x01\x00"),
    )
    assert (found.protocol, found.user, found.secret_length) == ("SOCKS", "alice", SIZE)


def test_rlogin_is_plain_text_and_told_once(recording: Recording) -> None:
    found = only(
        recording,
        513,
        ("C", b"\0"),
        ("C", b"alice\0root\0xterm/38400\0"),
        ("S", b"\0"),
        ("C", SECRET.encode()),
    )
    assert (found.protocol, found.user, found.secret, found.occurrences) == ("rlogin", "root", None, 1)


def test_sip_digest_sends_a_hash_and_a_challenge_is_none(tmp_path: Path) -> None:
    def message(first: str, header: str) -> bytes:
        lines = (first, "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1", "From: <sip:alice@a.example>;tag=1")
        more = ("To: <sip:alice@a.example>", "Call-ID: 1@10.0.0.1", "CSeq: 1 REGISTER", header)
        return "\r\n".join((*lines, *more, "Content-Length: 0", "", "")).encode()

    challenge = 'WWW-Authenticate: Digest realm="a.example", nonce="n"'
    answer = (
        f'Digest username="alice", realm="a.example", nonce="n", uri="sip:a.example", response="{"0a" * 16}"'
    )
    asks = IP(src="10.0.0.1", dst="10.0.0.9") / UDP(sport=5060, dport=5060)
    says = IP(src="10.0.0.9", dst="10.0.0.1") / UDP(sport=5060, dport=5060)
    report = captured(
        tmp_path,
        says / message("SIP/2.0 401 Unauthorized", challenge),
        asks / message("REGISTER sip:a.example SIP/2.0", f"Authorization: {answer}"),
    )
    (found,) = report.credentials
    assert (found.protocol, found.mechanism, found.user) == ("SIP", "Digest", "alice")
    assert (found.secret, found.secret_length, found.frames) == ("hash", 32, (2,))
