"""Captures and folders that a URL names: whatever fsspec reaches, with ``pcap-report[remote]``.

Nothing here is used, and nothing is asked of any network, unless a URL is named.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Final

from pcap_report.errors import PcapReportError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_PASSWORD: Final = re.compile(r"(://[^/@:]*):[^/@]*@")
_HERE: Final = ("file", "local")
_INSTALL: Final = "pip install 'pcap-report[remote]'"
_STAMPS: Final = (
    "ETag", "etag", "md5Hash", "content_md5", "generation", "LastModified", "last_modified", "mtime",
    "modified", "updated", "created",
)  # fmt: skip
"""What file systems call that by which one version of a file is told from another, the surest first."""
_LONGEST_REASON: Final = 300


def is_url(text: str) -> bool:
    """Tell whether a text is the URL of something elsewhere; ``file://`` is not."""
    found = _URL.match(text)
    return found is not None and found[1].lower() not in _HERE


def local_text(text: str) -> str:
    """Return the path that a ``file://`` URL means; other texts as they are."""
    found = _URL.match(text)
    return text[found.end() :] if found and found[1].lower() in _HERE else text


def shown_url(url: str) -> str:
    """Return a URL for people and files: without a password."""
    return _PASSWORD.sub(r"\1:…@", url)


def opened(url: str) -> tuple[Any, str]:
    """Return fsspec's file system for a URL, and the path in it. Any: fsspec ships no types.

    Raises:
        UsageError: what it needs is not installed, or there is no such kind of URL.
    """
    shown = shown_url(url)
    if "::" in url:
        raise UsageError(f"{shown} is a chain of URLs", "Name the file itself, by one URL.")
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UsageError(f"{shown} lies elsewhere, and nothing here reaches it", _INSTALL) from error
    try:
        system, path = url_to_fs(url)
    except ImportError as error:
        raise UsageError(f"{shown} needs a package that is not installed", _reason(error)) from error
    except ValueError as error:
        raise UsageError(f"{shown} cannot be reached: {_reason(error)}") from error
    return system, str(path)


@contextlib.contextmanager
def told(url: str, what: str = "read", *, missing: type[Exception] = UsageError) -> Iterator[None]:
    """Turn whatever a file system raises into one line about the URL.

    Args:
        url: what is read or written.
        what: is done to it.
        missing: the error for a file that is not there.

    Raises:
        UsageError: instead of any other error.
    """
    try:
        yield
    except PcapReportError:
        raise
    except FileNotFoundError as error:
        raise missing(f"There is no file {shown_url(url)}") from error
    except Exception as error:  # each file system has errors of its own
        raise UsageError(f"{shown_url(url)} cannot be {what}: {_reason(error)}") from error


def stamp_of(facts: Mapping[str, Any]) -> str | None:
    """Return what tells this version of a file from others; None where the file system tells nothing."""
    value = next((facts[name] for name in _STAMPS if facts.get(name) is not None), None)
    return None if value is None else f"{str(value).strip(chr(34))} {facts.get('size')}"


def fetch(url: str, target: Path) -> None:
    """Copy a file from elsewhere to here.

    Raises:
        UsageError: it cannot be read.
    """
    system, path = opened(url)
    with told(url):
        system.get_file(path, str(target))


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())[:_LONGEST_REASON]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
