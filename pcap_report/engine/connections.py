"""Make Connection records out of flows: what was counted, what the analyzers found, who the two ends are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from msgspec.structs import replace

from pcap_report.engine.addresses import hosting_of, is_locally_administered, is_private, mac_meaning
from pcap_report.engine.attempts import Attempts
from pcap_report.engine.by_frames import claims_by_frames
from pcap_report.engine.foreign import examined_claims, examined_steps, plain_record
from pcap_report.engine.sharding.stored_flow import StoredFlow
from pcap_report.flow.community_id import TCP, UDP, community_id
from pcap_report.model.connection import Client, Connection, OrientationBasis, Server, ServerName
from pcap_report.model.tcp_performance import TcpPerformance

if TYPE_CHECKING:
    from pcap_report.analyzers.base import ConnectionAnalyzer
    from pcap_report.engine.names import Names
    from pcap_report.engine.reading import Reading
    from pcap_report.engine.sharding.part import Stored
    from pcap_report.flow.table import TrackedFlow
    from pcap_report.model.evidence import Claim, Step

BUILT_IN_KEYS: Final = frozenset(Connection.__struct_fields__)
"""Ids of analyzers whose results have a place of their own; others are strangers'."""


@dataclass
class Draft:
    """A connection whose facts are known, and whose steps and claims can still be asked for."""

    connection: Connection
    told_by: list[tuple[ConnectionAnalyzer[Any], Any]]
    """The analyzers with their results."""
    stored: Stored | None = None
    """Where more of them are, when another process read the connection."""


def draft_connections(reading: Reading, attempts: Attempts, names: Names) -> list[Draft]:
    """Finish every flow, in the order of their numbers."""
    flows = [*(flow for _, flow in sorted(reading.table.flows.items())), *reading.datagrams.flows]
    return [_draft(flow, reading, attempts, names) for flow in flows if flow.basis is not None]


def _results(
    flow: TrackedFlow, attempts: Attempts
) -> tuple[list[tuple[ConnectionAnalyzer[Any], Any]], dict[str, Any]]:
    if isinstance(flow, StoredFlow):
        return [], flow.results
    told_by = finished(flow, attempts)
    return told_by, {analyzer.id: result for analyzer, result in told_by}


def finish_early(flow: TrackedFlow) -> None:
    """Ask the analyzers of a flow that seems to be over: if it is, :func:`finished` has the answer."""
    before = dict(flow.facts)
    failed = Attempts((), ())
    found = finished(flow, failed)
    flow.facts.clear()
    flow.facts.update(before)
    flow.early = None if failed.messages else (flow.packets, found)


def finished(flow: TrackedFlow, attempts: Attempts) -> list[tuple[ConnectionAnalyzer[Any], Any]]:
    """Ask the analyzers of a flow, in their order, what they found; those that found nothing are left out.

    Each result is shared with the analyzers behind it.
    """
    if flow.early is not None and flow.early[0] == flow.packets:
        flow.facts.update((analyzer.id, result) for analyzer, result in flow.early[1])
        return list(flow.early[1])
    found: list[tuple[ConnectionAnalyzer[Any], Any]] = []
    for analyzer in flow.analyzers:
        try:
            result = analyzer.result()
            if analyzer.id not in BUILT_IN_KEYS:
                plain_record(result)
        except Exception as error:  # any failure of a unit becomes a row of the report
            attempts.failed(analyzer, error)
            continue
        if result is not None:
            flow.facts[analyzer.id] = result
            found.append((analyzer, result))
    return found


def _draft(flow: TrackedFlow, reading: Reading, attempts: Attempts, names: Names) -> Draft:
    told_by, results = _results(flow, attempts)
    hello = getattr(results.get("tls_handshake"), "client_hello", None)
    evidence = names.of(flow, hello.sni if hello else None, hello.frame if hello else None)
    connection = Connection(
        id=flow.number,
        protocol=flow.protocol,
        client=_client(flow, reading),
        server=_server(flow, reading, evidence),
        packets=flow.packets,
        bytes=flow.byte_count,
        first_frame=flow.first_frame,
        last_frame=flow.last_frame,
        start_s=flow.seconds(flow.start_ns),
        end_s=flow.seconds(flow.last_ns),
        conn_state=flow.history.conn_state,
        history=flow.history.letters,
        community_id=_community_id(flow),
        orientation=cast("OrientationBasis", flow.basis),  # set by Flow.orient only
        display_filter=flow.display_filter,
        client_packets=flow.client_packets,
        server_packets=flow.server_packets,
        client_payload_bytes=flow.client_payload,
        server_payload_bytes=flow.server_payload,
        extensions={key: plain_record(value) for key, value in results.items() if key not in BUILT_IN_KEYS},
        **{key: value for key, value in results.items() if key in BUILT_IN_KEYS},
    )
    return Draft(connection, told_by, flow.stored if isinstance(flow, StoredFlow) else None)


def _revive(draft: Draft, reading: Reading) -> None:
    """Fetch what a connection's analyzers know that another process read, and the curves that they drew."""
    if draft.stored is None:
        return
    number = draft.connection.id
    _, stored, kept = draft.stored.load(number)
    if number in reading.kept_elsewhere:
        reading.kept[number] = kept
    draft.told_by[:0] = stored
    for _, result in stored:
        if isinstance(result, TcpPerformance):
            draft.connection = replace(draft.connection, tcp_performance=result)


def told(draft: Draft, reading: Reading, attempts: Attempts) -> Connection:
    """Return the connection with its steps, claims and key frames."""
    steps: list[Step] = []
    claims: list[Claim] = []
    key_frames: set[int] = set()
    _revive(draft, reading)
    for analyzer, result in draft.told_by:
        try:
            own_steps, own_claims = list(analyzer.steps(result)), list(analyzer.claims(result))
            own_frames = [frame for frame, _ in analyzer.key_frames(result)]
            if analyzer.id not in BUILT_IN_KEYS:
                own_steps = examined_steps(own_steps)
                own_claims = examined_claims(own_claims, analyzer.id)
        except Exception as error:  # any failure of a unit becomes a row of the report
            attempts.failed(analyzer, error)
            continue
        steps += own_steps
        claims += own_claims
        key_frames.update(own_frames)
    return replace(
        draft.connection,
        steps=tuple(sorted(steps, key=_step_order)),
        claims=tuple(claims_by_frames(claims, draft.connection)),
        key_frames=tuple(sorted(key_frames)),
    )


def _step_order(step: Step) -> tuple[int, int]:
    """By frame; a note stands after the arrow of its frame."""
    return (step.frames[-1] if step.kind == "note" else step.frames[0], step.kind == "note")


def _client(flow: TrackedFlow, reading: Reading) -> Client:
    mac = flow.client_mac or None
    address, port = flow.client
    return Client(
        ip=address,
        port=port,
        mac=mac,
        private=is_private(address),
        mac_meaning=mac_meaning(mac, reading.vendors.get(mac, "")) if mac else None,
        mac_locally_administered=is_locally_administered(mac) if mac else None,
    )


def _server(flow: TrackedFlow, reading: Reading, evidence: tuple[ServerName, ...]) -> Server:
    mac = flow.server_mac or None
    address, port = flow.server
    names = tuple(dict.fromkeys(one.name for one in evidence))
    hosting = next((hint for hint in map(hosting_of, names) if hint is not None), None)
    return Server(
        ip=address,
        port=port,
        mac=mac,
        private=is_private(address),
        names=names,
        mac_meaning=mac_meaning(mac, reading.vendors.get(mac, "")) if mac else None,
        mac_locally_administered=is_locally_administered(mac) if mac else None,
        name_evidence=evidence,
        hosting=hosting,
        mac_is_next_hop=_is_next_hop(mac, address, reading) if mac else None,
    )


def _is_next_hop(mac: str, address: str, reading: Reading) -> bool | None:
    """True when the MAC address also speaks for other addresses; None when it was never heard."""
    addresses = reading.mac_addresses.get(mac)
    return bool(addresses - {address}) if addresses else None


def _community_id(flow: TrackedFlow) -> str:
    try:
        return community_id(*flow.client, *flow.server, TCP if flow.protocol == "tcp" else UDP)
    except ValueError:
        return ""
