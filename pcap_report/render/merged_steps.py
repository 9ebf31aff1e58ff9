"""Steps of a diagram, neighbouring bursts of one direction put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pcap_report.model.evidence import Step
    from pcap_report.model.message import Message


def merged_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Put neighbouring steps together that say the same of more bytes."""
    held: Step | None = None
    for step in steps:
        if held is not None and _alike(held, step):
            held = _sum(held, step)
            continue
        if held is not None:
            yield held
        held = step
    if held is not None:
        yield held


def _alike(one: Step, other: Step) -> bool:
    return (
        one.byte_count > 0
        and other.byte_count > 0
        and (one.direction, one.style, one.phase) == (other.direction, other.style, other.phase)
        and list(map(_wording, one.label)) == list(map(_wording, other.label))
    )


def _wording(label: Message) -> tuple[str, tuple[tuple[str, object], ...]]:
    """What a label says, its numbers aside: two requests of different names are not alike."""
    return label.text, tuple((name, value) for name, value in label.args.items() if isinstance(value, str))


def _sum(one: Step, other: Step) -> Step:
    labels = [_sum_message(*pair) for pair in zip(one.label, other.label, strict=True)]
    return replace(
        one,
        frames=(*one.frames, *other.frames),
        label=tuple(labels),
        byte_count=one.byte_count + other.byte_count,
    )


def _sum_message(one: Message, other: Message) -> Message:
    sums = {
        name: value + more
        for name, value in one.args.items()
        if isinstance(value, int) and isinstance(more := other.args.get(name), int)
    }
    return replace(one, args={**one.args, **sums})
