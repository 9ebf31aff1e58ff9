"""Look inside connections: a second reading with the keys, and one of plain HTTP where RPC may be in it.

The first reading sees the packets as they travelled, whatever keys there are, so that records and bursts do
not depend on them. What the keys reveal is added to the connections that the first reading found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from pcap_report.analyzers.base import ConnectionAnalyzer
from pcap_report.analyzers.inside.masking import Shown
from pcap_report.analyzers.inside.plain_inside import PlainInsideAnalyzer
from pcap_report.analyzers.inside.quic_inside import QuicInsideAnalyzer
from pcap_report.analyzers.inside.records import tell
from pcap_report.analyzers.inside.tls_inside import TlsInsideAnalyzer
from pcap_report.analyzers.quic_handshake import QuicHandshakeAnalyzer
from pcap_report.analyzers.rpc.session import rpc_read
from pcap_report.analyzers.rpc.story import inside_claims
from pcap_report.analyzers.tls_handshake import TlsHandshakeAnalyzer
from pcap_report.capture.reader import CaptureReader
from pcap_report.capture.unlocked import key_log_options, raw_payload_options
from pcap_report.engine import anatomy
from pcap_report.engine.connections import Draft, finished
from pcap_report.engine.inside_view import InsideView, Keys, Look
from pcap_report.engine.reading import Reading
from pcap_report.errors import TsharkError
from pcap_report.flow import datagrams, orientation
from pcap_report.model.inside import Inside

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.analyzers.inside.found import Found
    from pcap_report.analyzers.registry import AnalyzerKind
    from pcap_report.engine.attempts import Attempts
    from pcap_report.flow.table import TrackedFlow
    from pcap_report.model.around import HttpExchange
    from pcap_report.model.connection import Connection
    from pcap_report.model.evidence import Claim
    from pcap_report.model.tls import TlsHandshake

_WITH_KEYS: Final = (TlsHandshakeAnalyzer, QuicHandshakeAnalyzer, TlsInsideAnalyzer, QuicInsideAnalyzer)
_IN_THE_CLEAR: Final = (PlainInsideAnalyzer,)
_ADDED_BY_A_LOOK: Final = (TlsInsideAnalyzer, QuicInsideAnalyzer, PlainInsideAnalyzer)


def read_with_keys(look: Look, keys: Keys, drafts: list[Draft]) -> InsideView:
    """Read the capture once more with the keys, and add what they reveal to the connections."""
    attempts, options = look.attempts, look.options
    attempts.also(_WITH_KEYS[2:])
    with key_log_options(keys.path) as arguments:
        reading = _read(look, _WITH_KEYS, arguments)
    if reading is None:
        return InsideView()
    by_first = {flow.first_frame: flow for flow in reading.datagrams.flows}
    view = InsideView()
    for draft in drafts:
        connection = draft.connection
        flow = (
            reading.table.flows.get(connection.id)
            if connection.protocol == "tcp"
            else by_first.get(connection.first_frame)
        )
        if flow is None or flow.basis is None:
            continue
        results = _results(flow, attempts)
        _add_handshake(draft, results.get("tls_handshake"))
        found = results.get("inside")
        if found is not None:
            exchanges = _add_inside(
                draft, flow, found, Shown(options.show_bodies, options.show_secrets), keys
            )
            view.exchanges += exchanges
    return view


def read_in_the_clear(look: Look, chosen: list[Draft]) -> InsideView:
    """Read these plain HTTP connections once more, for their bodies."""
    attempts, options = look.attempts, look.options
    view = InsideView()
    attempts.also(_IN_THE_CLEAR)
    streams = ", ".join(str(one.connection.id) for one in chosen)
    last = max(one.connection.last_frame for one in chosen)
    condition = f"tcp.stream in {{{streams}}}"
    if options.display_filter:
        condition = f"({options.display_filter}) && {condition}"
    limited = ["-c", str(last)]
    reading = _read(look, _IN_THE_CLEAR, limited, condition)
    if reading is None:
        return view
    for draft in chosen:
        flow = reading.table.flows.get(draft.connection.id)
        found = _results(flow, attempts).get("inside") if flow is not None and flow.basis else None
        if flow is not None and found is not None:
            shown = Shown(options.show_bodies, options.show_secrets)
            exchanges = _add_inside(draft, flow, found, shown, None)
            view.enriched |= {(one.connection, one.frame): one for one in exchanges}
    return view


def _read(
    look: Look, kinds: Sequence[AnalyzerKind], arguments: Sequence[str], display_filter: str | None = None
) -> Reading | None:
    """Read the capture once more; None where tshark broke down on the way, for half a story is none."""
    fields = [name for kind in kinds for name in kind.fields]
    declared = [*fields, *orientation.FIELDS, *datagrams.FIELDS, anatomy.MAKER]
    reader = CaptureReader(
        look.source.tshark,
        look.source.path,
        declared,
        display_filter=display_filter or look.options.display_filter,
        options=[*raw_payload_options(), *arguments],
    )
    reading = Reading(kinds, look.attempts, None)
    reading.read(reader)
    if reader.breakdown is None:
        return reading
    for kind in kinds:
        if issubclass(kind, _ADDED_BY_A_LOOK):
            look.attempts.failed(kind, TsharkError(reader.breakdown.text))
    return None


def _results(flow: TrackedFlow, attempts: Attempts) -> dict[str, Any]:
    """Return what the analyzers of a flow found; each has a result type of its own, so Any."""
    return {analyzer.id: result for analyzer, result in finished(flow, attempts)}


def _add_handshake(draft: Draft, revealed: TlsHandshake | None) -> None:
    """Let the messages that TLS hides join the facts; what was visible stays as it was."""
    seen = draft.connection.tls_handshake
    if seen is None or revealed is None:
        return
    visible = bool(seen.certificates)
    joined = replace(
        seen,
        alpn=seen.alpn or revealed.alpn,
        certificates=seen.certificates or revealed.certificates,
        sni_matches_certificate=seen.sni_matches_certificate if visible else revealed.sni_matches_certificate,
        chain_in_order=seen.chain_in_order if visible else revealed.chain_in_order,
        client_authentication=seen.client_authentication or revealed.client_authentication,
        session_ticket=seen.session_ticket or revealed.session_ticket,
        early_data=_more_known(seen.early_data, revealed.early_data),
        next_protocol=seen.next_protocol or revealed.next_protocol,
    )
    draft.connection = replace(draft.connection, tls_handshake=joined)


def _more_known(seen: Any, revealed: Any) -> Any:  # noqa: ANN401 - both are early data, or nothing
    if seen is None or revealed is None or seen.accepted is not None:
        return seen
    return replace(seen, accepted=revealed.accepted)


def _add_inside(
    draft: Draft, flow: TrackedFlow, found: Found, shown: Shown, keys: Keys | None
) -> list[HttpExchange]:
    """Add what was found to a connection; return its exchanges."""
    connection = draft.connection
    told = tell(found, connection.id, flow.seconds, shown, decrypted=keys is not None)
    draft.connection = replace(
        connection,
        inside=_inside(connection, found, keys) if keys else connection.inside,
        events=tuple(told.events),
        events_omitted=told.events_omitted,
        rpc=rpc_read(told.texts, flow.seconds),
    )
    draft.told_by.append((_Teller(flow, draft), told.exchanges))
    return told.exchanges


def _inside(connection: Connection, found: Found, keys: Keys) -> Inside:
    hello = connection.tls_handshake.client_hello if connection.tls_handshake else None
    hidden, opened = bool(found.hidden.frames), bool(found.decrypted.frames)
    return Inside(
        status="not_decrypted" if not opened else "partly" if hidden else "decrypted",
        labels=keys.log.labels_of(hello.random if hello else None),
        decrypted_frames=tuple(found.decrypted.frames),
        hidden_frames=tuple(found.hidden.frames),
        frames_omitted=found.decrypted.omitted + found.hidden.omitted,
        protocol=found.protocol,
        client_bytes=found.sent[True],
        server_bytes=found.sent[False],
        unread=found.unread,
    )


class _Teller(ConnectionAnalyzer["list[HttpExchange]"]):
    """Makes the claims about a connection's inside, when all of its facts are known."""

    id = "inside"

    def __init__(self, flow: TrackedFlow, draft: Draft) -> None:
        super().__init__(flow)
        self._draft = draft

    def on_packet(self, packet: object) -> None:
        """Nothing: the packets were read already."""

    def result(self) -> list[HttpExchange] | None:
        """Nothing: the exchanges are known."""
        return None

    def claims(self, result: Iterable[HttpExchange]) -> Sequence[Claim]:
        """Return the statements."""
        return list(inside_claims(self._draft.connection, list(result)))
