"""Every tool, driven by the SDK's client over both transports, against real captures."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import anyio
import jsonschema
import pytest
from mcp.shared.exceptions import MCPError

from pcap_report.mcp.budget import tokens
from pcap_report.mcp.tools import TOOLS, schema_of
from tests.mcp.service import PROGRAM, answered, refused, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from mcp import Client

    from tests.mcp.service import Service

LOSSY = "lossy-three-connections.pcapng"
REFUSED = "refused-and-unanswered.pcapng"
READING: list[tuple[str, dict[str, Any]]] = [
    ("analyze_capture", {"capture": LOSSY}),
    ("list_connections", {"capture": LOSSY}),
    ("get_connection", {"capture": LOSSY, "connection": 0}),
    ("get_findings", {"capture": LOSSY}),
    ("explain_frame", {"capture": LOSSY, "frame": 7}),
    ("get_diagram", {"capture": LOSSY, "connection": 0}),
    ("get_diagram", {"capture": LOSSY}),
    ("verify_claim", {"capture": LOSSY, "claim": "tcp.retransmission", "connection": 0}),
    ("compare_captures", {"before": LOSSY, "after": REFUSED}),
    ("list_network_interfaces", {}),
]


def test_every_tool_answers_as_its_schema_says(service: Service) -> None:
    async def work(client: Client) -> None:
        tools = {one.name: one for one in (await client.list_tools()).tools}
        assert set(tools) == {name for name, _ in READING}
        for name, arguments in READING:
            jsonschema.validate(arguments, tools[name].input_schema)
            result = await client.call_tool(name, dict(arguments))
            assert not result.is_error, text_of(result)
            schema = tools[name].output_schema
            assert schema
            jsonschema.validate(result.structured_content, schema)
            assert json.loads(text_of(result)) == result.structured_content
            assert tools[name].description
            hints = tools[name].annotations
            assert hints
            assert hints.read_only_hint

    service.talk(work)


def test_the_list_of_tools_is_short() -> None:
    """Every client pays for it, in every session."""
    schemas = [schema_of(record) for one in TOOLS for record in (one.takes, one.gives)]
    assert sum(len(json.dumps(one, separators=(",", ":"))) for one in schemas) < 31_000
    assert "null" not in json.dumps(schemas)


def test_the_diagnosis_says_what_the_report_says(service: Service, folder: Path) -> None:
    done = subprocess.run(
        [PROGRAM, "analyze", folder / REFUSED, "-f", "json"], capture_output=True, check=True
    )
    report = json.loads(done.stdout)

    async def work(client: Client) -> dict[str, Any]:
        return await answered(client, "analyze_capture", capture=REFUSED, budget=20_000)

    found = service.talk(work)
    totals = found["totals"]
    assert found["sha256"] == report["capture"]["sha256"]
    assert totals["packets"] == report["capture"]["packets"]
    assert (totals["connections"], totals["refused"], totals["unanswered"]) == (2, 1, 1)
    assert {one["summary"] for one in found["problems"]} == {one["summary"] for one in report["findings"]}
    assert all(one["display_filter"] and one["frames"] for one in found["problems"])
    assert found["problems"][0]["severity"] == "medium"
    assert "firewall" in found["problems"][0]["next_step"]
    assert "cursor" not in found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "There are 2 grave problems in this capture."),
        ("es", "Hay 2 problemas graves en esta captura."),
        ("zh", "这个抓包中有 2 个严重问题。"),
    ],
)
def test_the_diagnosis_is_in_three_languages(piped: Service, language: str, said: str) -> None:
    async def work(client: Client) -> dict[str, Any]:
        return await answered(client, "analyze_capture", capture=REFUSED, language=language)

    found = piped.talk(work)
    assert found["verdict"] == said


def test_every_page_is_as_the_schema_says(service: Service) -> None:
    """The SDK's client refuses an answer that is otherwise; the second page has no head."""

    async def work(client: Client) -> None:
        for tool, arguments in READING:
            asked: dict[str, Any] = {**arguments, "budget": 300}
            for _ in range(3):
                page = await answered(client, tool, **asked)
                if "cursor" not in page:
                    break
                asked["cursor"] = page["cursor"]

    service.talk(work)


@pytest.mark.parametrize("budget", [200, 500, 900])
def test_answers_fit_their_budget_and_cursors_lead_through_everything(piped: Service, budget: int) -> None:
    async def work(client: Client) -> None:
        whole = await answered(client, "analyze_capture", capture=LOSSY, budget=100_000)
        sections = [name for name, value in whole.items() if isinstance(value, list)]
        gathered: dict[str, list[Any]] = {name: [] for name in sections}
        cursor: str | None = None
        pages = 0
        while True:
            page = await answered(client, "analyze_capture", capture=LOSSY, budget=budget, cursor=cursor)
            pages += 1
            held = sum(len(page.get(name, [])) for name in sections)
            assert held >= 1
            assert held == 1 or tokens(json.dumps(page, ensure_ascii=False, separators=(",", ":"))) <= budget
            for name in sections:
                gathered[name] += page.get(name, [])
            cursor = page.get("cursor")
            if cursor is None:
                break
        assert pages > 1
        assert gathered == {name: whole[name] for name in sections}

    piped.talk(work)


def test_a_long_diagram_is_drawn_in_parts(piped: Service) -> None:
    async def work(client: Client) -> None:
        arguments: dict[str, Any] = {"capture": LOSSY, "connection": 2, "budget": 400}
        shown, cursor = 0, None
        while True:
            page = await answered(client, "get_diagram", **arguments, cursor=cursor)
            assert page["mermaid"].startswith("sequenceDiagram\n")
            assert tokens(page["mermaid"]) <= 400 or page["steps_shown"] == 1
            shown += page["steps_shown"]
            cursor = page.get("cursor")
            if cursor is None:
                break
        assert shown == page["steps_in_all"]

    piped.talk(work)


def test_tshark_has_the_last_word(piped: Service) -> None:
    async def work(client: Client) -> None:
        syns = {"capture": LOSSY, "display_filter": "tcp.flags.syn == 1 && tcp.flags.ack == 0"}
        wrong = await answered(client, "verify_claim", **syns, frames=[1, 2])
        assert wrong["verdict"] == "refuted"
        right = await answered(client, "verify_claim", **syns, frames=[7, 40, 77])
        assert right["verdict"] == "proved"
        odd = await answered(client, "verify_claim", capture=LOSSY, display_filter="no such ((", frames=[1])
        assert odd["verdict"] == "not_provable"
        findings = await answered(client, "get_findings", capture=LOSSY)
        for one in findings["problems"]:
            claim = {"claim": one["id"], "connection": one.get("connection")}
            assert (await answered(client, "verify_claim", capture=LOSSY, **claim))["verdict"] == "proved"

    piped.talk(work)


def test_a_comparison_says_what_diff_says(piped: Service, folder: Path) -> None:
    before, after = folder / LOSSY, folder / "mcp-tls13.pcapng"
    done = subprocess.run([PROGRAM, "diff", before, after, "-f", "json"], capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    changes = json.loads(done.stdout)["changes"]

    async def work(client: Client) -> None:
        captures = {"before": before.name, "after": after.name}
        found = await answered(client, "compare_captures", **captures, budget=100_000)
        assert found["total"] == len(changes)
        assert Counter(map(_change, found["differences"])) == Counter(map(_change, changes))
        worse = [one["change"] == "worse" for one in found["differences"]]
        assert worse == sorted(worse, reverse=True)
        assert found["verdict"] == f"{len(changes)} things have changed."
        spoken = await answered(client, "compare_captures", **captures, language="es")
        assert spoken["verdict"] == f"Han cambiado {len(changes)} cosas."
        same = await answered(client, "compare_captures", before=REFUSED, after=REFUSED)
        assert same["total"] == 0
        assert same["verdict"] == "Nothing has changed."

    piped.talk(work)


def _change(one: dict[str, Any]) -> tuple[Any, ...]:
    numbers = (one.get("connection_before"), one.get("connection_after"))
    return (one["kind"], one["change"], one["what"], one.get("where") or None, *numbers)


def test_of_captures_that_are_cut_off_nothing_can_be_told(piped: Service, folder: Path) -> None:
    whole = (folder / "http-dns.pcapng").read_bytes()
    (folder / "cut.pcapng").write_bytes(whole[:-20])

    async def work(client: Client) -> None:
        found = await answered(client, "compare_captures", before="cut.pcapng", after="cut.pcapng")
        assert found["total"] == 0
        assert "cannot be told" in found["verdict"]

    piped.talk(work)


def test_a_saved_report_serves_without_its_capture(piped: Service, folder: Path) -> None:
    subprocess.run([PROGRAM, "analyze", folder / LOSSY, "-o", folder / "saved.json"], check=True)
    (folder / LOSSY).unlink()

    async def work(client: Client) -> None:
        found = await answered(client, "analyze_capture", capture="saved.json")
        assert found["totals"]["connections"] == 3
        assert "capture can prove" in await refused(
            client, "verify_claim", capture="saved.json", claim="tcp.retransmission"
        )
        listed = (await client.list_resources()).resources
        assert [one.name for one in listed] == ["saved.json"]
        page = await client.read_resource(listed[0].uri)
        assert "# What happens in `lossy-three-connections.pcapng`" in page.contents[0].text  # type: ignore[union-attr]
        with pytest.raises(MCPError, match="outside the folders"):
            await client.read_resource("pcap-report://reports/../../etc/passwd")

    piped.talk(work)


def test_prompts_name_tools_that_there_are(service: Service) -> None:
    async def work(client: Client) -> None:
        tools = {one.name for one in (await client.list_tools()).tools}
        tools |= {"start_packet_capture", "stop_packet_capture"}
        for prompt in (await client.list_prompts()).prompts:
            given = {one.name: "value of mine" for one in prompt.arguments or []}
            got = await client.get_prompt(prompt.name, given)
            text = got.messages[0].content.text  # type: ignore[union-attr]
            assert "value of mine" in text
            assert "{" not in text
            assert [word for word in tools if word in text]
        braces = {"capture": "{server}", "server": "mine"}
        filled = (await client.get_prompt("why_is_it_slow", braces)).messages[0].content
        assert "mine seems slow in {server}" in filled.text  # type: ignore[union-attr]
        with pytest.raises(MCPError, match="needs: capture"):
            await client.get_prompt("diagnose_capture", {})

    service.talk(work)


def test_many_calls_at_once_make_one_analysis(service: Service) -> None:
    async def work(client: Client) -> None:
        found: list[dict[str, Any]] = []

        async def ask() -> None:
            found.append(await answered(client, "analyze_capture", capture=LOSSY))

        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(ask)
            for name, arguments in READING:
                group.start_soon(partial(answered, client, name, **arguments))
        assert len(found) == 8
        assert all(one == found[0] for one in found)

    service.talk(work)
