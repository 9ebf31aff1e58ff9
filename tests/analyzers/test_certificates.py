"""Certificates: read each on its own, and held against each other, the time and the name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pcap_report.analyzers.certificate_names import matches
from pcap_report.analyzers.certificates import certificates_in
from pcap_report.analyzers.tls_authentication import Authentication
from tests.dialogue.certificates import RsaDigest, chain, ed25519_self_signed, issue, rsa_self_signed

if TYPE_CHECKING:
    from pcap_report.model.tls import Certificate, Validity

_AT = datetime(2023, 7, 1, tzinfo=UTC)


def read(*ders: bytes, at: datetime = _AT) -> list[Certificate]:
    return certificates_in([der.hex() for der in ders], 7, "server", int(at.timestamp()) * 1_000_000_000)


def test_a_chain_in_order() -> None:
    leaf, issuer, root = read(*(one.der for one in chain()))
    assert (leaf.subject, leaf.issuer) == ("CN=www.example.org", "CN=Issuer")
    assert (leaf.san, leaf.key, leaf.serial) == (
        ("www.example.org", "*.example.net"),
        "EC secp256r1",
        "102030405",
    )
    assert leaf.signature_algorithm == "ecdsa-with-SHA256"
    assert [one.is_ca for one in (leaf, issuer, root)] == [False, True, True]
    assert [one.self_signed for one in (leaf, issuer, root)] == [False, False, True]
    assert [one.signed_by for one in (leaf, issuer, root)] == [1, 2, 2]
    assert [one.error for one in (leaf, issuer, root)] == [None, None, None]
    assert (leaf.frame, leaf.sender) == (7, "server")


def test_a_chain_in_the_wrong_order() -> None:
    leaf, issuer, root = chain()
    found = read(leaf.der, root.der, issuer.der)
    assert [one.signed_by for one in found] == [2, 1, 1]


def test_a_name_alone_is_no_signature() -> None:
    """Somebody else calls himself by the issuer's name."""
    leaf, _, _ = chain()
    found = read(leaf.der, issue("Issuer", is_ca=True).der)
    assert [one.signed_by for one in found] == [None, 1]
    assert [one.signature_verified for one in found] == [False, True]


def test_an_issuer_that_is_not_there() -> None:
    leaf, _, root = chain()
    found = read(leaf.der, root.der)
    assert [one.signature_verified for one in found] == [None, True]


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256", "sha512"])
def test_old_and_new_digests(digest: RsaDigest) -> None:
    _proved_and_disproved(rsa_self_signed(digest))


def test_ed25519() -> None:
    _proved_and_disproved(ed25519_self_signed())


def test_an_algorithm_that_cannot_be_checked() -> None:
    (found,) = read(rsa_self_signed("md2"))
    assert (found.subject, found.signature_algorithm) == ("CN=own", "md2WithRSAEncryption")
    assert (found.self_signed, found.signed_by, found.signature_verified) == (None, None, None)


def test_the_order_of_a_chain() -> None:
    leaf, issuer, root = chain()
    unknown = rsa_self_signed("md2")
    for ders, answer in (
        ((leaf.der, issuer.der, root.der), True),
        ((leaf.der, root.der, issuer.der), False),
        ((leaf.der, issue("Issuer", is_ca=True).der), False),
        ((leaf.der,), None),
        ((unknown, rsa_self_signed("md2")), None),
        ((unknown, leaf.der, root.der), False),
    ):
        authentication = Authentication()
        authentication.certificates = read(*ders)
        assert authentication.chain_in_order() is answer


def _proved_and_disproved(der: bytes) -> None:
    (found,) = read(der)
    assert (found.self_signed, found.signed_by, found.signature_verified) == (True, 0, True)
    broken = bytearray(der)
    broken[der.index(b"own")] ^= 1
    broken[der.rindex(b"own")] ^= 1
    (found,) = read(bytes(broken))
    assert (found.self_signed, found.signed_by, found.signature_verified) == (False, None, False)


@pytest.mark.parametrize(
    ("at", "validity"),
    [
        (datetime(2022, 12, 31, 23, 59, 59, tzinfo=UTC), "not_yet_valid"),
        (datetime(2023, 1, 1, tzinfo=UTC), "valid"),
        (datetime(2024, 1, 1, tzinfo=UTC), "valid"),
        (datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC), "expired"),
    ],
)
def test_validity_at_the_time_of_the_capture(at: datetime, validity: Validity) -> None:
    leaf, _, _ = chain()
    assert [one.validity for one in read(leaf.der, at=at)] == [validity]


def test_one_that_makes_no_sense_is_kept() -> None:
    leaf, _, _ = chain()
    broken, whole = read(leaf.der[:-40], leaf.der)
    assert (broken.subject, broken.key, broken.san, broken.validity) == (None, None, (), None)
    assert broken.error
    assert len(broken.sha256) == 64
    assert broken.sha256 != whole.sha256
    assert (whole.subject, whole.error) == ("CN=www.example.org", None)


def test_the_same_one_twice_in_a_message_is_listed_once() -> None:
    leaf, issuer, _ = chain()
    assert [one.subject for one in read(leaf.der, issuer.der, leaf.der)] == [
        "CN=www.example.org",
        "CN=Issuer",
    ]


def test_an_empty_message() -> None:
    assert read() == []


@pytest.mark.parametrize(
    ("presented", "host", "expected"),
    [
        ("www.example.org", "WWW.Example.ORG", True),
        ("www.example.org", "www.example.org.", True),
        ("*.example.org", "www.example.org", True),
        ("*.example.org", "example.org", False),
        ("*.example.org", "a.b.example.org", False),
        ("*.org", "example.org", False),
        ("w*.example.org", "www.example.org", False),
        ("www.example.org", "example.org", False),
        ("", "", False),
    ],
)
def test_names(presented: str, host: str, expected: bool) -> None:
    """RFC 9525, 6.3: a wildcard is the whole leftmost label, and stands for one label."""
    assert matches(presented, host) is expected
