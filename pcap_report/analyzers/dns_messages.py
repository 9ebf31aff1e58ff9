"""The messages of a name service in one frame: over TCP a frame may hold many (RFC 1035, 4.1 and 4.2.2)."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from pcap_report.analyzers.dns_values import FIELDS as VALUE_FIELDS
from pcap_report.analyzers.dns_values import RecordValues
from pcap_report.analyzers.iana.dns import type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_ID: Final = "dns.id"
_FLAGS: Final = "dns.flags"
_QUESTIONS: Final = "dns.count.queries"
_ANSWERS: Final = "dns.count.answers"
_AUTHORITIES: Final = "dns.count.auth_rr"
_ADDITIONAL: Final = "dns.count.add_rr"
_COUNTS: Final = (_QUESTIONS, _ANSWERS, _AUTHORITIES, _ADDITIONAL)
_NAME: Final = "dns.qry.name"
_TYPE: Final = "dns.qry.type"
_OWNER: Final = "dns.resp.name"
_RECORD_TYPE: Final = "dns.resp.type"
_TTL: Final = "dns.resp.ttl"
_SIZE: Final = "dns.resp.len"
_SERVICE: Final = ("dns.srv.service", "dns.srv.proto", "dns.srv.name")
_NB_ID: Final = "nbns.id"
_NB_FLAGS: Final = "nbns.flags"
_NB_QUESTIONS: Final = "nbns.count.queries"
_NB_NAME: Final = "nbns.name"
_NB_TYPE: Final = "nbns.type"
_NB_ADDRESS: Final = "nbns.addr"
_NB_TTL: Final = "nbns.ttl"

FIELDS: Final = (
    _ID,
    _FLAGS,
    *_COUNTS,
    _NAME,
    _TYPE,
    _OWNER,
    _RECORD_TYPE,
    _TTL,
    _SIZE,
    *_SERVICE,
    *VALUE_FIELDS,
    _NB_ID,
    _NB_FLAGS,
    _NB_QUESTIONS,
    _NB_NAME,
    _NB_TYPE,
    _NB_ADDRESS,
    _NB_TTL,
)

_RESPONSE: Final = 0x8000
_AUTHORITATIVE: Final = 0x0400
_TRUNCATED: Final = 0x0200
_RCODE: Final = 0x000F
_OPCODE_SHIFT: Final = 11
_OPCODE: Final = 0xF
_SRV: Final = 33
_OPT: Final = 41
_LISTING: Final = frozenset((47, 50, 62))
"""NSEC, NSEC3 and CSYNC list types."""
_NB: Final = 32
_NB_STATUS: Final = 33
_SUFFIX: Final = re.compile(r"\s*<[0-9a-fA-F]{2}>.*$")
"""NetBIOS names end in a byte that says what they are for; tshark writes it and its meaning behind them."""


class Question(NamedTuple):
    """A name and a type that is asked for."""

    name: str
    kind: str


class Record(NamedTuple):
    """A record of the answer section."""

    owner: str
    kind: str
    ttl: int
    text: str


class Message(NamedTuple):
    """A query or a response."""

    number: int
    """Transaction id."""
    flags: int
    questions: tuple[Question, ...]
    answers: tuple[Record, ...]

    @property
    def is_response(self) -> bool:
        """It answers."""
        return bool(self.flags & _RESPONSE)

    @property
    def rcode(self) -> int:
        """How the question fared."""
        return self.flags & _RCODE

    @property
    def opcode(self) -> int:
        """What kind of query it is; 0 for an ordinary one."""
        return self.flags >> _OPCODE_SHIFT & _OPCODE

    @property
    def authoritative(self) -> bool:
        """The server speaks for the name."""
        return bool(self.flags & _AUTHORITATIVE)

    @property
    def truncated(self) -> bool:
        """It did not fit."""
        return bool(self.flags & _TRUNCATED)


def messages_in(packet: Packet) -> Iterator[Message]:
    """Yield the frame's DNS, mDNS or LLMNR messages in order."""
    flags = packet.numbers(_FLAGS)
    counts = [packet.numbers(field) for field in _COUNTS]
    names, kinds = iter(packet.texts(_NAME)), iter(packet.numbers(_TYPE))
    records = _records(packet)
    for place, number in enumerate(packet.numbers(_ID)):
        questions, answers, *others = (_at(count, place) for count in counts)
        asked = tuple(
            _question(name, kind) for kind, name in zip(islice(kinds, questions), names, strict=False)
        )
        found = [record for record in islice(records, answers) if record is not None]
        for _ in islice(records, sum(others)):
            pass  # what stands behind the answers is read, so that the next message finds its own
        yield Message(number, _at(flags, place), asked, tuple(found))


def netbios_messages_in(packet: Packet) -> Iterator[Message]:
    """Yield the frame's NetBIOS name service message (RFC 1002, 4.2)."""
    number = packet.number(_NB_ID)
    if number is None:
        return
    count = packet.number(_NB_QUESTIONS) or 0
    names = [_SUFFIX.sub("", name) for name in packet.texts(_NB_NAME)]
    kinds = [_netbios_type(kind) for kind in packet.numbers(_NB_TYPE)]
    asked = [Question(name, kind) for name, kind in zip(names, kinds, strict=False)]
    flags = packet.number(_NB_FLAGS) or 0
    ttl = packet.number(_NB_TTL) or 0
    owner = names[count] if count < len(names) else ""
    answers = (
        tuple(Record(owner, "NB", ttl, address) for address in packet.texts(_NB_ADDRESS))
        if flags & _RESPONSE
        else ()
    )
    # a response repeats the name in its record and not as a question
    yield Message(number, flags, tuple(asked[: count or 1]), answers)


def _netbios_type(kind: int) -> str:
    return {_NB: "NB", _NB_STATUS: "NBSTAT"}.get(kind, type_name(kind))


def _question(name: str, kind: int) -> Question:
    return Question(name, type_name(kind))


def _records(packet: Packet) -> Iterator[Record | None]:
    """Yield all records of the frame, whatever their section; None for one that says nothing."""
    values = RecordValues(packet)
    owners, ttls = iter(packet.texts(_OWNER)), iter(packet.numbers(_TTL))
    services = (".".join(parts) for parts in zip(*map(packet.texts, _SERVICE), strict=False))
    sizes = packet.numbers(_SIZE)
    for kind, size in zip(_record_types(packet.numbers(_RECORD_TYPE), len(sizes)), sizes, strict=False):
        owner = (
            next(services, "") if kind == _SRV else next(owners, "")
        )  # tshark takes a service's name apart
        ttl = 0 if kind == _OPT else next(ttls, 0)  # the pseudo record has flags in its place (RFC 6891)
        text = values.text(kind, owner, size)
        yield None if text is None else Record(owner, type_name(kind), ttl, text)


def _record_types(printed: list[int], records: int) -> Iterator[int]:
    """Yield the types of the records; tshark prints the types that an NSEC record lists in the same field.

    They stand behind the record's own in ascending order (RFC 4034, 4.1.2).
    """
    surplus = len(printed) - records
    place = 0
    while place < len(printed):
        kind = printed[place]
        yield kind
        place += 1
        last = -1
        while kind in _LISTING and surplus > 0 and place < len(printed) and printed[place] > last:
            last = printed[place]
            place += 1
            surplus -= 1


def _at(values: list[int], place: int) -> int:
    return values[place] if place < len(values) else 0
