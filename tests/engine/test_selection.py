"""Only what was asked for, and how much was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import Options
from pcap_report.errors import UsageError
from tests.dialogue.sessions import tls13

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


@pytest.fixture
def three(recording: Recording) -> Recording:
    """Two connections to one server, the second with an SNI, and one to another server."""
    recording.talk(client_port=50001).established()
    tls13(recording.talk(client_port=50002))
    recording.talk(client_port=50003, server="203.0.113.6").established()
    return recording


@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (Options(), [0, 1, 2]),
        (Options(connections=(2, 0)), [0, 2]),
        (Options(server="203.0.113.5"), [0, 1]),
        (Options(server="www.example.org"), [1]),
        (Options(server="WWW.Example.org."), [1]),
        (Options(server="example.org"), [1]),
        (Options(server="203.0.113.5", connections=(1, 2)), [1]),
    ],
)
def test_what_is_kept(three: Recording, options: Options, kept: list[int]) -> None:
    report = three.report(options)
    assert [one.id for one in report.connections] == kept
    assert report.connections_omitted == 3 - len(kept)
    assert {one.connection for one in report.anatomy} == set(kept)


@pytest.mark.parametrize(
    "options", [Options(connections=(9,)), Options(server="nowhere.example"), Options(server="ample.org")]
)
def test_nothing_is_left(three: Recording, options: Options) -> None:
    with pytest.raises(UsageError, match="No connection of the capture") as caught:
        three.report(options)
    assert caught.value.hint is not None
    assert "0, 1, 2" in caught.value.hint


def test_a_display_filter(three: Recording) -> None:
    report = three.report(Options(display_filter="tcp.port == 50002"))
    assert [one.client.port for one in report.connections] == [50002]
    assert (report.capture.packets, report.capture.display_filter) == (6, "tcp.port == 50002")


def test_a_display_filter_that_tshark_does_not_understand(three: Recording) -> None:
    with pytest.raises(UsageError, match=r"does not understand the display filter: tcp\.prot == 1"):
        three.report(Options(display_filter="tcp.prot == 1"))


def test_a_display_filter_that_nothing_matches(three: Recording) -> None:
    with pytest.raises(UsageError, match="matches the display filter udp"):
        three.report(Options(display_filter="udp"))
