"""Facts about application data: who sent how much, when, and who waited for whom."""

from __future__ import annotations

from msgspec import Struct

from pcap_report.model.evidence import Direction


class FrameLength(Struct, frozen=True):
    """A size that frames have on the wire, and how many have it."""

    bytes: int
    count: int


class Burst(Struct, frozen=True):
    """A run of application data in one direction, without data the other way and without a long pause."""

    direction: Direction
    frames: tuple[int, ...]
    """Frames in which a record ends (TLS), or with payload (other protocols)."""
    records: int
    """TLS application-data records; segments with payload where there is no TLS."""
    bytes: int
    """Bytes of the records' payload as it travels (encrypted), or of TCP payload without TLS."""
    start_s: float
    """Seconds since the first packet of the capture."""
    end_s: float
    segment_frames: tuple[int, ...] = ()
    """Segments in between that only carry pieces of a record."""
    frames_omitted: int = 0
    """How many frames are not listed in ``frames``."""
    may_be_handshake: bool = False
    """May hold session tickets or other encrypted handshake messages: it cannot be told without keys."""
    plain: bool = False
    """Not inside TLS: there is none, or it had not begun."""
    frame_lengths: tuple[FrameLength, ...] = ()
    """Sizes of its frames, pieces of records included; the most frequent first, at most five."""


class Exchange(Struct, frozen=True):
    """A request and what came back: bursts, by their place in ``bursts``."""

    request: int
    """The last request burst before the answer."""
    responses: tuple[int, ...]
    latency_ms: float | None
    """From the end of the request to the first frame of the answer; None without one."""
    pipelined: tuple[int, ...] = ()
    """Request bursts sent earlier, before any answer: which answer is whose is not visible."""


class LabelledFrames(Struct, frozen=True):
    """Frames of one kind, per direction: by the side that sent them."""

    client: tuple[int, ...]
    server: tuple[int, ...]


class AppData(Struct, frozen=True):
    """Application data of a connection."""

    client_bytes: int
    """Bytes that the client sent as application data."""
    server_bytes: int
    bursts: tuple[Burst, ...]
    exchanges: tuple[Exchange, ...]
    encrypted: bool
    labelled_frames: LabelledFrames | None = None
    """TLS only: all frames with the content type application_data, encrypted handshake included."""
    handshake_frames: tuple[int, ...] = ()
    """TLS 1.3: frames labelled Application Data whose records are known to be handshake messages."""
    close_notify_frames: tuple[int, ...] = ()
    """TLS 1.3: frames whose encrypted record has the size and the place of a close_notify alert."""
    bursts_omitted: int = 0
    """How many bursts are not listed."""
    pure_acks: int = 0
    """Segments that only acknowledge: not counted as data."""
    pure_ack_frames: LabelledFrames | None = None
    """The first of their frames, by sender."""
    plain_client_bytes: int = 0
    """Of ``client_bytes``, what went outside TLS."""
    plain_server_bytes: int = 0
    """Of ``server_bytes``, what went outside TLS."""
