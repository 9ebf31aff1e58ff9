"""A report speaks one language: no English in a Spanish or Chinese one, beside names and the terms."""

from __future__ import annotations

import re
from typing import Final

import pytest

from pcap_report.render.environment import profiles
from pcap_report.render.markdown import MarkdownOptions, render_markdown
from pcap_report.render.terminal import TerminalOptions, render_terminal
from tests.render.reports import SAMPLES, sample
from tests.render.test_catalogs import _messages, _strings

FENCE: Final = re.compile(r"(?ms)^```.*?^```$")
CODE: Final = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
WORD: Final = re.compile(r"[A-Za-z]+")
ANY_WORD: Final = re.compile(r"[^\W\d_]+")
PLACEHOLDER: Final = re.compile(r"%\(\w+\)s")
HAN: Final = "\u3400-\u9fff"

PROTOCOLS: Final = """
    IP IPv TCP UDP TLS DTLS QUIC RTT HTTP HTTPS DNS DHCP ICMP SSH FTP SMTP POP IMAP SNMP ARP NAT VLAN MTU TTL
    OSI MAC Ethernet II Linux cooked RFC SHA UTC JSON HTML PDF ID JA S
"""
TOOLS: Final = "Zeek Community Wireshark tshark editcap d"
MESSAGES: Final = """
    SYN ACK FIN RST PSH Len Seq Ack Win MSS SACK ALPN SNI KeyShare key share Hello ClientHello
    ServerHello HelloRetryRequest HelloVerifyRequest EncryptedExtensions Certificate CertificateVerify
    Finished ChangeCipherSpec Application Data Initial Handshake Retry Version Negotiation CONNECTION CLOSE
    CRYPTO close notify cookie xx HSTS
"""
UNITS_AND_ENDS: Final = "B kB MB GB s ms A"
LATIN_IN_CHINESE: Final = frozenset(" ".join((PROTOCOLS, TOOLS, MESSAGES, UNITS_AND_ENDS)).split())
_ENGLISH: Final = """
    the of and is are was with from this that these which not it its by for what when who how there be has
    have on at an or but their between after before seen each every all both more than only
"""
ENGLISH: Final = frozenset(_ENGLISH.split())


def _prose(text: str) -> str:
    return CODE.sub("", FENCE.sub("", text))


@pytest.mark.parametrize("profile", profiles())
@pytest.mark.parametrize("name", SAMPLES)
def test_a_chinese_report_is_chinese(name: str, profile: str) -> None:
    text = render_markdown(sample(name), MarkdownOptions(profile=profile, language="zh"))
    assert sorted(set(WORD.findall(_prose(text))) - LATIN_IN_CHINESE) == []


@pytest.mark.parametrize("profile", profiles())
@pytest.mark.parametrize("name", SAMPLES)
def test_a_spanish_report_is_spanish(name: str, profile: str) -> None:
    text = render_markdown(sample(name), MarkdownOptions(profile=profile, language="es"))
    assert sorted(set(ANY_WORD.findall(_prose(text))) & ENGLISH) == []


@pytest.mark.parametrize("language", ["es", "zh"])
@pytest.mark.parametrize("name", SAMPLES)
def test_diagrams_and_terminals_are_of_one_language(name: str, language: str) -> None:
    report = sample(name)
    drawn = FENCE.findall(render_markdown(report, MarkdownOptions(language=language)))
    lines = [
        line for block in drawn for line in block.splitlines() if not line.strip().startswith("Note over")
    ]
    shown = render_terminal(report, TerminalOptions(language=language, every_ladder=True))
    words = [word for text in (*lines, shown) for word in re.findall(r"(?<![\w.-])[a-z]+(?![\w.-])", text)]
    assert sorted(set(words) & ENGLISH) == []


CHINESE: Final = [text for message in _messages("zh") for text in _strings(message)]
# These stand for Chinese words, those for a remark in full-width parentheses: no space goes before either.
WORDS: Final = re.compile(r"%\((?:\w+_terms?|at|field|resets|fins)\)s")
PROOFS: Final = re.compile(r"%\(proof\)s")


def test_the_chinese_catalog_is_set_as_chinese() -> None:
    wrong = []
    for text in CHINESE:
        shown = PLACEHOLDER.sub("x", PROOFS.sub("（帧）", WORDS.sub("帧", text))).replace("**", "")
        if (
            re.search(f"[{HAN}][,;:?!.()]|[,;:?!(][{HAN}]", shown)
            or re.search(f"[{HAN}][A-Za-z0-9]|[A-Za-z0-9][{HAN}]", shown)
            or re.search(r"\s[，。；：、（）]|[，。；：、（）]\s|  ", shown)
        ):
            wrong.append(text)
    assert wrong == []


def test_bold_ends_with_a_letter_in_the_chinese_catalog() -> None:
    ends = [found for text in CHINESE for found in re.findall(r"\*\*.+?(.)\*\*", text)]
    assert len(ends) > 20
    assert [end for end in ends if not end.isalnum()] == []
