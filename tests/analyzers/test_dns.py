"""Names that were looked up, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue.dns import answer, over_tcp, question

if TYPE_CHECKING:
    from pcap_report.model.around import DnsLookup
    from tests.dialogue.recording import Recording

NAME = "www.example.org."


def lookups(recording: Recording) -> tuple[DnsLookup, ...]:
    report = recording.report()
    assert [one for one in report.attempts if one.status == "failed"] == []
    return report.dns


def test_a_query_and_its_answer(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME)
    recording.after(ms=19)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"))

    (found,) = lookups(recording)
    assert (found.frame, found.response_frame) == (1, 2)
    assert (found.name, found.type, found.rcode) == ("www.example.org", "A", "NOERROR")
    assert found.answers == ("203.0.113.5",)
    assert (found.client, found.server, found.transport) == ("192.168.1.10", "192.168.1.1", "udp")
    assert found.rtt_ms == pytest.approx(20)


def test_a_chain_of_aliases(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME)
    resolver.answers(
        NAME,
        (NAME, "CNAME", "web.example.org."),
        ("web.example.org.", "CNAME", "edge.cdn.example.net."),
        ("edge.cdn.example.net.", "A", "203.0.113.5"),
        ("edge.cdn.example.net.", "A", "203.0.113.6"),
    )

    (found,) = lookups(recording)
    assert found.answers == ("web.example.org", "edge.cdn.example.net", "203.0.113.5", "203.0.113.6")


def test_an_ipv6_address(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME, "AAAA")
    resolver.answers(NAME, (NAME, "AAAA", "2001:db8::5"), kind="AAAA")

    (found,) = lookups(recording)
    assert (found.type, found.answers) == ("AAAA", ("2001:db8::5",))


def test_there_is_no_such_name(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks("nowhere.example.org.")
    resolver.answers("nowhere.example.org.", rcode=3)

    (found,) = lookups(recording)
    assert (found.rcode, found.answers) == ("NXDOMAIN", ())


def test_retries_and_one_answer(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME)
    recording.after(ms=999)
    resolver.asks(NAME)
    recording.after(ms=999)
    resolver.asks(NAME)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"))

    (found,) = lookups(recording)
    assert (found.frame, found.retries, found.response_frame) == (1, (2, 3), 4)
    assert found.rtt_ms == pytest.approx(2001)


def test_no_answer(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME)
    recording.after(ms=5000)
    resolver.asks(NAME)

    (found,) = lookups(recording)
    assert (found.retries, found.response_frame, found.rcode, found.rtt_ms) == ((2,), None, None, None)


def test_an_answer_without_its_query(recording: Recording) -> None:
    resolver = recording.resolver()
    with recording.lost():
        resolver.asks(NAME)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"))

    (found,) = lookups(recording)
    assert (found.frame, found.response_frame, found.rtt_ms) == (None, 1, None)
    assert (found.client, found.server) == ("192.168.1.10", "192.168.1.1")


def test_two_queries_at_once_are_told_apart(recording: Recording) -> None:
    """A and AAAA of one name, from one port, answered in the other order."""
    resolver = recording.resolver()
    resolver.asks(NAME, "A", number=1)
    resolver.asks(NAME, "AAAA", number=2)
    resolver.answers(NAME, (NAME, "AAAA", "2001:db8::5"), kind="AAAA", number=2)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"), number=1)

    assert [(one.type, one.frame, one.response_frame) for one in lookups(recording)] == [
        ("A", 1, 4),
        ("AAAA", 2, 3),
    ]


def test_a_number_used_again_later(recording: Recording) -> None:
    resolver = recording.resolver()
    for _ in range(2):
        resolver.asks(NAME)
        resolver.answers(NAME, (NAME, "A", "203.0.113.5"))
        recording.after(ms=60_000)

    assert [(one.frame, one.response_frame, one.retries) for one in lookups(recording)] == [
        (1, 2, ()),
        (3, 4, ()),
    ]


def test_over_tcp(recording: Recording) -> None:
    client, server = recording.talk(server_port=53).established()
    client.data(over_tcp(question(NAME)))
    server.data(over_tcp(answer(NAME, records=((NAME, "A", "203.0.113.5"),))))

    (found,) = lookups(recording)
    assert (found.transport, found.frame, found.response_frame) == ("tcp", 4, 5)
    assert found.answers == ("203.0.113.5",)


def test_the_connection_that_it_led_to(recording: Recording) -> None:
    resolver = recording.resolver()
    recording.talk(server="203.0.113.5", client_port=50001).established()
    resolver.asks(NAME)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"))
    recording.talk(server="203.0.113.5", client_port=50002).established()
    recording.talk(server="203.0.113.9", client_port=50003).established()

    report = recording.report()
    (found,) = report.dns
    assert found.led_to == (1,)
    assert [one.server.names for one in report.connections] == [(), ("www.example.org",), ()]


def test_every_look_up_is_told_with_its_frames(recording: Recording) -> None:
    resolver = recording.resolver()
    resolver.asks(NAME)
    resolver.asks(NAME)
    resolver.answers(NAME, (NAME, "A", "203.0.113.5"))

    (told,) = (one for one in recording.report().claims if one.id.startswith("dns"))
    assert told.frames == (1, 2, 3)
