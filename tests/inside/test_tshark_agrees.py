"""What is read inside the encryption is what tshark reads there, on every capture that has its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pcap_report.engine import Options
from tests.analyzed import analyzed
from tests.inside.decrypting import SEPARATOR, Locked, asked, locked_captures

if TYPE_CHECKING:
    from pathlib import Path

    from pcap_report.model.around import HttpExchange
    from pcap_report.model.report import Report

_LOCKED = locked_captures()
every_capture = pytest.mark.parametrize("locked", _LOCKED, ids=[one.capture.name for one in _LOCKED])


def opened(locked: Locked) -> Report:
    report = analyzed(locked.capture, Options(keylog=locked.keys))
    assert [one for one in report.attempts if one.status == "failed"] == []
    return report


def closed(locked: Locked) -> Report:
    return analyzed(locked.capture)


@every_capture
def test_http1(locked: Locked, tmp_path: Path) -> None:
    fields = ("frame.number", "tcp.stream", "http.request.method", "http.request.uri", "http.response.code")
    theirs = {
        (int(frame), int(stream), what)
        for frame, stream, methods, targets, codes in asked(locked, "tls && http", *fields, home=tmp_path)
        for what in (f"{methods} {targets}".strip(), codes)
        if what
    }
    exchanges = [one for one in opened(locked).http if one.decrypted and one.version in {"1.0", "1.1"}]
    ours = {
        (one.frame, one.connection, f"{one.method} {one.path}") for one in exchanges if one.frame is not None
    }
    ours |= {
        (one.response_frame, one.connection, str(one.status))
        for one in exchanges
        if one.response_frame is not None and not ends_with_the_connection(one)
    }
    assert ours == theirs


def ends_with_the_connection(one: HttpExchange) -> bool:
    """Plain tshark shows no response that only the end of the connection ends."""
    return bool(one.response_body_bytes) and one.content_length is None and not one.chunked


@every_capture
def test_http2(locked: Locked, tmp_path: Path) -> None:
    condition = "tls && (http2.headers.method || http2.headers.status)"
    fields = ("frame.number", "tcp.stream", "http2.headers.path", "http2.headers.status")
    theirs: set[tuple[int, int, str]] = set()
    for frame, stream, paths, statuses in asked(locked, condition, *fields, home=tmp_path):
        theirs |= {
            (int(frame), int(stream), one)
            for one in (*paths.split(SEPARATOR), *statuses.split(SEPARATOR))
            if one
        }
    exchanges = [one for one in opened(locked).http if one.decrypted and one.version == "2"]
    ours = {(one.frame, one.connection, one.path) for one in exchanges if one.frame is not None}
    ours |= {
        (one.response_frame, one.connection, str(one.status))
        for one in exchanges
        if one.response_frame is not None
    }
    assert ours == theirs


@every_capture
def test_the_handshake_that_tls_hides(locked: Locked, tmp_path: Path) -> None:
    lengths = "tls.handshake.certificate_length"
    theirs: dict[int, int] = {}
    for stream, values in asked(locked, lengths, "tcp.stream", lengths, home=tmp_path):
        if stream:
            theirs[int(stream)] = theirs.get(int(stream), 0) + len(values.split(SEPARATOR))
    connections = [one for one in opened(locked).connections if one.protocol == "tcp"]
    ours = {
        one.id: len(one.tls_handshake.certificates)
        for one in connections
        if one.tls_handshake and one.tls_handshake.certificates
    }
    assert ours == theirs
    chosen = {
        int(stream): protocol
        for stream, protocol in asked(
            locked,
            "tls.handshake.type == 8 && tls.handshake.extensions_alpn_str",
            "tcp.stream",
            "tls.handshake.extensions_alpn_str",
            home=tmp_path,
        )
        if stream
    }
    assert {
        number: one.tls_handshake.alpn
        for one in connections
        if (number := one.id) in chosen and one.tls_handshake
    } == chosen


@every_capture
def test_what_the_packets_show_does_not_depend_on_keys(locked: Locked) -> None:
    for with_keys, without in zip(opened(locked).connections, closed(locked).connections, strict=True):
        assert with_keys.app_data == without.app_data
        assert with_keys.history == without.history
        assert with_keys.quic == without.quic
        assert with_keys.steps == without.steps
        if with_keys.tls_handshake and without.tls_handshake:
            assert with_keys.tls_handshake.encrypted_from_frame == without.tls_handshake.encrypted_from_frame
            assert (
                with_keys.tls_handshake.client_finished_frame == without.tls_handshake.client_finished_frame
            )
