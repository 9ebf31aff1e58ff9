"""What the targets ask holds for their seeds, for what was found once, and for what hypothesis thinks of."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.target import FOUND, Target, names, target

_PIECES = (
    *(
        b"\0",
        b"\xff",
        b"\t",
        b"\n",
        b"-",
        b".",
        b"[",
        b"{",
        b'"',
        b"? ",
        b"nan",
        b"1e999",
        b"9" * 5000,
        b"[" * 2000,
    ),
    *(
        b"!!int ",
        b"!!float ",
        b"!!bool ",
        b"!!timestamp ",
        b"!!binary ",
        b"\x1b[2J",
        "\u202e".encode(),
        b"%(x)99s",
    ),
)


@cache
def _target(name: str) -> Target:
    return target(name)


@pytest.mark.parametrize("name", names())
def test_seeds_and_what_was_found_once(name: str) -> None:
    chosen = _target(name)
    seeds = list(chosen.seeds())
    assert seeds
    for data in (b"", *seeds, *chosen.found()):
        chosen.attempt(data)


def test_what_was_found_belongs_to_a_target() -> None:
    assert {path.name for path in FOUND.iterdir()} <= {*names(), "captures"}


@pytest.mark.parametrize("name", names())
def test_spoiled_seeds(name: str) -> None:
    """The same ones in every run; `make fuzz` looks for others."""
    chosen, dice = _target(name), Random(name)  # noqa: S311 - the same ones in every run
    seeds = list(chosen.seeds())
    for _ in range(15):
        chosen.attempt(_spoiled(dice.choice(seeds), dice))


def _spoiled(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 2, 5, 20))):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(4):
            case 0 if at < len(changed):
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                del changed[at : at + dice.randrange(10)]
            case 2:
                changed[at:at] = dice.choice(_PIECES)
            case _:
                start = dice.randrange(len(changed) + 1)
                changed[at:at] = changed[start : start + 20]
    return bytes(changed)


@pytest.mark.parametrize("name", names())
@given(data=st.binary(max_size=300))
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
def test_any_bytes(name: str, data: bytes) -> None:
    _target(name).attempt(data)
