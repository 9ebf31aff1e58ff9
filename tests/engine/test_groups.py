"""One client that comes back to one server: a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def test_consecutive_ports(recording: Recording) -> None:
    for port in (50001, 50002, 50003):
        recording.talk(client_port=port).established().closed()

    (group,) = recording.report().groups
    assert (group.client_ip, group.server_ip, group.server_port) == ("192.168.1.10", "203.0.113.5", 443)
    assert (group.connections, group.client_ports) == ((0, 1, 2), (50001, 50002, 50003))
    assert group.consecutive_ports


def test_other_ports(recording: Recording) -> None:
    for port in (50001, 50002, 50009):
        recording.talk(client_port=port).established()

    (group,) = recording.report().groups
    assert not group.consecutive_ports


def test_what_stands_alone_is_no_group(recording: Recording) -> None:
    recording.talk(client_port=50001).established()
    recording.talk(client_port=50002, server_port=80).established()
    recording.talk(client_port=50003, server="203.0.113.6").established()
    recording.talk(client_port=50004, client="192.168.1.11").established()

    assert recording.report().groups == ()


def test_members_stand_in_the_order_of_their_beginning(recording: Recording) -> None:
    one, other = recording.talk(client_port=50002), recording.talk(client_port=50001)
    one.client.syn()
    other.client.syn()

    (group,) = recording.report().groups
    assert (group.connections, group.client_ports) == ((0, 1), (50002, 50001))
    assert not group.consecutive_ports
