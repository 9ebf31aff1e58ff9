"""Key logs and application logs in the tools: below the folders only, marks kept, secrets never told."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.mcp.service import SAMPLES, Service, answered, refused

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

TLS = "mcp-tls13.pcapng"
KEYS = "mcp-tls13.keys"
LOG = "mcp-tls13.rpc.jsonl"
LOSSY = "lossy-three-connections"
_SECRET = re.compile(r"\b[0-9a-f]{64,96}$", re.MULTILINE)


@pytest.fixture
def with_keys(service: Service, folder: Path) -> Service:
    for name in (KEYS, LOG, f"{LOSSY}.keys", f"{LOSSY}.rpc.jsonl"):
        shutil.copy(SAMPLES / name, folder)
    return service


def test_keys_open_what_a_log_can_only_infer(with_keys: Service) -> None:
    async def work(client: Client) -> None:
        told = {}
        for name, files in {
            "bare": {},
            "read": {"keylog": KEYS},
            "inferred": {"rpc_log": LOG},
            "both": {"keylog": KEYS, "rpc_log": LOG},
        }.items():
            found = await answered(client, "analyze_capture", capture=TLS, **files)
            assert ("keys" in found) == ("keylog" in files)
            assert ("rpc_log" in found) == ("rpc_log" in files)
            told[name] = await answered(
                client, "get_connection", capture=TLS, connection=0, budget=50_000, **files
            )
        assert "calls" not in told["bare"]
        for name in ("read", "both"):
            assert {call.get("basis", "read") for call in told[name]["calls"]} == {"read"}
        inferred = told["inferred"]["calls"]
        assert {call["basis"] for call in inferred} == {"inferred"}
        assert all(call["certainty"] in ("low", "medium", "high") for call in inferred)
        assert all(one["decrypted"] for one in told["read"]["http_requests"])
        marked = [one for one in told["read"]["statements"] if one.get("needs_keys")]
        assert marked
        assert not any(one.get("needs_keys") for one in told["bare"]["statements"])
        for one in marked[:5]:
            claim = {"capture": TLS, "claim": one["id"], "connection": 0}
            assert (await answered(client, "verify_claim", **claim, keylog=KEYS))["verdict"] == "proved"
        own = {"capture": TLS, "display_filter": marked[0]["display_filter"], "frames": marked[0]["frames"]}
        if len(marked[0]["frames"]) == marked[0]["frame_count"]:
            assert (await answered(client, "verify_claim", **own, keylog=KEYS))["verdict"] == "proved"

    with_keys.talk(work)


def test_the_files_of_an_analysis_lie_below_the_folders_and_are_what_they_should_be(
    piped: Service, folder: Path
) -> None:
    shutil.copy(SAMPLES / KEYS, folder.parent / "outside.keys")
    (folder / "link.keys").symlink_to(folder.parent / "outside.keys")
    (folder / "no.keys").write_text("no key log at all\n", "utf-8")
    shutil.copy(SAMPLES / KEYS, folder)

    async def work(client: Client) -> None:
        for name in ("../outside.keys", "link.keys", "/etc/shadow", str(folder.parent / "outside.keys")):
            for file in ("keylog", "rpc_log"):
                said = await refused(client, "analyze_capture", capture=TLS, **{file: name})
                assert "folders that may be read" in said
        assert "key log" in await refused(client, "analyze_capture", capture=TLS, keylog="no.keys")
        said = await refused(client, "analyze_capture", capture=TLS, rpc_log=KEYS)
        assert "no JSON" in said
        assert not _SECRET.search(said)
        assert "keylog" in await refused(client, "analyze_capture", capture=TLS, keylog=["a"])

    piped.talk(work)


def test_no_answer_holds_a_secret(piped: Service, folder: Path) -> None:
    for name in (KEYS, f"{LOSSY}.keys"):
        shutil.copy(SAMPLES / name, folder)
    secrets = _SECRET.findall((folder / KEYS).read_text("ascii"))
    assert secrets

    async def work(client: Client) -> list[dict[str, Any]]:
        files = {"capture": TLS, "keylog": KEYS, "budget": 100_000}
        found = [await answered(client, "analyze_capture", **files)]
        found += [
            await answered(client, "get_connection", **files, connection=one["id"])
            for one in found[0]["connections"]
        ]
        found += [
            await answered(client, "explain_frame", **files, frame=number)
            for number in range(1, found[0]["totals"]["packets"] + 1, 7)
        ]
        return found

    text = json.dumps(piped.talk(work))
    assert not [one for one in secrets if one in text]


def test_credentials_in_the_clear_are_masked(piped: Service, folder: Path, captures_dir: Path) -> None:
    """Real captures with log-ins: no frame's fields tell the password."""
    found = sorted(captures_dir.glob("*/*ftp*.pcap"))[:2] + sorted(captures_dir.glob("http/*auth*.pcap*"))[:2]
    if not found:
        pytest.skip("there is no capture with a log-in here")
    for path in found:
        shutil.copy(path, folder)

    async def work(client: Client) -> None:
        for path in found:
            listed = await answered(client, "analyze_capture", capture=path.name, budget=50_000)
            frames = [
                frame
                for one in listed.get("problems", [])
                if one["id"] == "clear_text_credentials"
                for frame in one["frames"]
            ]
            for frame in frames[:6]:
                told = await answered(client, "explain_frame", capture=path.name, frame=frame, budget=20_000)
                fields = [one for one in told["fields"] if one["layer"] in ("ftp", "http")]
                shown = [one for one in fields if "arg" in one["name"] or "authorization" in one["name"]]
                assert all("***" in one["value"] for one in shown), shown

    piped.talk(work)
