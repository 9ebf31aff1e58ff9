"""What this capture cannot show, said in the report: silence would be taken for "nothing there"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.tls_hello import is_tls13
from pcap_report.analyzers.tls_story import second_look_message
from pcap_report.engine.datagram_limits import datagram_limits
from pcap_report.model.evidence import NotVisible
from pcap_report.model.message import Message, msg, msg_n

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcap_report.model.capture import CaptureInfo, StopReason
    from pcap_report.model.connection import Connection
    from pcap_report.model.tls import SecondLook


_STOPPED: Final[dict[StopReason, Message]] = {
    "crashed": msg("tshark broke down there; the report covers what it had read."),
    "memory": msg("tshark needed more memory than it may have; the report covers what it had read."),
    "time": msg("tshark needed more time than it may have; the report covers what it had read."),
    "silent": msg("tshark said nothing more and was ended; the report covers what it had read."),
    "output": msg("What tshark said next was larger than it may be; the report covers what it had read."),
    "inflated": msg("The compressed file unfolds to more than is read; the report covers what was."),
    "left_out": msg("tshark ended there, and the file goes on; the report covers what it had read."),
}


def not_visible(  # noqa: PLR0913 - that many things are counted while they are left out
    capture: CaptureInfo,
    connections: Sequence[Connection],
    udp_packets: int,
    *,
    not_read_again: int = 0,
    hellos_not_compared: int = 0,
    damaged_rows: int = 0,
) -> tuple[NotVisible, ...]:
    """List what cannot be seen, the most important first.

    Args:
        capture: the capture.
        connections: its connections.
        udp_packets: packets over UDP that nobody looked into.
        not_read_again: connections that a second look would have shown as TLS, beyond its bounds.
        hellos_not_compared: TLS hellos beyond those that were held against what was read.
        damaged_rows: rows of tshark's whose columns did not add up.
    """
    return (
        *_file_limits(capture),
        *_damage(damaged_rows),
        *_second_look_limits(connections, not_read_again, hellos_not_compared),
        *_connection_limits(connections),
        *datagram_limits(connections),
        *_general_limits(udp_packets),
    )


def _limit(what: Message, why: Message, connections: Sequence[int] = ()) -> NotVisible:
    return NotVisible("", "", what, why, tuple(connections))


def _file_limits(capture: CaptureInfo) -> Iterator[NotVisible]:
    if capture.stopped is not None:
        yield _limit(
            msg("What came after frame %(frame)s", frame=capture.stopped.after_frame),
            _STOPPED[capture.stopped.reason],
        )
    elif capture.truncated:
        yield _limit(
            msg("What came after the last whole packet"),
            msg("The file is cut off; the report covers what is there."),
        )
    if capture.snapped_packets:
        yield _limit(
            msg("The end of long packets"),
            msg_n(
                "%(count)s packet was recorded only in part (snap length).",
                "%(count)s packets were recorded only in part (snap length).",
                capture.snapped_packets,
            ),
        )
    dropped = sum(interface.dropped or 0 for interface in capture.interfaces)
    if dropped:
        yield _limit(
            msg("Packets that the recording lost"),
            msg_n(
                "The interface reports %(count)s dropped packet.",
                "The interface reports %(count)s dropped packets.",
                dropped,
            ),
        )
    if capture.display_filter:
        yield _limit(
            msg("Packets that the display filter leaves out"),
            msg("Only packets that match %(filter)s were looked at.", filter=capture.display_filter),
        )
    if capture.missing_fields:
        yield _limit(
            msg("Values that this tshark does not read"),
            msg("It has no field %(fields)s.", fields=capture.missing_fields),
        )


def _damage(rows: int) -> Iterator[NotVisible]:
    if rows:
        yield _limit(
            msg("Values that tshark told in a way that cannot be read"),
            msg_n(
                "%(count)s row of its table is damaged: values of that packet may be missing.",
                "%(count)s rows of its table are damaged: values of those packets may be missing.",
                rows,
            ),
        )


def _second_look_limits(
    connections: Sequence[Connection], not_read_again: int, hellos_not_compared: int
) -> Iterator[NotVisible]:
    """What the report knows and Wireshark does not show by itself, and what is like it and was left out."""
    what = msg("TLS that Wireshark's default settings do not show")
    looks: dict[SecondLook, list[int]] = {}
    for one in connections:
        if one.tls_handshake is not None and one.tls_handshake.second_look is not None:
            looks.setdefault(one.tls_handshake.second_look, []).append(one.id)
    for look, ids in looks.items():
        yield _limit(what, second_look_message(look), ids)
    if not_read_again:
        yield _limit(
            what,
            msg_n(
                "%(count)s connection more holds a TLS hello, and was not read a second time.",
                "%(count)s connections more hold a TLS hello, and were not read a second time.",
                not_read_again,
            ),
        )
    if hellos_not_compared:
        yield _limit(
            what,
            msg_n(
                "%(count)s TLS hello more was not held against what was read.",
                "%(count)s TLS hellos more were not held against what was read.",
                hellos_not_compared,
            ),
        )


def _connection_limits(connections: Sequence[Connection]) -> Iterator[NotVisible]:
    encrypted = _ids(connections, lambda one: _is_sealed(one) and one.inside is None)
    if encrypted:
        yield _limit(
            msg("The content of the application data"),
            msg(
                "It is encrypted with TLS, and no keys were given: who, when and how much can be seen,"
                " not what."
            ),
            encrypted,
        )
    unopened = _ids(
        connections,
        lambda one: _is_sealed(one) and one.inside is not None and one.inside.status == "not_decrypted",
    )
    if unopened:
        yield _limit(
            msg("The content of connections that the keys do not open"),
            msg("No secret that was given belongs to them, or their beginning is not in the capture."),
            unopened,
        )
    partly = _ids(connections, lambda one: one.inside is not None and one.inside.status == "partly")
    if partly:
        yield _limit(
            msg("Some of the encrypted frames of these connections"),
            msg("The keys do not open them: bytes before them are missing, or a secret is."),
            partly,
        )
    unread = _ids(connections, lambda one: one.inside is not None and one.inside.unread is not None)
    if unread:
        yield _limit(
            msg("All that was said inside these connections"),
            msg("It was decrypted, and could not be read to its end as the protocol that it began as."),
            unread,
        )
    hidden = _ids(connections, _hides_certificate)
    if hidden:
        yield _limit(
            msg("The server's certificate and the selected ALPN"),
            msg("TLS 1.3 encrypts them (RFC 8446, section 4.4)."),
            hidden,
        )
    late_messages = _ids(connections, lambda one: one.protocol == "tcp" and _hides_certificate(one))
    if late_messages:
        yield _limit(
            msg("Which encrypted records are session tickets or key updates"),
            msg(
                "On the outside they look like application data; the first records after the handshake may"
                " be some."
            ),
            late_messages,
        )
    late = _ids(connections, lambda one: one.tcp_handshake is not None and one.tcp_handshake.syn is None)
    if late:
        yield _limit(
            msg("How these connections began"),
            msg(
                "Their SYN is not in the capture; what stands for client and server was told by other signs."
            ),
            late,
        )
    one_sided = _ids(
        connections, lambda one: (one.client_packets == 0 or one.server_packets == 0) and one.packets > 1
    )
    if one_sided:
        yield _limit(
            msg("One of the two directions"),
            msg("Only one side's packets were recorded; nothing can be said of the other's."),
            one_sided,
        )
    private = _ids(connections, lambda one: one.client.private and not one.server.private)
    if private:
        yield _limit(
            msg("The address under which the server sees the client"),
            msg(
                "The client's address is private: a router translates it on the way (NAT), outside this"
                " capture."
            ),
            private,
        )


def _is_sealed(connection: Connection) -> bool:
    """Application data went through TLS: a handshake that fails hides none."""
    data = connection.app_data
    return data is not None and data.encrypted and any(not burst.plain for burst in data.bursts)


def _hides_certificate(connection: Connection) -> bool:
    """TLS 1.3 without keys; DTLS 1.3 is the same under another name."""
    tls = connection.tls_handshake
    if connection.inside is not None and connection.inside.status != "not_decrypted":
        return False
    return tls is not None and not tls.certificates and (is_tls13(tls.version) or tls.version == "DTLS 1.3")


def _general_limits(udp_packets: int) -> Iterator[NotVisible]:
    if udp_packets:
        yield _limit(
            msg("What other UDP packets carried"),
            msg_n(
                "%(count)s packet over UDP is counted in the protocol hierarchy and not looked into.",
                "%(count)s packets over UDP are counted in the protocol hierarchy and not looked into.",
                udp_packets,
            ),
        )
    yield _limit(
        msg("That everything worked"),
        msg("No failure in the packets is no proof that the application was content."),
    )


def _ids(connections: Sequence[Connection], test: Callable[[Connection], bool]) -> list[int]:
    return [one.id for one in connections if test(one)]
