from tests.dialogue.fixtures import recording

__all__ = ["recording"]
