"""What each tool takes; the schemas that clients see are made from these records."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from pcap_report.live.modes import Mode
from pcap_report.mcp.budget import DEFAULT, LEAST, MOST
from pcap_report.mcp.source import Named

CaptureName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4096,
        description="A capture (pcap, pcapng) or a report saved as JSON, below the folders that may be read.",
    ),
]
Budget = Annotated[
    int,
    Meta(ge=LEAST, le=MOST, description="Tokens that the answer may have; what matters most comes first."),
]
Cursor = Annotated[
    str | None, Meta(description="The cursor of the former answer to the same question, for what comes next.")
]
Number = Annotated[int, Meta(ge=0, description="A connection's number: its id, Wireshark's tcp.stream.")]
Language = Annotated[Literal["en", "es", "zh"], Meta(description="Language of the sentences.")]
KeyLogName = Annotated[
    Annotated[str, Meta(min_length=1, max_length=4096)] | None,
    Meta(description="A key log (NSS, SSLKEYLOGFILE) to look inside encrypted connections with."),
]
RpcLogName = Annotated[
    Annotated[str, Meta(min_length=1, max_length=4096)] | None,
    Meta(description="The application's JSON-RPC log, matched to encrypted bursts."),
]
FrameNumber = Annotated[int, Meta(ge=1, description="A frame's number, Wireshark's.")]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No arguments."""


class OfFiles(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which files a question is about; the same ones again for what belongs to the same analysis."""

    capture: CaptureName
    keylog: KeyLogName = None
    rpc_log: RpcLogName = None
    budget: Budget = DEFAULT
    language: Language = "en"

    @property
    def named(self) -> Named:
        """The files, as the caller calls them."""
        return Named(self.capture, self.keylog, self.rpc_log)


class OfCapture(OfFiles, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every question takes whose answer may have several pages."""

    cursor: Cursor = None


class OfConnections(OfCapture, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which connections."""

    server: Annotated[
        Annotated[str, Meta(min_length=1, max_length=300)] | None,
        Meta(description="Only those to this address or name, or a name below it."),
    ] = None


class OfConnection(OfCapture, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which connection."""

    connection: Number


class OfFindings(OfCapture, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which findings."""

    severity: Annotated[
        Literal["info", "low", "medium", "high"], Meta(description="Only from this severity on.")
    ] = "info"


class OfFrame(OfCapture, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which frame."""

    frame: FrameNumber


class OfDiagram(OfCapture, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which diagram."""

    connection: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="This connection; without it, a line for each.")
    ] = None


class OfClaim(OfFiles, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which statement."""

    claim: Annotated[
        str | None, Meta(description="The id of a statement or a finding; name its connection too.")
    ] = None
    connection: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="The statement's connection.")
    ] = None
    display_filter: Annotated[
        Annotated[str, Meta(max_length=4000)] | None,
        Meta(description="Or a Wireshark display filter of your own …"),
    ] = None
    frames: Annotated[
        tuple[Annotated[int, Meta(ge=1, lt=2**32)], ...],
        Meta(max_length=10000, description="… and the frames that it should select."),
    ] = ()


class OfTwo(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which captures."""

    before: CaptureName
    after: CaptureName
    keylog: Annotated[
        Annotated[str, Meta(min_length=1, max_length=4096)] | None,
        Meta(description="A key log with the secrets of both."),
    ] = None
    budget: Budget = DEFAULT
    cursor: Cursor = None
    language: Language = "en"


class OfInterfaces(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much of the list."""

    budget: Budget = DEFAULT
    cursor: Cursor = None


class OfRecording(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to capture."""

    target: Annotated[
        str,
        Meta(
            max_length=300,
            description="A host, HOST:PORT, a port, ports like 8000-8010, an http(s) URL, or auto.",
        ),
    ]
    mode: Annotated[
        Mode,
        Meta(
            description="domain: a host; port: a port; web: HTTP, TLS, QUIC; diagnosis: ICMP, ARP, DNS, DHCP"
            " and the target or the web; auto: what fits the target."
        ),
    ] = Mode.auto
    duration: Annotated[int, Meta(ge=1, le=600, description="Seconds after which it ends by itself.")] = 30
    interface: Annotated[
        Annotated[str, Meta(max_length=64)] | None,
        Meta(description="Where; by default where the route to the target leads."),
    ] = None
    packets: Annotated[int, Meta(ge=1, le=1_000_000, description="Packets after which it ends.")] = 100_000
    snap_length: Annotated[
        Annotated[int, Meta(ge=34, le=262144)] | None,
        Meta(description="Keep only the first bytes of each packet."),
    ] = None


class OfStopping(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How to tell what was captured."""

    budget: Budget = DEFAULT
    language: Language = "en"
