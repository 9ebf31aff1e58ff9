"""What the tests of the renderers share."""

from tests.dialogue.fixtures import recording
from tests.mermaid.fixtures import mermaid_parsers

__all__ = ["mermaid_parsers", "recording"]
