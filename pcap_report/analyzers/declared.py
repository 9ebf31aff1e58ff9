"""What an analyzer from elsewhere says of itself, looked at before a packet is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_args

from pcap_report.analyzers.base import CaptureAnalyzer, ConnectionAnalyzer
from pcap_report.model.flow import Transport
from pcap_report.model.message import Message

if TYPE_CHECKING:
    from collections.abc import Collection

_TRANSPORTS: Final = frozenset(get_args(Transport))


class Fault(NamedTuple):
    """What is wrong with a class, and what to write instead."""

    what: str
    hint: str


def attribute_fault(kind: type[ConnectionAnalyzer[Any] | CaptureAnalyzer[Any]]) -> Fault | None:
    """Return the first class attribute that cannot be used; None when all can."""
    if not _are_texts(kind.fields, (tuple, list)):
        return Fault("its fields are no tuple of names", 'Write, for example: fields = ("tcp.flags.urg",)')
    if kind.heading is not None and not isinstance(kind.heading, Message):
        return Fault("its heading is no message", 'Write, for example: heading = msg("What it found")')
    for name in ("section", "catalogs"):
        if not isinstance(getattr(kind, name), str):
            return Fault(f"its {name} is no text", f"{name} names a file or a folder beside the module.")
    if issubclass(kind, CaptureAnalyzer):
        return _protocols_fault(kind)
    return _transports_fault(kind)


def _protocols_fault(kind: type[CaptureAnalyzer[Any]]) -> Fault | None:
    protocols = getattr(kind, "protocols", None)
    if _are_texts(protocols, (frozenset, set)) and protocols:
        return None
    what = "it does not define protocols" if protocols is None else "its protocols are no set of names"
    hint = 'Write which packets it is fed, as in frame.protocols: protocols = frozenset(("arp",))'
    return Fault(what, hint)


def _transports_fault(kind: type[ConnectionAnalyzer[Any]]) -> Fault | None:
    transports: object = kind.transports
    if _are_texts(transports, (frozenset, set)) and transports and kind.transports <= _TRANSPORTS:
        return None
    known = ", ".join(sorted(_TRANSPORTS))
    what = f"its transports are no set of some of {known}"
    return Fault(what, 'Write, for example: transports = frozenset(("tcp",))')


def _are_texts(value: object, kinds: tuple[type[Collection[object]], ...]) -> bool:
    return isinstance(value, kinds) and all(isinstance(one, str) and one for one in value)
