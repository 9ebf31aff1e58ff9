"""Zeek's ``history`` and ``conn_state``: segments of both sides, and what Zeek writes about them."""

from __future__ import annotations

import pytest

from pcap_report.flow.zeek import History
from pcap_report.flow.zeek_datagrams import DatagramHistory
from pcap_report.model.packet import ACK, FIN, RST, SYN, Packet

_SECOND_NS = 1_000_000_000


class Said:
    """A conversation on numbers that both sides count from 0, as tshark's relative ones do."""

    def __init__(self) -> None:
        self.history = History()
        self.now_s = 0.0

    def client(self, flags: int, seq: int, ack: int = 0, length: int = 0, **more: int) -> Said:
        return self._say(flags, seq, ack, length, from_client=True, **more)

    def server(self, flags: int, seq: int, ack: int = 0, length: int = 0, **more: int) -> Said:
        return self._say(flags, seq, ack, length, from_client=False, **more)

    def opened(self) -> Said:
        return self.client(SYN, 0).server(SYN | ACK, 0, 1).client(ACK, 1, 1)

    def later(self, seconds: float) -> Said:
        self.now_s += seconds
        return self

    def _say(
        self,
        flags: int,
        seq: int,
        ack: int,
        length: int,
        *,
        from_client: bool,
        window: int = 500,
        lost: int = 0,
    ) -> Said:
        packet = Packet()
        packet.flags, packet.seq, packet.ack, packet.payload = flags, seq, ack, length
        packet.window, packet.from_client = window, from_client
        packet.length = 54 + length
        packet.captured = packet.length - lost
        packet.time_ns = int(self.now_s * _SECOND_NS)
        self.now_s += 0.001
        self.history.see(packet)
        return self

    @property
    def words(self) -> tuple[str, str]:
        return self.history.letters, self.history.conn_state


def test_a_normal_connection() -> None:
    said = Said().opened().client(ACK, 1, 1, 10).server(ACK, 1, 11, 20).client(ACK, 11, 21)
    said.client(FIN | ACK, 11, 21).server(FIN | ACK, 21, 12).client(ACK, 12, 22)
    assert said.words == ("ShADdFf", "SF")


def test_payload_in_a_fin_is_no_letter_of_its_own() -> None:
    assert Said().opened().client(FIN | ACK, 1, 1, 10).words == ("ShAF", "S2")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said().client(SYN, 0), ("S", "S0")),
        (Said().client(SYN, 0).client(SYN, 0), ("S", "S0")),
        (Said().client(SYN, 0).client(SYN, 7), ("S", "S0")),
        (Said().client(SYN, 0).server(RST | ACK, 0, 1), ("Sr", "REJ")),
        (Said().client(SYN, 0).client(RST, 1), ("SR", "RSTOS0")),
        (Said().client(SYN, 0).client(FIN, 1), ("SF", "SH")),
        (Said().server(SYN | ACK, 0, 1), ("^h", "OTH")),
        (Said().server(SYN | ACK, 0, 1).server(RST, 1), ("^hr", "RSTRH")),
        (Said().server(SYN | ACK, 0, 1).server(FIN | ACK, 1, 1), ("^hf", "SHR")),
        (Said().client(ACK, 1, 1, 5), ("D", "OTH")),
        (Said().opened(), ("ShA", "S1")),
        (Said().opened().client(RST, 1), ("ShAR", "RSTO")),
        (Said().opened().server(RST, 1), ("ShAr", "RSTR")),
        (Said().opened().server(FIN | ACK, 1, 1), ("ShAf", "S3")),
        (Said().opened().client(FIN | RST, 1), ("ShAI", "RSTO")),
    ],
)
def test_how_it_began_and_ended(said: Said, words: tuple[str, str]) -> None:
    assert said.words == words


def test_a_reset_between_two_fins_is_still_a_normal_end() -> None:
    said = Said().opened().client(FIN | ACK, 1, 1).client(RST, 2).server(FIN | ACK, 1, 2)
    assert said.words == ("ShAFRf", "SF")


def test_a_reset_after_two_fins_is_still_a_normal_end() -> None:
    said = Said().opened().client(FIN | ACK, 1, 1).server(FIN | ACK, 1, 2).server(RST, 2)
    assert said.words == ("ShAFfr", "SF")


def test_what_comes_long_after_the_end_is_no_part_of_it() -> None:
    said = Said().opened().client(FIN | ACK, 1, 1).server(FIN | ACK, 1, 2).later(6).client(RST, 2)
    assert said.words == ("ShAFf", "SF")


def test_retransmissions_are_written_the_first_the_tenth_and_the_hundredth_time() -> None:
    said = Said().opened().client(ACK, 1, 1, 10)
    for _ in range(9):
        said.client(ACK, 1, 1, 10)
    assert said.words[0] == "ShADT"
    said.client(ACK, 1, 1, 10)
    assert said.words[0] == "ShADTT"
    for _ in range(90):
        said.client(ACK, 1, 1, 10)
    assert said.words[0] == "ShADTTT"


def test_a_zero_window_counts_until_the_other_side_has_closed() -> None:
    said = Said().opened().server(ACK, 1, 1, window=0)
    assert said.words[0] == "ShAaw"
    closed = Said().opened().client(FIN | ACK, 1, 1).server(ACK, 1, 2, window=0)
    assert closed.words[0] == "ShAFa"


def test_an_acknowledgement_of_what_was_not_captured_is_a_hole() -> None:
    said = Said().opened().server(ACK, 11, 1, 10).client(ACK, 1, 21)
    assert said.words[0] == "ShAdg"


def test_data_that_comes_late_fills_the_hole() -> None:
    said = Said().opened().server(ACK, 11, 1, 10).server(ACK, 1, 1, 10).client(ACK, 1, 21)
    assert said.words[0] == "ShAdt"


def test_a_packet_that_was_captured_in_part_leaves_a_hole() -> None:
    said = Said().opened().server(ACK, 1, 1, 10, lost=4).client(ACK, 1, 11)
    assert said.words[0] == "ShAdg"


def test_numbers_may_wrap() -> None:
    top = 0xFFFFFFFF
    said = Said().client(SYN, top - 1).server(SYN | ACK, 0, top).client(ACK, top, 1)
    said.client(ACK, top, 1, 10).server(ACK, 1, 9).client(ACK, 9, 1, 10).server(ACK, 1, 19)
    assert said.words == ("ShADa", "S1")


def test_a_stranger_cannot_make_the_history_grow_without_end() -> None:
    said = Said()
    for place in range(4000):
        said.client(RST, place * 1000)
    assert len(said.words[0]) == 1000


@pytest.mark.parametrize(
    ("senders", "words"),
    [("c", ("D", "S0")), ("cs", ("Dd", "SF")), ("s", ("d", "SHR")), ("cc", ("D", "S0")), ("", ("", "OTH"))],
)
def test_a_flow_over_udp(senders: str, words: tuple[str, str]) -> None:
    history = DatagramHistory()
    for sender in senders:
        packet = Packet()
        packet.from_client, packet.payload = sender == "c", 8
        history.see(packet)
    assert (history.letters, history.conn_state) == words
