"""Names, paths, certificates, filters and other texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcap_report.anonymize.key import Key
from pcap_report.anonymize.kinds import Kind
from pcap_report.anonymize.pseudonyms import Pseudonyms

WORDS = Pseudonyms(Key(b"a key for tests only"))
K = Kind


def of(kind: Kind, text: str) -> str:
    return WORDS.of(kind, text)


def test_labels_and_the_top_level_stay() -> None:
    found = of(K.NAME, "db7.intern.acme.com").split(".")
    assert len(found) == 4
    assert found[-1] == "com"
    assert not {"db7", "intern", "acme"} & set(found)


def test_a_name_below_another_stays_below_it() -> None:
    assert of(K.NAME, "www.acme.com") == "www." + of(K.NAME, "acme.com")
    assert of(K.NAME, "*.acme.com") == "*." + of(K.NAME, "acme.com")


@pytest.mark.parametrize("other", ["ACME.com", "acme.COM", "acme.com.", "acme.com:443"])
def test_a_name_is_the_same_however_it_is_written(other: str) -> None:
    assert of(K.NAME, other).removesuffix(":443").removesuffix(".") == of(K.NAME, "acme.com")


def test_punycode_and_unicode_are_the_same_name() -> None:
    assert of(K.NAME, "xn--mnchen-3ya.de") == of(K.NAME, "München.de")


def test_an_own_top_level_is_not_kept() -> None:
    assert "acme" not in of(K.NAME, "laptop.acme")


def test_a_reversed_name_is_that_of_the_pseudonym() -> None:
    reverse = of(K.NAME, "4.3.2.8.in-addr.arpa")
    assert reverse == ".".join(reversed(of(K.ADDRESS, "8.2.3.4").split("."))) + ".in-addr.arpa"


@pytest.mark.parametrize(
    ("name", "shape"), [("8.2.3.4:80", "{}:80"), ("[2001:db8::1]:443", "[{}]:443"), ("fe80::1%eth0", "{}%{}")]
)
def test_addresses_are_addresses_where_names_stand(name: str, shape: str) -> None:
    assert of(K.NAME, name).count(":") == shape.count(":") + of(
        K.ADDRESS, name.strip("[]").split("]")[0]
    ).count(":") - (1 if name == "8.2.3.4:80" else 0)


def test_a_path_keeps_its_shape() -> None:
    found = of(K.URL, "/alice/report%20draft.html?user=alice&x=1")
    assert found.count("/") == 2
    assert "alice" not in found
    assert ".html?" in found


def test_a_certificates_name_keeps_its_attributes() -> None:
    found = of(K.SUBJECT, r"CN=www.acme.com,O=Acme\, Inc.,C=DE")
    assert found.startswith("CN=" + of(K.NAME, "www.acme.com") + ",O=")
    assert "cme" not in found
    assert found.count(",") == 2


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("tcp.stream == 3 && frame.number in {3..5, 9}", True),
        ("ip.addr == 8.8.4.4 && tcp.port == 443", False),
        ('tls.handshake.extensions_server_name == "acme.com"', False),
        ("http.host contains acme", False),
        ("eth.src == 00:0c:29:01:02:03", False),
        ('frame contains "\\x61cme"', False),
        ("tls || (http2 and !dns)", True),
    ],
)
def test_filters(before: str, kept: bool) -> None:
    found = of(K.FILTER, before)
    assert (found == before) is kept
    assert "acme" not in found
    assert "8.8.4" not in found
    assert "00:0c:29" not in found


def test_capture_filters() -> None:
    found = of(
        K.CAPTURE_FILTER, "net 8.8.4.0/24 or (host acme.com and not port 22) or ether host 00:0c:29:01:02:03"
    )
    assert found.startswith("net " + of(K.ADDRESS, "8.8.4.0/24") + " or (host " + of(K.NAME, "acme.com"))
    assert " and not port 22) or ether host " in found
    assert "00:0c:29" not in found


def test_a_filter_has_the_pseudonym_of_its_value() -> None:
    assert of(K.FILTER, "ip.addr == 8.8.4.4") == "ip.addr == " + of(K.ADDRESS, "8.8.4.4")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (K.AGENT, "curl/8.5.0"),
        (K.ALPN, "h2"),
        (K.BANNER, "SSH-2.0-OpenSSH_9.6p1"),
        (K.MEDIA_TYPE, "text/html; charset=utf-8"),
        (K.INTERFACE, "eth0"),
        (K.METHOD, "GET"),
        (K.FAILURE, "not asked for"),
    ],
)
def test_what_everybody_sends_is_kept(kind: Kind, text: str) -> None:
    assert of(kind, text) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (K.AGENT, "curl/8.5.0 (alice)"),
        (K.ALPN, "acme-rpc"),
        (K.BANNER, "SSH-2.0-OpenSSH_9.6p1 alice"),
        (K.MEDIA_TYPE, "application/vnd.acme"),
        (K.METHOD, "ALICE"),
        (K.FAILURE, "ValueError: alice"),
        (K.INTERFACE, "enx000c29010203"),
        (K.ANSWER, "TXT 12 alice at acme"),
        (K.USER, "alice@acme.com"),
    ],
)
def test_what_only_one_sends_is_not(kind: Kind, text: str) -> None:
    found = of(kind, text).lower()
    assert "alice" not in found
    assert "acme" not in found
    assert "000c29" not in found


def test_dates_keep_their_distance() -> None:
    one, other = of(K.TIME, "2024-05-01T10:00:00Z"), of(K.TIME, "2024-05-01T10:00:07.250000Z")
    assert one.endswith("Z")
    assert not one.startswith("2024-05-01")
    assert other.endswith(".250000Z")
    assert one[:16] == other[:16]


@given(st.sampled_from(sorted(set(K) - {K.SAID, K.COMMUNITY, K.OURS})), st.text(max_size=200))
def test_no_text_is_too_strange(kind: Kind, text: str) -> None:
    assert isinstance(of(kind, text), str)
    assert of(kind, text) == of(kind, text)


@given(st.from_regex(r"[a-z]{6,12}\.[a-z]{6,12}\.(com|de)", fullmatch=True))
def test_nothing_of_a_name_is_left_but_its_end(name: str) -> None:
    first, second, _ = name.split(".")
    assert not {first, second} & set(of(K.NAME, name).split("."))
