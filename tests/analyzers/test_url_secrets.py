"""What of a URL may stand in a report."""

from __future__ import annotations

import pytest

from pcap_report.analyzers.url_secrets import masked, secrets_in

SECRET = "s3cr3t"  # noqa: S105 - what no report may hold


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://alice:s3cr3t@host/a?b=c", "http://alice:***@host/a?b=c"),
        ("ftp://:s3cr3t@host/", "ftp://:***@host/"),
        ("//alice:s3cr3t@host/x", "//alice:***@host/x"),
        ("/go?to=http%3A%2F%2Falice%3As3cr3t%40host%2F", "/go?to=http%3A%2F%2Falice%3A***%40host%2F"),
        ("/login?user=alice&password=s3cr3t&x=1", "/login?user=alice&password=***&x=1"),
        ("/login?PassWord=s3cr3t", "/login?PassWord=***"),
        ("/login?user%5Bpassword%5D=s3cr3t", "/login?user%5Bpassword%5D=***"),
        ("/login;password=s3cr3t?x=1", "/login;password=***?x=1"),
        ("/a?access_token=s3cr3t#b", "/a?access_token=***#b"),
        ("/a?token=s3cr3t", "/a?token=***"),
        ("/a?api_key=s3cr3t&apikey=s3cr3t", "/a?api_key=***&apikey=***"),
        ("/a;jsessionid=s3cr3t", "/a;jsessionid=***"),
        ("/a?next=%2Flogin%3Fpassword%3Ds3cr3t%26b%3D1", "/a?next=%2Flogin%3Fpassword%3D***%26b%3D1"),
        ("/a?next=/login?pwd=s3cr3t", "/a?next=/login?pwd=***"),
    ],
)
def test_secrets_are_masked(url: str, shown: str) -> None:
    assert SECRET in url
    assert masked(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "/",
        "*",
        "",
        "/a?passenger=7&compass=n&bypass=1",
        "/a?tokens_left=3&page=2",
        "/mail/alice@example.org?x=1",
        "http://host:8080/a@b",
        "host:443",
        "/a?time=12:30@noon",
        "/?q=%zz&%=1&=&&",
    ],
)
def test_the_rest_stays(url: str) -> None:
    assert masked(url) == url


def test_nothing_stays_nothing() -> None:
    assert masked(None) is None


def test_what_was_read() -> None:
    found = list(secrets_in("http://alice:s3cr3t@h/?user=bob&passwd=abc&token=1234&sig=12"))
    assert found == [("alice", "password", 6), ("bob", "password", 3), ("bob", "session", 4)]


def test_long_hostile_urls_do_not_hang() -> None:
    for piece in ("?a", "%3a//", "://a:", "&=", "%26", ";pass", "=?", "%3d%3f", "://" + ":" * 50):
        masked(piece * 20_000)
        list(secrets_in(piece * 20_000))
