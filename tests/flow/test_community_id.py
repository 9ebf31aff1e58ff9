"""Community ID, held against the reference values of its specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.flow.community_id import TCP, UDP, community_id

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


@pytest.mark.parametrize(
    ("source", "source_port", "target", "target_port", "protocol", "name"),
    [
        ("128.232.110.120", 34855, "66.35.250.204", 80, TCP, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("192.168.1.52", 54585, "8.8.8.8", 53, UDP, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
        (
            "fe80::200:86ff:fe05:80da",
            135,
            "fe80::260:97ff:fe07:69ea",
            136,
            58,
            "1:dGHyGvjMfljg6Bppwm3bg0LO8TY=",
        ),
    ],
)
def test_reference_values(
    source: str, source_port: int, target: str, target_port: int, protocol: int, name: str
) -> None:
    assert community_id(source, source_port, target, target_port, protocol) == name


def test_the_direction_makes_no_difference() -> None:
    one = community_id("10.0.0.1", 50000, "10.0.0.2", 443, TCP)
    assert community_id("10.0.0.2", 443, "10.0.0.1", 50000, TCP) == one
    assert community_id("10.0.0.1", 443, "10.0.0.2", 50000, TCP) != one


def test_two_ports_of_one_address_are_ordered_by_number() -> None:
    one = community_id("127.0.0.1", 9, "127.0.0.1", 10, TCP)
    assert community_id("127.0.0.1", 10, "127.0.0.1", 9, TCP) == one


def test_addresses_are_compared_as_bytes_and_not_as_text() -> None:
    assert community_id("9.0.0.1", 1, "10.0.0.1", 2, TCP) == community_id("10.0.0.1", 2, "9.0.0.1", 1, TCP)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        community_id("somewhere", 1, "10.0.0.1", 2, TCP)


def test_it_stands_in_the_report(recording: Recording) -> None:
    recording.talk("128.232.110.120", "66.35.250.204", client_port=34855, server_port=80).established()
    assert recording.connection().community_id == "1:LQU9qZlK+B5F3KDmev6m5PMibrg="
