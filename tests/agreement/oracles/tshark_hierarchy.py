"""The protocol hierarchy beside ``tshark -z io,phs``.

The two are built from different things: ours from the list of layers of each frame, tshark's from the items
of its tree, where reassembly (``tcp.segments``), setup notes of FTP and a second message in one frame are
nodes of their own with everything after them below. Only nodes that no such item can move are compared.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.agreement.comparison import Comparison


def compare_hierarchy(
    comparison: Comparison, ours: Iterable[tuple[str, int]], theirs: Mapping[str, int]
) -> None:
    """Compare the packets of every node that stands in both for the same thing."""
    known = _by_protocols(ours)
    moved = {_protocols(path) for path in theirs if _protocols(path) != path}
    for path, packets in theirs.items():
        parent = path.rpartition(":")[0]
        if _protocols(path) == path and not {path, parent} & moved:
            comparison.check("protocol hierarchy", path, known.get(path), packets)
        else:
            comparison.lacking("protocol hierarchy, items of the tree", path, packets)


def _by_protocols(paths: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Add up ours without IPv6's extension headers; a path that ends in one is part of its parent's count."""
    found: dict[str, int] = {}
    for path, packets in paths:
        name = _protocols(path)
        layers = path.split(":")
        repeated = len(layers) > 1 and layers[-1] == layers[-2]
        if name and "." not in layers[-1] and layers[-1] != "ethertype" and not repeated:
            found[name] = found.get(name, 0) + packets
    return found


def _protocols(path: str) -> str:
    """Leave out what is no protocol, and repetitions."""
    layers = [layer for layer in path.split(":") if "." not in layer and layer != "ethertype"]
    return ":".join(layer for layer, _ in groupby(layers))
