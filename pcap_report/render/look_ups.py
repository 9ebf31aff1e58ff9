"""What templates look up in a report: rows of tables, claims, frames. Nothing of it is worded yet."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pcap_report.model.filters import frame_runs
from pcap_report.render import data_rows, envelopes, layer_facts, useful_filters
from pcap_report.render.alike import listed
from pcap_report.render.drawn_steps import drawn_steps, frame_labels
from pcap_report.render.key_frames import KeyFrames, endpoint, fewer, key_frames
from pcap_report.render.ranges import filter_ranges
from pcap_report.render.reach import FIRST_USER_PORT, reach_of
from pcap_report.render.triage import Triage, triage
from pcap_report.render.without_connection import (
    Datagrams,
    WithoutConnection,
    other_datagrams,
    without_connection,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pcap_report.model.anatomy import FrameAnatomy, Layer
    from pcap_report.model.around import DnsLookup, HttpExchange
    from pcap_report.model.capture import ProtocolCount
    from pcap_report.model.connection import Connection, ConnectionGroup
    from pcap_report.model.evidence import Claim, Finding, Side, Step
    from pcap_report.model.message import Message
    from pcap_report.model.report import Report
    from pcap_report.model.ssh import SshSession
    from pcap_report.render.data_rows import CommonLength, DataRow
    from pcap_report.render.reach import Reach

_MOST_RUNS: Final = 24
_TOLD: Final = ("tcp_handshake", "tls_handshake", "app_data", "tcp_phenomena", "tcp_performance", "teardown")
"""What the sections tell already; the claims of other analyzers stand together in one section."""


class LookUps:
    """Answers about one report.

    Attributes:
        all_claims: how many statements the report makes.
    """

    def __init__(self, report: Report) -> None:
        self._report = report
        self._by_id = {one.id: one for one in report.connections}
        self.all_claims = len(report.claims) + sum(len(one.claims) for one in report.connections)

    def steps(self, connection: Connection) -> list[Step]:
        """List what a connection's diagrams draw."""
        return drawn_steps(connection, frame_labels(self._report.http, connection))

    def claim(self, connection: Connection, *ids: str) -> Claim | None:
        """Find a connection's claim by its id, the first of several that there is."""
        known = {one.id: one for one in connection.claims}
        return next((known[name] for name in ids if name in known), None)

    def other_claims(self, connection: Connection) -> list[Claim]:
        """List the claims of analyzers from elsewhere."""
        return [one for one in connection.claims if one.id.split(".")[0] not in _TOLD]

    def claims_of(self, connection: Connection, beginning: str) -> list[Claim]:
        """List the claims about a connection whose ids begin so."""
        return [one for one in connection.claims if one.id.startswith(beginning)]

    def claims_about(self, beginning: str) -> list[Claim]:
        """List the claims about the capture whose ids begin so."""
        return [one for one in self._report.claims if one.id.startswith(beginning)]

    def frame_filter(self, frames: Iterable[int]) -> str:
        """Write the condition of a display filter that selects frames."""
        listed = sorted(set(frames))
        return (
            f"frame.number == {listed[0]}" if len(listed) == 1 else f"frame.number in {filter_ranges(listed)}"
        )

    def connection(self, number: int) -> Connection | None:
        """Find a connection by its number."""
        return self._by_id.get(number)

    def key_frames(self, connection: Connection) -> list[KeyFrames]:
        """List the rows of the table of key frames."""
        return list(key_frames(connection, self.steps(connection)))

    def fewer_key_frames(self, connection: Connection, room: int) -> list[KeyFrames]:
        """List the rows that tell most."""
        return fewer(self.key_frames(connection), room)

    def anatomies(self, connection: Connection) -> list[FrameAnatomy]:
        """List the frames of a connection that are taken apart."""
        return [one for one in self._report.anatomy if one.connection == connection.id]

    def exemplary(self, connection: Connection) -> FrameAnatomy | None:
        """Choose the frame whose headers are shown layer by layer."""
        return envelopes.chosen(self._report, connection)

    def layers_in(self, anatomy: FrameAnatomy, place: envelopes.LayerName) -> list[Layer]:
        """List the headers of a frame that belong to one of the four layers."""
        return [one for one in anatomy.layers if envelopes.place_of(one) == place]

    def filters(self, connection: Connection) -> Sequence[tuple[Message, str]]:
        """List display filters to start from, with what each shows."""
        return useful_filters.of(connection)

    def data_rows(self, connection: Connection) -> Sequence[DataRow]:
        """List the two rows of the table of application data."""
        return data_rows.of(connection)

    def goodbyes(self, connection: Connection) -> list[tuple[int, Side]]:
        """List the encrypted alerts at the end: most likely close_notify, with their senders."""
        tls, data = connection.tls_handshake, connection.app_data
        finished = tls.client_finished_frame if tls else None
        alerts = tls.alerts if tls and finished else ()
        found: dict[int, Side] = {
            one.frame: one.sender for one in alerts if one.description is None and one.frame > (finished or 0)
        }
        if data and data.labelled_frames:
            client = set(data.labelled_frames.client)
            found |= {frame: "client" if frame in client else "server" for frame in data.close_notify_frames}
        return sorted(found.items())

    def ssh(self, connection: Connection) -> SshSession | None:
        """Return the connection's SSH session when it was seen to begin encryption."""
        sessions = (one for one in self._report.ssh if one.connection == connection.id)
        return next((one for one in sessions if one.encrypted_from_frame is not None), None)

    def tls_unknown(self, connection: Connection) -> bool:
        """Tell whether TLS may have begun before the recording: there is no SYN, and nothing readable."""
        opening = connection.tcp_handshake
        late = opening is not None and opening.outcome == "not_captured"
        return late and not any(one.connection == connection.id for one in self._report.http)

    def protocols(self) -> list[ProtocolCount]:
        """List the protocol hierarchy without what only repeats a layer or takes a certificate apart."""
        return [one for one in self._report.capture.protocols if _is_plain(one.path.split(":"))]

    def data_frames(self, connection: Connection) -> tuple[int, ...]:
        """List the frames in which application data end, both ways."""
        return tuple(sorted({frame for row in data_rows.of(connection) for frame in row.data}))

    def data_filter(self, connection: Connection) -> str:
        """Select those frames; where their numbers would fill a page, the data from first to last."""
        carrying = ["tcp.len > 0"] if connection.protocol == "tcp" else []
        return self._listed_or_spanned(connection, self.data_frames(connection), carrying)

    def side_filter(self, connection: Connection, row: DataRow) -> str:
        """Select the frames of one direction in the same way."""
        client, server = connection.client.port, connection.server.port
        layer = "tcp" if connection.protocol == "tcp" else "udp"
        port = client if row.side == "client" else server
        sending = [f"{layer}.srcport == {port}"] if client != server else []
        carrying = ["tcp.len > 0"] if connection.protocol == "tcp" else []
        return self._listed_or_spanned(connection, row.data, [*sending, *carrying])

    def _listed_or_spanned(self, connection: Connection, frames: Sequence[int], inside: list[str]) -> str:
        if len(frame_runs(frames)) <= _MOST_RUNS:
            return f"{connection.display_filter} && {self.frame_filter(frames)}"
        span = self.frame_filter(range(frames[0], frames[-1] + 1))
        return " && ".join([connection.display_filter, *inside, span])

    def lengths(self, connection: Connection) -> CommonLength | None:
        """Tell how large the frames of the server's data are; None where there are none."""
        return data_rows.lengths_of(connection)

    def port_filter(self, group: ConnectionGroup) -> str:
        """Write the condition that selects the server's port, over the transports of the group."""
        members = [self._by_id[number].protocol for number in group.connections if number in self._by_id]
        layers = dict.fromkeys("tcp" if protocol == "tcp" else "udp" for protocol in members or ["tcp"])
        ports = " || ".join(f"{layer}.port == {group.server_port}" for layer in layers)
        return f"({ports})" if len(layers) > 1 else ports

    def flagged(self, connection: Connection) -> list[tuple[str, Any]]:
        """List the kinds of trouble that Wireshark flags, with their frames."""
        phenomena = connection.tcp_phenomena
        if phenomena is None:
            return []
        every = ((name, getattr(phenomena, name)) for name in type(phenomena).__struct_fields__)
        return [(name, flagged) for name, flagged in every if flagged.count]

    def flagged_frames(self, connection: Connection) -> tuple[int, ...]:
        """List the frames with any flag."""
        return tuple(sorted({frame for _, flagged in self.flagged(connection) for frame in flagged.frames}))

    def layers(self, connection: Connection) -> layer_facts.LayerFacts:
        """Gather what the lower layers of a connection show."""
        return layer_facts.of(self._report, connection)

    def is_wireless(self) -> bool:
        """Tell whether the capture's frames are those of IEEE 802.11."""
        return any("wlan" in one.path.split(":") for one in self._report.capture.protocols)

    def lookups(self, connection: Connection) -> list[DnsLookup]:
        """List the DNS look-ups that led to a connection."""
        return [one for one in self._report.dns if connection.id in one.led_to]

    def exchanges(self, connection: Connection) -> list[HttpExchange]:
        """List the plain HTTP exchanges of a connection."""
        return [one for one in self._report.http if one.connection == connection.id]

    def asked_as_proxy(self, connection: Connection) -> HttpExchange | None:
        """Return the first request that is written as to a proxy."""
        return next((one for one in self.exchanges(connection) if one.asks_proxy), None)

    def triage(self) -> Triage:
        """Sort the report by trouble."""
        return triage(self._report)

    def without_connection(self) -> WithoutConnection:
        """Look up what a summary says where there is no connection."""
        return without_connection(self._report)

    def other_datagrams(self, most: int) -> Datagrams:
        """List the flows of UDP that nothing else in the report tells of."""
        return other_datagrams(self._report, most)

    def end(self, address: str, port: int | None) -> str:
        """Write an address, with its port where it has one."""
        return address if port is None else endpoint(address, port)

    def findings(self, connection: Connection | None) -> list[Finding]:
        """List the findings about a connection, or about the capture as a whole."""
        number = connection.id if connection else None
        return [one for one in self._report.findings if one.connection == number]

    def findings_listed(self) -> list[Finding]:
        """List all findings, those of one rule about very many connections shortened."""
        return listed(self._report.findings)

    def reach(self, connection: Connection) -> Reach:
        """Return how far apart the two ends are."""
        return reach_of(connection)

    def is_picked(self, port: int) -> bool:
        """Tell whether a client's port may be one that its system picked."""
        return port >= FIRST_USER_PORT

    def server_end(self, connection: Connection) -> str:
        """Return the server's end as the table of key frames has it."""
        return endpoint(connection.server.ip, connection.server.port)


def _is_plain(layers: Sequence[str]) -> bool:
    repeats = any(upper == lower for lower, upper in pairwise(layers))
    return not repeats and not any(layer.startswith("x509") for layer in layers)
