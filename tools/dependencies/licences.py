"""Under which licence each package comes: what its metadata says, as an SPDX expression."""

from __future__ import annotations

from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from typing import Final

from tools.dependencies.graph import needed
from tools.reference.markdown import table

_SPOKEN: Final = {
    "ISC License": "ISC",
    "The MIT License (MIT)": "MIT",
    "License :: OSI Approved :: MIT License": "MIT",
}
_READ: Final = {
    # Their metadata say "BSD" only; their licence files have three clauses.
    "colorama": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "partd": "BSD-3-Clause",
    "prompt-toolkit": "BSD-3-Clause",
    "s3fs": "BSD-3-Clause",
    "zict": "BSD-3-Clause",
    # Theirs say "Apache" and "Dual License".
    "aiosignal": "Apache-2.0",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "sortedcontainers": "Apache-2.0",
    # They are not installed on every system, or not with every Python; what their metadata say there.
    "httpx2-jsfetch": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "lazy-importer": "Apache-2.0",
    "pywin32": "PSF-2.0",
    "zipp": "MIT",
}
PERMISSIVE: Final = frozenset(
    ("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0")
)
"""Licences that ask for nothing but that they are named."""


class UnknownLicenceError(Exception):
    """A package does not say its licence in a way that we know."""


def licence_of(name: str) -> str:
    """Return the licence of a package.

    Raises:
        UnknownLicenceError: somebody has to read its licence file, and to note the answer here.
    """
    if name in _READ:
        return _READ[name]
    try:
        said = metadata(name)
    except PackageNotFoundError as error:
        raise UnknownLicenceError(f"{name} is not installed: note its licence in {__name__}") from error
    for one in _said(said):
        if _SPOKEN.get(one, one).replace(" OR ", " ").split(" ")[0] in PERMISSIVE:
            return _SPOKEN.get(one, one)
    raise UnknownLicenceError(f"{name}: read its licence file, and note it in {__name__}")


def _said(said: PackageMetadata) -> list[str]:
    """Return what metadata say, the clearest first."""
    keys = ("License-Expression", "License", "Classifier")
    return [text for key in keys for text in said.get_all(key) or ()]


def licences_page() -> str:
    """Write docs/licences.md."""
    rows = [(name, licence_of(name), f"`{extra}`" if extra else "") for name, extra in needed().items()]
    return "\n".join((
        "# Licences",
        "",
        "pcap-report is under the MIT licence. What is installed with it, on any system, is under the",
        "licences below. All of them allow use, change and passing on, also in closed products, as long as",
        "their texts come along. None of it is copied into the package. tshark (GPL-2.0-or-later) is no part",
        "of it: it is run as a program of its own.",
        "",
        "`make reference` writes this page from the lock and the packages' metadata; `make sbom` writes a",
        "list of parts with versions (CycloneDX 1.6, JSON) to build/sbom.json, the same for the same lock.",
        "",
        *table(("package", "licence (SPDX)", "only with the extra"), rows),
    ))  # fmt: skip
