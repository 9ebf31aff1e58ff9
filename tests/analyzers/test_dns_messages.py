"""What DNS messages say: several in a frame, records of all types, and its relatives on the link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from scapy.layers.dns import DNS, DNSQR, DNSRR, DNSRRDS, DNSRRNSEC, DNSRRSOA, DNSRRSRV
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.llmnr import LLMNRQuery, LLMNRResponse
from scapy.layers.netbios import NBNSHeader, NBNSQueryRequest

from tests.dialogue.dns import answer, over_tcp, question
from tests.dialogue.wire import captured, proved

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.around import DnsLookup
    from tests.dialogue.recording import Recording

CLIENT, SERVER = "10.0.0.1", "10.0.0.53"
NAME = "www.example.org"


def asked(message: Any) -> Any:  # noqa: ANN401 - scapy packets
    return IP(src=CLIENT, dst=SERVER) / UDP(sport=40000, dport=53) / message


def answered(*records: Any, **more: Any) -> Any:  # noqa: ANN401 - scapy packets
    message = DNS(id=7, qr=1, qd=DNSQR(qname=NAME, qtype="ALL"), an=list(records), **more)
    return IP(src=SERVER, dst=CLIENT) / UDP(sport=53, dport=40000) / message


def only(folder: Path, *packets: Any) -> DnsLookup:  # noqa: ANN401 - scapy packets
    (found,) = captured(folder, *packets).dns
    return found


RECORDS = {
    "A": (DNSRR(rrname=NAME, type="A", rdata="203.0.113.5", ttl=60), "203.0.113.5"),
    "TXT": (
        DNSRR(rrname=NAME, type="TXT", rdata=[b"v=spf1", b"-all"], ttl=60),
        "TXT 6 v=spf1 TXT 4 -all",
    ),
    "SOA": (
        DNSRRSOA(rrname=NAME, mname="ns.example.org", rname="root.example.org", ttl=60),
        "ns.example.org",
    ),
    "MX": (DNSRR(rrname=NAME, type=15, rdata=b"\x00\x0a\x02mx\x00", ttl=60), "mx"),
    "SRV": (
        DNSRRSRV(rrname="_sip._tcp.example.org", target="sip.example.org", port=1, ttl=60),
        "sip.example.org",
    ),
    "DS": (DNSRRDS(rrname=NAME, algorithm=8, digesttype=2, digest=b"x" * 32, ttl=60), "DS 8 2"),
    "RRSIG": (
        DNSRR(
            rrname=NAME, type=46, rdata=b"\x00\x01\x08\x03" + bytes(14) + b"\x03org\x00" + b"s" * 16, ttl=60
        ),
        "RRSIG 1 org",
    ),
    "NSEC": (
        DNSRRNSEC(
            rrname=NAME, nextname="x.example.org", typebitmaps=b"\x00\x06\x40\x00\x00\x00\x00\x03", ttl=60
        ),
        f"NSEC {NAME} x.example.org",
    ),
    "HTTPS": (DNSRR(rrname=NAME, type=65, rdata=b"\x00\x01\x00\x00\x01\x00\x03\x02h2", ttl=60), "HTTPS 1 ."),
    "SSHFP": (DNSRR(rrname=NAME, type=44, rdata=b"\x01\x01" + b"z" * 20, ttl=60), "SSHFP: " + "7a" * 20),
    "TYPE65400": (DNSRR(rrname=NAME, type=65400, rdata=b"xyz", ttl=60), "<unknown type=65400>"),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_and_its_neighbours(tmp_path: Path, kind: str) -> None:
    """Whatever stands before an address, the address keeps its place."""
    record, text = RECORDS[kind]
    last = DNSRR(rrname=NAME, type="A", rdata="203.0.113.99", ttl=9)
    found = only(tmp_path, asked(DNS(id=7, qd=DNSQR(qname=NAME, qtype="ALL"))), answered(record, last))

    assert found.answers == (text, "203.0.113.99")
    assert found.answer_types == (kind, "A")
    assert found.ttls == (60, 9)


def test_what_stands_behind_the_answers_is_no_answer(tmp_path: Path) -> None:
    authority = DNSRR(rrname="example.org", type="NS", rdata="ns.example.org", ttl=5)
    glue = DNSRR(rrname="ns.example.org", type="A", rdata="203.0.113.1", ttl=5)
    found = only(tmp_path, answered(RECORDS["A"][0], ns=[authority], ar=[glue]))
    assert found.answers == ("203.0.113.5",)


def test_aliases_flags_and_times(tmp_path: Path) -> None:
    alias = DNSRR(rrname=NAME, type="CNAME", rdata="edge.example.net", ttl=300)
    address = DNSRR(rrname="edge.example.net", type="A", rdata="203.0.113.5", ttl=20)
    query = asked(DNS(id=7, qd=DNSQR(qname=NAME, qtype="ALL")))
    found = only(tmp_path, query, answered(alias, address, aa=1, tc=1))

    assert (found.cnames, found.ttls) == (("edge.example.net",), (300, 20))
    assert (found.authoritative, found.truncated, found.transaction_id) == (True, True, 7)
    assert (found.asked_s, found.answered_s) == (0, 0.01)


def test_several_queries_and_several_answers_in_one_segment(recording: Recording) -> None:
    client, server = recording.talk(server_port=53).established()
    names = ("a.example.org.", "b.example.org.")
    client.data(b"".join(over_tcp(question(name, number=place)) for place, name in enumerate(names)))
    answers = [
        answer(
            names[1],
            number=1,
            records=((names[1], "CNAME", "c.example.org."), ("c.example.org.", "A", "203.0.113.2")),
        ),
        answer(names[0], number=0, rcode=3),
    ]
    server.data(b"".join(map(over_tcp, answers)))

    first, second = proved(recording.write()).dns
    assert (first.name, first.frame, first.response_frame, first.rcode) == ("a.example.org", 4, 5, "NXDOMAIN")
    assert (second.name, second.rcode, second.answers) == (
        "b.example.org",
        "NOERROR",
        ("c.example.org", "203.0.113.2"),
    )
    assert (first.answers, first.connection, first.transport) == ((), 0, "tcp")


def test_an_error_that_quotes_a_query_asks_nothing(tmp_path: Path) -> None:
    query = asked(DNS(id=7, qd=DNSQR(qname=NAME)))
    refused = IP(src=SERVER, dst=CLIENT) / ICMP(type=3, code=3) / bytes(query)
    found = only(tmp_path, query, refused)
    assert (found.frame, found.retries, found.response_frame, found.protocol) == (1, (), None, "dns")


def test_multicast_dns_repeats_no_question(tmp_path: Path) -> None:
    group = IP(src=CLIENT, dst="224.0.0.251", ttl=255) / UDP(sport=5353, dport=5353)
    other = IP(src="10.0.0.2", dst="224.0.0.251", ttl=255) / UDP(sport=5353, dport=5353)
    query = DNS(id=0, qd=DNSQR(qname="printer.local", qtype="A"))
    told = DNS(
        id=0, qr=1, aa=1, qd=[], an=[DNSRR(rrname="printer.local", type="A", rdata="10.0.0.2", ttl=120)]
    )
    asking, telling = captured(tmp_path, group / query, other / told).dns

    assert (asking.protocol, asking.server, asking.response_frame) == ("mdns", "224.0.0.251", None)
    assert (telling.protocol, telling.frame, telling.type) == ("mdns", None, None)
    assert (telling.name, telling.answers, telling.server) == ("printer.local", ("10.0.0.2",), "10.0.0.2")


def test_link_local_multicast_is_answered_from_another_address(tmp_path: Path) -> None:
    query = LLMNRQuery(id=9, qd=DNSQR(qname="fileserver", qtype="A"))
    response = LLMNRResponse(
        id=9, qd=DNSQR(qname="fileserver", qtype="A"), an=DNSRR(rrname="fileserver", rdata="10.0.0.3", ttl=30)
    )
    found = only(
        tmp_path,
        IP(src=CLIENT, dst="224.0.0.252") / UDP(sport=50001, dport=5355) / query,
        IP(src="10.0.0.3", dst=CLIENT) / UDP(sport=5355, dport=50001) / response,
    )
    assert (found.protocol, found.frame, found.response_frame) == ("llmnr", 1, 2)
    assert found.answers == ("10.0.0.3",)


def test_netbios_names_without_their_suffix(tmp_path: Path) -> None:
    query = NBNSHeader(NAME_TRN_ID=5, QDCOUNT=1) / NBNSQueryRequest(QUESTION_NAME=b"FILESERVER")
    found = only(tmp_path, IP(src=CLIENT, dst="10.0.0.255") / UDP(sport=137, dport=137) / query)
    assert (found.protocol, found.name, found.type) == ("nbns", "FILESERVER", "NB")
    assert (found.transaction_id, found.response_frame) == (5, None)


def test_signed_answers_as_zeek_writes_them(captures_dir: Path) -> None:
    """Its dns.log of this capture, all columns that we have too."""
    lookups = proved(captures_dir / "dns" / "zeek-rrsig.pcap").dns
    assert [(one.transaction_id, one.rtt_ms, one.rcode) for one in lookups] == [
        (62809, None, None),
        (17129, pytest.approx(3.405), "NOERROR"),
        (26222, pytest.approx(3.363), "NOERROR"),
        (27118, pytest.approx(3.748), "NOERROR"),
    ]
    last = lookups[-1]
    assert [one.lower() for one in last.answers] == [
        "quasar.sas.upenn.edu",
        "rrsig 5 upenn.edu",
        "128.91.234.145",
        "rrsig 1 upenn.edu",
    ]
    assert (last.ttls, last.authoritative) == ((900, 900, 30, 30), True)


def test_twenty_queries_in_one_real_segment(captures_dir: Path) -> None:
    lookups = proved(captures_dir / "dns" / "sv-dns-tcp-multirequest-buffer.pcap").dns
    assert [(one.name, one.frame, one.transaction_id) for one in lookups] == [
        (f"{number}.google.com", 4, number) for number in range(20)
    ]
    assert [one.response_frame for one in lookups[:3]] == [8, 10, 12]
    assert {one.rcode for one in lookups} == {"NXDOMAIN"}


def test_a_real_link_with_multicast_dns(captures_dir: Path) -> None:
    lookups = proved(captures_dir / "ipv6" / "arkime-v6-http.pcap").dns
    assert {one.protocol for one in lookups} == {"mdns"}
    first, second, *told = lookups
    assert (first.frame, second.frame, first.retries) == (6, 6, (8, 9))
    assert (first.type, second.name) == ("ANY", "linux.local")
    assert [one.response_frame for one in told] == [7, 10, 11, 12, 13]


def test_a_type_of_which_no_value_is_told_has_its_name(tmp_path: Path) -> None:
    query = IP(src="10.0.0.1", dst="10.0.0.2") / UDP(sport=40000, dport=53)
    (found,) = captured(tmp_path, query / DNS(rd=1, qd=DNSQR(qname="t.example", qtype=10))).dns
    assert found.type == "NULL"
