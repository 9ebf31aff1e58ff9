"""What QUIC and DTLS hide, and what this tshark does not read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.model.evidence import NotVisible
from pcap_report.model.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pcap_report.model.connection import Connection


def datagram_limits(connections: Sequence[Connection]) -> Iterator[NotVisible]:
    """Yield what cannot be seen of the QUIC connections and DTLS sessions."""
    sealed = _ids(connections, lambda one: one.quic is not None and not one.quic.decrypted)
    if sealed:
        yield _limit(
            msg("Which QUIC packets carry data, and how a connection ends"),
            msg(
                "1-RTT packets are encrypted as a whole: data, acknowledgements and the close look the same"
                " (RFC 9001, section 5). Bursts count packets."
            ),
            sealed,
        )
    unread = _ids(connections, _began_unread)
    if unread:
        yield _limit(
            msg("The ClientHello of these QUIC connections"),
            msg(
                "Their first packets are not in the capture, or tshark cannot read them: after a version"
                " negotiation it looks for their keys in the wrong place."
            ),
            unread,
        )
    moved = _ids(connections, lambda one: one.quic is not None and one.quic.unnumbered_frames > 0)
    if moved:
        yield _limit(
            msg("Which connection ids these QUIC connections took later"),
            msg(
                "They are agreed on under encryption: some datagrams were matched by addresses and ports"
                " alone."
            ),
            moved,
        )
    ciphertext = _ids(connections, _has_unread_records)
    if ciphertext:
        yield _limit(
            msg("The encrypted records of DTLS 1.3"),
            msg(
                "This tshark does not take them apart (4.4 and newer do): handshake, acknowledgements, data"
                " and alerts are counted as datagrams."
            ),
            ciphertext,
        )


def _began_unread(connection: Connection) -> bool:
    tls = connection.tls_handshake
    return connection.quic is not None and (tls is None or tls.client_hello is None)


def _has_unread_records(connection: Connection) -> bool:
    tls, dtls = connection.tls_handshake, connection.dtls
    if tls is None or tls.version != "DTLS 1.3" or dtls is None:
        return False
    return dtls.undissected.client + dtls.undissected.server > 0


def _ids(connections: Sequence[Connection], test: Callable[[Connection], bool]) -> tuple[int, ...]:
    return tuple(one.id for one in connections if test(one))


def _limit(what: Message, why: Message, connections: tuple[int, ...]) -> NotVisible:
    return NotVisible("", "", what, why, connections)
