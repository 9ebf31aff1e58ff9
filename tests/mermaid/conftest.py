"""What the tests of the Mermaid parsers share."""

from tests.mermaid.fixtures import mermaid_parsers

__all__ = ["mermaid_parsers"]
