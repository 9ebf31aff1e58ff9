"""Find the captures that a batch is asked for: files, folders, globs, also behind a URL."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.batch.remote import fetch, is_url, local_text, opened, shown_url, stamp_of, told
from pcap_report.capture.magic import capture_format
from pcap_report.capture.names_nearby import is_called_a_capture
from pcap_report.errors import PcapReportError, UsageError
from pcap_report.files import led_to
from pcap_report.private_folder import PrivateFolder
from pcap_report.render.visible import from_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_WILD: Final = frozenset("*?[")


@dataclass(frozen=True)
class Capture:
    """A capture of a batch.

    Attributes:
        place: its path, or its URL.
        size: bytes; 0 where unknown.
        is_remote: the place is a URL.
        stamp: of a remote one: what tells this version from others; None where nothing does.
    """

    place: str
    size: int = 0
    is_remote: bool = False
    stamp: str | None = None

    @property
    def shown(self) -> str:
        """The place as the index shows it: a file's name may be no text, a URL may hold a password."""
        return shown_url(self.place) if self.is_remote else from_bytes(os.fsencode(self.place))

    @property
    def name(self) -> str:
        """The last part of the place."""
        return self.place.rstrip("/").rsplit("/", 1)[-1] if self.is_remote else Path(self.place).name


def find_captures(asked: Iterable[str], out: str) -> list[Capture]:
    """Return the captures, each once, those of a folder in the order of their names.

    What is named is taken as it is. Of a folder and of what a glob matches, files are taken that begin like a
    capture, or are called like one: these are listed as failures when they are none. Behind a URL only the
    name counts, for to look into each file would take long.

    Args:
        asked: files, folders (with all below them), and globs, in which ``**`` stands for any folders.
        out: the folder of the batch itself, in which no captures are looked for.

    Raises:
        UsageError: a path does not exist, or there is no capture in all of them.
    """
    found: dict[str, Capture] = {}
    for text in asked:
        if is_url(text):
            for one in _elsewhere(text, out):
                found.setdefault(one.place, one)
        else:
            for path in _named(local_text(text), led_to(Path(out))):
                found.setdefault(str(led_to(path)), Capture(str(path), _size(path)))
    if not found:
        raise UsageError("There is no capture in what was named", "Name captures, folders or globs of them.")
    return list(found.values())


@contextlib.contextmanager
def at_hand(capture: Capture) -> Iterator[Path]:
    """Yield the capture as a file here; one from elsewhere is fetched into a private file for the time being.

    Raises:
        UsageError: it cannot be read.
    """
    if not capture.is_remote:
        yield Path(capture.place)
        return
    with PrivateFolder() as folder:
        path = folder / _plain(capture.name)
        fetch(capture.place, path)
        try:
            yield path
        except PcapReportError as error:  # the person knows nothing of our file
            error.message = error.message.replace(str(path), capture.shown)
            raise


def sha256_of(path: Path, shown: str) -> str:
    """Return the hash by which a capture is known.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}") from error


def _plain(name: str) -> str:
    """Return a name for a file of ours; what is listed elsewhere may be called anything."""
    kept = "".join(sign if sign.isalnum() or sign in "._-" else "-" for sign in name)[-100:].lstrip(".-")
    return kept or "capture"


def _named(text: str, out: Path) -> Iterator[Path]:
    path = Path(text)
    if path.is_dir():
        yield from _below(path, out)
    elif path.exists() or not _WILD.intersection(text):
        if not path.exists():
            raise UsageError(f"There is no file {text}")
        yield path
    else:
        matches = sorted(map(Path, glob.iglob(text, recursive=True)))  # noqa: PTH207 - a pattern may be absolute
        if not matches:
            raise UsageError(f"Nothing matches {text}")
        yield from (one for one in matches if _is_wanted(one) and out not in led_to(one).parents)


def _below(folder: Path, out: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if led_to(Path(place, name)) != out)
        yield from (path for name in sorted(names) if _is_wanted(path := Path(place, name)))


def _is_wanted(path: Path) -> bool:
    """Look only at files: opening a pipe could wait for ever."""
    if not path.is_file():
        return False
    if is_called_a_capture(path.name):
        return True
    try:
        capture_format(path)
    except PcapReportError:
        return False
    return True


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _elsewhere(url: str, out: str) -> list[Capture]:
    system, path = opened(url)
    with told(url):
        found = _listed(system, path, url)
        urls = {name: _url(url, path, name) for name in found}
    captures = [_remote(urls[name], found[name]) for name in sorted(found)]
    return [one for one in captures if not one.place.startswith(out.rstrip("/") + "/")]


def _listed(system: Any, path: str, url: str) -> Mapping[str, Mapping[str, Any]]:  # noqa: ANN401 - fsspec
    """Return the facts of the files that are meant, by their paths."""
    is_pattern = bool(_WILD.intersection(path))
    if not is_pattern and (is_called_a_capture(path) or not system.isdir(path)):
        facts: Mapping[str, Any] = system.info(path)
        if facts.get("type") != "directory":
            return {path: facts}
    found = system.glob(path, detail=True) if is_pattern else system.find(path, detail=True)
    files = {
        name: one for name, one in found.items() if one.get("type") == "file" and is_called_a_capture(name)
    }
    if not files:
        raise UsageError(
            f"There is no capture in {shown_url(url)}",
            "Behind a URL those count that are called .pcap, .pcapng or .cap, with or without .gz.",
        )
    return files


def _url(url: str, path: str, name: str) -> str:
    """Return the URL of a file that was listed; what the named one says of host and user stays."""
    if name == path:
        return url
    bare, ending = url.rstrip("/"), path.strip("/")
    before = bare.removesuffix(ending) if ending else url
    return before + name.lstrip("/")


def _remote(url: str, facts: Mapping[str, Any]) -> Capture:
    return Capture(url, int(facts.get("size") or 0), is_remote=True, stamp=stamp_of(facts))
