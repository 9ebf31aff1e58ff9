"""Bars: how many bytes went which way, and over which protocol."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from pcap_report.model.message import msg, msg_n
from pcap_report.render.conversation import address
from pcap_report.render.svg.legend import SQUARE, Entry
from pcap_report.render.svg.rows import BAR, Rows
from pcap_report.render.svg.style import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.connection import Connection
    from pcap_report.model.report import Report
    from pcap_report.render.svg.sheet import Sheet

ROWS: Final = 12
"""Connections or protocols with a bar of their own; the rest shares one remark."""
_VALUE: Final = 12
_THIN: Final = 11
_TRANSPORTS: Final = frozenset(("tcp", "udp", "udplite", "sctp", "dccp"))
_ENDS: Final = frozenset(("icmp", "icmpv6"))
"""Errors quote other packets: what stands behind these is not traffic of its own."""


def bytes_by_direction(report: Report, sheet: Sheet) -> str:
    """Draw how much payload each side of the connections sent; an empty text where none was sent."""
    talking = [one for one in report.connections if _payload(one)]
    if not talking:
        return ""
    shown = sorted(sorted(talking, key=_payload, reverse=True)[:ROWS], key=lambda one: (one.start_s, one.id))
    entries = [
        Entry("client solid", sheet.say(msg("Client to server")), SQUARE),
        Entry("server solid", sheet.say(msg("Server to client")), SQUARE),
    ]
    names = [_ends(one) for one in shown]
    rows = Rows(sheet, names, entries)
    most = max(max(one.client_payload_bytes, one.server_payload_bytes) for one in shown)
    room = _room(rows, most)
    for one, name in zip(shown, names, strict=True):
        top = rows.name(name, 2 * _THIN + 2)
        sent = (("client", one.client_payload_bytes), ("server", one.server_payload_bytes))
        for place, (side, size) in enumerate(sent):
            _bar(rows, (top + place * (_THIN + 2), _THIN), f"{side} solid", (size, most, room))
    if len(talking) > len(shown):
        words = msg_n(
            "and %(count)s more connection", "and %(count)s more connections", len(talking) - len(shown)
        )
        rows.remark(sheet.say(words))
    told = msg(
        "%(client_bytes)s from clients, %(server_bytes)s from servers",
        client_bytes=sum(one.client_payload_bytes for one in talking),
        server_bytes=sum(one.server_payload_bytes for one in talking),
    )
    return rows.picture(sheet.say(msg("Payload by direction")), sheet.say(told))


def _payload(connection: Connection) -> int:
    return connection.client_payload_bytes + connection.server_payload_bytes


def _ends(connection: Connection) -> str:
    server = connection.server
    return f"{connection.id}: {address(server.names[0] if server.names else server.ip, server.port)}"


def bytes_by_protocol(report: Report, sheet: Sheet) -> str:
    """Draw how many bytes each protocol brought; an empty text for fewer than two protocols."""
    sizes = protocol_bytes(report.capture.protocols)
    if len(sizes) < 2:
        return ""
    ranked = sorted(sizes.items(), key=lambda one: (-one[1], one[0]))
    shown = ranked[:ROWS]
    rows = Rows(sheet, [name for name, _ in shown], ())
    most, whole = max(shown[0][1], 1), max(sum(sizes.values()), 1)
    room = _room(rows, most, share=True)
    for name, size in shown:
        sign = rows.sheet.phrases.marks.percent
        percent = f"{100 * size / whole:.0f}{sign}" if size * 100 >= whole else f"< 1{sign}"
        _bar(rows, (rows.name(name), BAR), "plain", (size, most, room), percent)
    if len(ranked) > len(shown):
        rest = sum(size for _, size in ranked[ROWS:])
        words = msg_n(
            "and %(count)s more protocol with %(rest_bytes)s",
            "and %(count)s more protocols with %(rest_bytes)s",
            len(ranked) - ROWS,
            rest_bytes=rest,
        )
        rows.remark(sheet.say(words))
    told = msg_n("%(count)s protocol", "%(count)s protocols", len(sizes))
    return rows.picture(sheet.say(msg("Bytes by protocol")), sheet.say(told))


def _room(rows: Rows, most: int, *, share: bool = False) -> float:
    """Pixels of the longest bar: behind it stands what it is worth."""
    longest = f"{rows.sheet.quantities.bytes(most)} · 100 %" if share else "999.9 kB"
    return rows.right - rows.left - SMALL.width(longest) - _VALUE


def _bar(
    rows: Rows, at: tuple[float, float], classes: str, worth: tuple[int, int, float], percent: str = ""
) -> None:
    (top, height), (size, most, room) = at, worth
    right = rows.left + room * size / max(most, 1)
    told = rows.sheet.quantities.bytes(size)
    if size:
        rows.bar((rows.left, right, top), classes, told, height)
    rows.value(right, top + height / 2, f"{told} · {percent}" if percent else told)


def protocol_bytes(protocols: Iterable[ProtocolCount]) -> Counter[str]:
    """Add up each packet's bytes for the protocol that it is about: the first one above its transport.

    A hierarchy counts a packet at every protocol in it, and goes on inside a message: TLS holds certificates.
    """
    nodes = {one.path: one.bytes for one in protocols}
    own = Counter(nodes)
    for path, size in nodes.items():
        above = path.rpartition(":")[0]
        if above in own:
            own[above] -= size
    sizes: Counter[str] = Counter()
    for path, size in own.items():
        if size > 0:
            sizes[_about(path.split(":"))] += size
    return sizes


def _about(path: list[str]) -> str:
    for place, name in enumerate(path):
        if name in _ENDS:
            return name
        if name in _TRANSPORTS and not _TRANSPORTS.intersection(path[place + 1 :]):
            return path[min(place + 1, len(path) - 1)]
    return path[-1]
