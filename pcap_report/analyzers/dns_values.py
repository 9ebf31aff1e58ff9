"""What a DNS record says, as text: addresses and names as they are, other types in Zeek's words.

tshark prints each kind of value in a field of its own, so the values of one frame are taken record by record,
in the order in which the records stand (RFC 1035, 4.1.3; RFC 4034 for DNSSEC; RFC 9460 for HTTPS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.iana.dns import is_known_type, type_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_PLAIN: Final = {
    1: "dns.a",
    2: "dns.ns",
    5: "dns.cname",
    6: "dns.soa.mname",
    12: "dns.ptr.domain_name",
    15: "dns.mx.mail_exchange",
    28: "dns.aaaa",
    33: "dns.srv.target",
    39: "dns.dname",
}
"""Types whose value is an address or a name."""
_STRINGS: Final = {16: ("TXT", "dns.txt", "dns.txt.length"), 99: ("SPF", "dns.spf", "dns.spf.length")}
"""Types whose value is a row of texts, each with its length in front."""
_COVERED: Final = "dns.rrsig.type_covered"
_SIGNER: Final = "dns.rrsig.signers_name"
_KEY_ALGORITHM: Final = "dns.dnskey.algorithm"
_DS_ALGORITHM: Final = "dns.ds.algorithm"
_DS_DIGEST: Final = "dns.ds.digest_type"
_NEXT: Final = "dns.nsec.next_domain_name"
_FINGERPRINT: Final = "dns.sshfp.fingerprint"
_PRIORITY: Final = "dns.svcb.svcpriority"
_TARGET: Final = "dns.svcb.targetname"
_OPT: Final = 41
_DS: Final = frozenset((43, 59, 32769))
_KEYS: Final = frozenset((48, 60))
_WITHOUT_DETAIL: Final = frozenset((50, 51))
_SERVICES: Final = frozenset((64, 65))

FIELDS: Final = (
    *_PLAIN.values(),
    *(field for row in _STRINGS.values() for field in row[1:]),
    _COVERED,
    _SIGNER,
    _KEY_ALGORITHM,
    _DS_ALGORITHM,
    _DS_DIGEST,
    _NEXT,
    _FINGERPRINT,
    _PRIORITY,
    _TARGET,
)


class RecordValues:
    """The values of one frame's records; ask for each record in its turn, whatever its section."""

    def __init__(self, packet: Packet) -> None:
        self._packet = packet
        self._waiting: dict[str, Iterator[str]] = {}

    def text(self, kind: int, owner: str, size: int) -> str | None:
        """Return what the next record says; None for one that says nothing about the name.

        Args:
            kind: its type.
            owner: the name that it belongs to.
            size: bytes of its data.
        """
        if kind in _PLAIN:
            return self._next(_PLAIN[kind])
        if kind in _STRINGS:
            return self._strings(kind, size)
        if kind == 46:
            return f"RRSIG {self._next(_COVERED)} {self._next(_SIGNER)}"
        if kind == 47:
            return f"NSEC {owner} {self._next(_NEXT)}"
        if kind in _KEYS:
            return f"{type_name(kind)} {self._next(_KEY_ALGORITHM)}"
        if kind in _DS:
            return f"{type_name(kind)} {self._next(_DS_ALGORITHM)} {self._next(_DS_DIGEST)}"
        if kind == 44:
            return f"SSHFP: {self._next(_FINGERPRINT).replace(':', '')}"
        if kind in _SERVICES:
            return f"{type_name(kind)} {self._next(_PRIORITY)} {self._next(_TARGET).replace('<Root>', '.')}"
        if kind == _OPT:
            return None
        if kind in _WITHOUT_DETAIL or is_known_type(kind):
            return type_name(kind)
        return f"<unknown type={kind}>"

    def _next(self, field: str) -> str:
        """Return the field's next value in the frame; a broken record may lack it."""
        waiting = self._waiting.get(field)
        if waiting is None:
            waiting = self._waiting[field] = iter(self._packet.texts(field))
        return next(waiting, "")

    def _strings(self, kind: int, size: int) -> str:
        word, field, length_field = _STRINGS[kind]
        parts: list[str] = []
        while size > 0:
            length = self._next(length_field)
            if not length:
                break
            parts.append(f"{word} {length} {self._next(field)}")
            size -= 1 + int(length)
        return " ".join(parts)
