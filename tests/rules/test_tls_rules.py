"""Judgements about TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.dialogue import tls
from tests.dialogue.sessions import tls12, tls13

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording


def findings(recording: Recording) -> dict[str, tuple[int, ...]]:
    return {one.id: one.frames for one in recording.report().findings}


def test_nothing_to_say(recording: Recording) -> None:
    tls12(recording.talk(client_port=50001)).client.data(tls.encrypted_alert())
    tls13(recording.talk(client_port=50002))
    assert findings(recording) == {}


def test_a_fatal_alert(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello())
    server.data(tls.alert(2, 40))
    assert findings(recording) == {"tls.fatal_alert": (5,)}


def test_an_alert_in_place_of_data(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    server.data(tls.close_notify13())
    client.fin()
    assert findings(recording)["tls.alert_without_data"] == (7,)


def test_a_client_that_takes_its_leave_is_not_refused(recording: Recording) -> None:
    client, server = tls13(recording.talk())
    client.data(tls.close_notify13())
    server.data(tls.close_notify13())
    assert findings(recording) == {}


def test_a_warning(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=()))
    server.data(tls.alert(1, 112))
    assert findings(recording) == {"tls.warning_alert": (5,)}


def test_a_farewell_is_no_warning(recording: Recording) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=()))
    server.data(tls.alert(1, 0))
    assert "tls.warning_alert" not in findings(recording)


@pytest.mark.parametrize(
    ("suite", "found"), [(0x0005, True), (0x000A, True), (0x0034, True), (0x002F, False), (0xC02F, False)]
)
def test_a_weak_cipher_suite(recording: Recording, suite: int, *, found: bool) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=()))
    server.data(tls.server_hello(version=0x0303, suite=suite) + tls.server_hello_done())
    assert findings(recording) == ({"tls.weak_cipher_suite": (5,)} if found else {})


@pytest.mark.parametrize(
    ("version", "found"), [(0x0300, True), (0x0301, True), (0x0302, True), (0x0303, False)]
)
def test_a_version_that_is_too_old(recording: Recording, version: int, *, found: bool) -> None:
    client, server = recording.talk().established()
    client.data(tls.client_hello(versions=(), legacy=version))
    server.data(tls.server_hello(version=version, suite=0x002F) + tls.server_hello_done())
    assert findings(recording) == ({"tls.old_version": (5,)} if found else {})


def test_the_gravest_stand_first(recording: Recording) -> None:
    recording.talk(client_port=50001).client.syn()
    client, server = recording.talk(client_port=50002).established()
    client.data(tls.client_hello())
    server.data(tls.alert(2, 40))
    client.fin()
    server.rst()
    assert [one.severity for one in recording.report().findings] == ["high", "medium", "info"]
