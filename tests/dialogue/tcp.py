"""A TCP connection in the field's words: ``client.syn()``, ``server.syn_ack(mss=1380)``, ``client.ack()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scapy.layers.inet import IP, TCP
from scapy.layers.inet6 import IPv6

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from tests.dialogue.recording import Frame, Recording

_CLIENT_START: Final = 1_000_000
_SERVER_START: Final = 5_000_000


class Segment(NamedTuple):
    """A TCP segment; the numbers are relative ones."""

    flags: str
    seq: int
    ack: int
    payload: bytes = b""
    window: int = 502
    options: tuple[tuple[str, Any], ...] = ()  # Any: each of scapy's options has a value of its own kind


class Talk:
    """A connection between two ends; unpacks into client and server."""

    def __init__(self, recording: Recording, client: tuple[str, int], server: tuple[str, int]) -> None:
        self.recording = recording
        self.client = End(self, client, _CLIENT_START, is_client=True)
        self.server = End(self, server, _SERVER_START, is_client=False)

    def __iter__(self) -> Iterator[End]:
        return iter((self.client, self.server))

    def established(self) -> Talk:
        """Do the three-way handshake: three frames."""
        self.client.syn()
        self.server.syn_ack()
        self.client.ack()
        return self

    def closed(self) -> None:
        """Close in order, the client first: three frames."""
        self.client.fin()
        self.server.fin()
        self.client.ack()

    def after(self, *, ms: float) -> None:
        self.recording.after(ms=ms)

    def lost(self) -> AbstractContextManager[None]:
        return self.recording.lost()

    def doubled(self) -> None:
        self.recording.doubled()

    def reordered(self) -> None:
        self.recording.reordered()


class End:
    """One end of a connection. It acknowledges all that the other has sent, unless told otherwise."""

    def __init__(self, talk: Talk, address: tuple[str, int], start: int, *, is_client: bool) -> None:
        self._talk = talk
        self.address = address
        self.start = start
        self.is_client = is_client
        self.sent = 0
        """Sequence numbers used so far: relative ones, as Wireshark shows them."""
        self._last: Segment | None = None

    @property
    def other(self) -> End:
        return self._talk.server if self.is_client else self._talk.client

    def syn(self, *, mss: int | None = 1460, window: int = 64240, data: bytes = b"", **more: Any) -> Frame:  # noqa: ANN401 - TCP options
        return self._send("S", data, window=window, options=_options(mss, **more), ack=0)

    def syn_fin(self) -> Frame:
        """Open and close at once, as no honest program does."""
        return self._send("SF", ack=0)

    def syn_ack(
        self,
        *,
        mss: int | None = 1460,
        window: int = 65160,
        ack: int | None = None,
        **more: Any,  # noqa: ANN401 - TCP options
    ) -> Frame:
        return self._send("SA", window=window, options=_options(mss, **more), ack=ack)

    def ack(self, ack: int | None = None, *, window: int = 502) -> Frame:
        return self._send("A", ack=ack, window=window)

    def data(self, payload: bytes, *, ack: int | None = None, seq: int | None = None) -> Frame:
        return self._send("PA", payload, ack=ack, seq=seq)

    def fin(self, payload: bytes = b"", *, ack: int | None = None) -> Frame:
        return self._send("FA", payload, ack=ack)

    def rst(self, *, seq: int | None = None) -> Frame:
        return self._send("R", seq=seq, ack=0)

    def rst_ack(self) -> Frame:
        return self._send("RA")

    def again(self) -> Frame:
        """Send the latest segment that took sequence numbers once more."""
        assert self._last is not None, "nothing was sent"
        return self._emit(self._last)

    def keep_alive(self) -> Frame:
        """Send a segment just before the next sequence number (RFC 9293, 3.8.4)."""
        return self._emit(Segment("A", self.sent - 1, self.other.sent))

    def window_probe(self) -> Frame:
        """Send one byte, to learn whether the other side has room again (RFC 9293, 3.8.6.1)."""
        return self._emit(Segment("A", self.sent, self.other.sent, b"?"))

    def _send(
        self,
        flags: str,
        payload: bytes = b"",
        *,
        ack: int | None = None,
        seq: int | None = None,
        window: int = 502,
        options: Sequence[tuple[str, Any]] = (),
    ) -> Frame:
        segment = Segment(
            flags,
            0 if "S" in flags else self.sent if seq is None else seq,
            self.other.sent if ack is None else ack,
            payload,
            window,
            tuple(options),
        )
        taken = len(payload) + ("S" in flags) + ("F" in flags)
        if taken:
            self._last = segment
        if seq is None:
            # a SYN sent again takes its place again
            self.sent = max(self.sent, taken) if "S" in flags else self.sent + taken
        return self._emit(segment)

    def _emit(self, segment: Segment) -> Frame:
        tcp = TCP(
            sport=self.address[1],
            dport=self.other.address[1],
            flags=segment.flags,
            seq=self.start + segment.seq,
            ack=self.other.start + segment.ack if "A" in segment.flags else 0,
            window=segment.window,
            options=list(segment.options),
        )
        kind = IPv6 if ":" in self.address[0] else IP
        network = kind(src=self.address[0], dst=self.other.address[0]) / tcp / segment.payload
        return self._talk.recording.take(network, from_client=self.is_client)


def _options(
    mss: int | None, *, window_scale: int | None = 7, sack: bool = True, timestamps: bool = True
) -> list[tuple[str, Any]]:
    options: list[tuple[str, Any]] = []
    if mss is not None:
        options.append(("MSS", mss))
    if sack:
        options.append(("SAckOK", b""))
    if timestamps:
        options.append(("Timestamp", (1, 0)))
    if window_scale is not None:
        options.append(("WScale", window_scale))
    return options
