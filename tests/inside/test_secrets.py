"""Credentials inside are masked in every format, whatever carries them, unless the user asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from pcap_report.cli.formats import FORMATS, Presentation
from pcap_report.engine import Options

if TYPE_CHECKING:
    from tests.dialogue.recording import Recording

CANARIES: Final = {
    "bearer": "canary-bearer-7Hq2",
    "basic": "Y2FuYXJ5OmJhc2ljLTg4",
    "cookie": "canary-cookie-9Zx1",
    "set_cookie": "canary-setcookie-4Kp3",
    "session": "canary-mcpsession-5Lm6",
    "query": "canary-query-6Rt8",
    "json": "canary-json-2Vb4",
    "nested": "canary-nested-3Nc5",
    "text": "canary-intext-8Jd7",
    "jwt": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "form": "canary-form-1Qw9",
    "api_key": "canary-apikey-0Op2",
    "error": "canary-error-6Yt5",
}


def spoken(recording: Recording) -> None:
    """An MCP call in plain HTTP that is full of credentials."""
    talk = recording.talk(server_port=8000).established()
    call = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {
                "name": "login",
                "arguments": {
                    "user": "ana",
                    "password": CANARIES["json"],
                    "options": [{"accessToken": CANARIES["nested"]}],
                    "note": f"use Bearer {CANARIES['text']} or {CANARIES['jwt']}",
                },
            },
        }
    ).encode()
    talk.client.data(
        f"POST /mcp?access_token={CANARIES['query']} HTTP/1.1\r\nHost: x\r\n"
        "Content-Type: application/json\r\n"
        f"Authorization: Bearer {CANARIES['bearer']}\r\nProxy-Authorization: Basic {CANARIES['basic']}\r\n"
        f"Cookie: sid={CANARIES['cookie']}; theme=dark\r\nMcp-Session-Id: {CANARIES['session']}\r\n"
        f"X-Api-Key: {CANARIES['api_key']}\r\nContent-Length: {len(call)}\r\n\r\n".encode()
        + call
    )
    problem = {"code": -32000, "message": f"Bearer {CANARIES['error']} expired"}
    error = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "error": problem,
        }
    ).encode()
    talk.server.data(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        f"Set-Cookie: sid={CANARIES['set_cookie']}; Path=/\r\n"
        f"Mcp-Session-Id: {CANARIES['session']}\r\nContent-Length: {len(error)}\r\n\r\n".encode()
        + error
    )
    form = f"user=ana&password={CANARIES['form']}".encode()
    talk.client.data(
        b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + f"Content-Length: {len(form)}\r\n\r\n".encode()
        + form
    )
    talk.server.data(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
    talk.closed()


@pytest.mark.parametrize("show_bodies", [False, True], ids=["shapes", "bodies"])
@pytest.mark.parametrize("name", ["md", "html", "json", "text", "pdf"])
def test_no_credential_in_any_format(recording: Recording, name: str, show_bodies: bool) -> None:
    spoken(recording)
    report = recording.report(Options(show_bodies=show_bodies))
    assert report.connections[0].rpc is not None
    form = next(one for one in FORMATS if one.name == name)
    written = form.searchable(report, Presentation())
    assert [name for name, canary in CANARIES.items() if canary in written] == []
    assert "login" in written


def test_bodies_are_shown_only_where_they_are_asked_for(recording: Recording) -> None:
    spoken(recording)
    closed = [one.request_body for one in recording.report().http]
    opened = [one.request_body for one in recording.report(Options(show_bodies=True)).http]
    assert closed[0] is not None
    assert (closed[0].text, closed[0].shape) == (None, "object: jsonrpc, id, method, params")
    assert opened[0] is not None
    assert '"user":"ana","password":"***"' in (opened[0].text or "")


def test_secrets_are_shown_where_they_are_asked_for(recording: Recording) -> None:
    spoken(recording)
    report = recording.report(Options(show_bodies=True, show_secrets=True))
    body = report.http[0].request_body
    assert body is not None
    assert CANARIES["json"] in (body.text or "")
