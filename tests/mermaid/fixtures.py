"""The fixture `mermaid_parsers`; a conftest that needs it imports it."""

from __future__ import annotations

import os

import pytest

from tests.mermaid.parser import BUNDLES, MermaidParser, mermaid_parser

INSTALL = "npm ci --prefix tests/mermaid --ignore-scripts"


@pytest.fixture(scope="session")
def mermaid_parsers() -> list[MermaidParser]:
    """Every version of Mermaid that our diagrams are held to."""
    missing = [version for version, bundle in BUNDLES.items() if not bundle.is_file()]
    if missing:
        message = f"Mermaid {', '.join(missing)} is not installed: {INSTALL}"
        # A check that CI leaves out is a check that nobody misses.
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return [mermaid_parser(version) for version in BUNDLES]
