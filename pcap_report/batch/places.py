"""Where a batch writes: a folder here, or one that a URL names. A file is there whole or not at all."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from pcap_report.batch.remote import is_url, local_text, opened, shown_url, told
from pcap_report.errors import UsageError
from pcap_report.files import clear_drafts, draft_beside, pieces
from pcap_report.private_folder import PrivateFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from pcap_report.files import Content

_DRAFTS: Final = ".*.part"
"""What drafts are called where a file system of another machine takes them."""
_WHOLE_AT_ONCE: Final = frozenset(
    ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "adl", "az", "oci", "oss", "memory")
)
"""Stores in which an object appears when all of it has arrived; elsewhere a draft is renamed."""


class Place(Protocol):
    """A folder with files in folders below it; names are relative, with ``/`` between their parts."""

    @property
    def shown(self) -> str:
        """The folder as people read it."""

    def begin(self, *folders: str) -> None:
        """Make the folder, and these below it."""

    def draft(self, name: str) -> AbstractContextManager[Path]:
        """Yield a private file here that becomes the named one at the end, or vanishes."""

    def read(self, name: str) -> bytes:
        """Return a file's content; FileNotFoundError where there is none."""

    def names(self, folder: str) -> frozenset[str]:
        """Return the names of the files in one of its folders."""

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""

    def sweep(self, *folders: str) -> None:
        """Remove what runs have left that were killed while they wrote."""


def place_of(out: str) -> Place:
    """Return the folder that a path or a URL names.

    Raises:
        UsageError: it is a file, or what its URL needs is not installed.
    """
    if is_url(out):
        return RemotePlace(out.rstrip("/"))
    folder = Path(local_text(out))
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and a batch is written to a folder", "Choose another DIR.")
    return LocalPlace(folder)


def write(place: Place, name: str, content: Content) -> None:
    """Write a file in one step.

    Raises:
        OSError: it cannot be written here.
        UsageError: it cannot be written elsewhere.
    """
    with place.draft(name) as draft, draft.open("wb") as file:
        file.writelines(pieces(content))


@dataclass(frozen=True)
class LocalPlace:
    """A folder of this machine."""

    folder: Path

    @property
    def shown(self) -> str:
        """The folder as people read it."""
        return str(self.folder)

    def begin(self, *folders: str) -> None:
        """Make the folder, and these below it."""
        for one in ("", *folders):
            (self.folder / one).mkdir(parents=True, exist_ok=True)

    def draft(self, name: str) -> AbstractContextManager[Path]:
        """Yield a private file beside the named one, whose place it takes at the end."""
        return draft_beside(self.folder / name)

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        return (self.folder / name).read_bytes()

    def names(self, folder: str) -> frozenset[str]:
        """Return the names of the files in one of its folders."""
        try:
            return frozenset(one.name for one in (self.folder / folder).iterdir())
        except FileNotFoundError:
            return frozenset()

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        return (self.folder / name).is_file()

    def sweep(self, *folders: str) -> None:
        """Remove the drafts of processes that were killed."""
        for one in ("", *folders):
            clear_drafts(self.folder / one)


@dataclass(frozen=True)
class RemotePlace:
    """A folder that fsspec reaches.

    Attributes:
        url: without a slash at its end.
    """

    url: str

    @property
    def shown(self) -> str:
        """The folder as people read it."""
        return shown_url(self.url)

    def begin(self, *folders: str) -> None:
        """Make the folders where the file system has such a thing; a store of objects has none."""
        system, path = opened(self.url)
        if self._is_store(system):
            return
        with told(self.url, "written"):
            for one in ("", *folders):
                system.makedirs(f"{path}/{one}".rstrip("/"), exist_ok=True)

    @contextlib.contextmanager
    def draft(self, name: str) -> Iterator[Path]:
        """Yield a private file here, which is sent at the end."""
        system, path = opened(self.url)
        with PrivateFolder() as folder:
            draft = folder / "draft"
            yield draft
            with told(f"{self.url}/{name}", "written"):
                self._send(system, draft, f"{path}/{name}")

    def read(self, name: str) -> bytes:
        """Return a file's content."""
        system, path = opened(self.url)
        with told(f"{self.url}/{name}", missing=FileNotFoundError):
            content: bytes = system.cat_file(f"{path}/{name}")
            return content

    def names(self, folder: str) -> frozenset[str]:
        """Return the names of the files in one of its folders."""
        system, path = opened(self.url)
        with told(f"{self.url}/{folder}"):
            system.invalidate_cache()
            try:
                found = system.ls(f"{path}/{folder}".rstrip("/"), detail=False)
            except FileNotFoundError:
                return frozenset()
        return frozenset(str(one).rsplit("/", 1)[-1] for one in found)

    def has(self, name: str) -> bool:
        """Tell whether there is such a file."""
        system, path = opened(self.url)
        with told(f"{self.url}/{name}"):
            system.invalidate_cache()
            return bool(system.exists(f"{path}/{name}"))

    def sweep(self, *folders: str) -> None:
        """Remove drafts, where there can be some."""
        system, path = opened(self.url)
        if self._is_store(system):
            return
        for one in ("", *folders):
            for name in self.names(one):
                if Path(name).match(_DRAFTS):
                    with told(f"{self.url}/{one}/{name}", "removed"):
                        system.rm_file(f"{path}/{one}/{name}")

    def _send(self, system: Any, draft: Path, target: str) -> None:  # noqa: ANN401 - fsspec ships no types
        if self._is_store(system):
            system.put_file(str(draft), target)
            return
        folder, name = target.rsplit("/", 1)
        unseen = f"{folder}/.{name}.{draft.parent.name[-8:]}.part"
        try:
            system.put_file(str(draft), unseen)
            system.mv(unseen, target)
        except BaseException:
            with contextlib.suppress(Exception):
                system.rm_file(unseen)
            raise

    @staticmethod
    def _is_store(system: Any) -> bool:  # noqa: ANN401 - fsspec ships no types
        kinds = system.protocol if isinstance(system.protocol, (tuple, list)) else (system.protocol,)
        return not _WHOLE_AT_ONCE.isdisjoint(kinds)
