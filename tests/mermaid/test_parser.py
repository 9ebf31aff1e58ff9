"""The parsers of the tests: they see what a reader sees, and refuse what Mermaid refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mermaid.parser import BUNDLES, Block, Diagram, MermaidParser, Message, Note, mermaid_blocks

HANDSHAKE = """sequenceDiagram
    accTitle: TCP handshake
    accDescr: Three segments
    autonumber
    participant p1 as Client<br/>192.0.2.1#58;50000
    participant p2 as Server
    rect rgba(0, 120, 215, .12)
    p1->>+p2: [1] SYN, MSS=1460
    p2-->>-p1: [2] SYN, ACK
    end
    p1-)p2: [3] ACK
    Note over p1,p2: up after 12.5 ms<br/>RTT
    loop 3 times
    p1-xp2: a#59;b
    p2--xp1: #lt;br/#gt; #35;
    end
    alt yes
    p1--)p2: c
    else no
    p2->>p2: d
    end
"""
UNDERSTOOD = Diagram(
    type="sequence",
    actors=(("p1", "Client\n192.0.2.1:50000"), ("p2", "Server")),
    messages=(
        Message("p1", "p2", "[1] SYN, MSS=1460", "->>"),
        Message("p2", "p1", "[2] SYN, ACK", "-->>"),
        Message("p1", "p2", "[3] ACK", "-)"),
        Message("p1", "p2", "a;b", "-x"),
        Message("p2", "p1", "<br/> #", "--x"),
        Message("p1", "p2", "c", "--)"),
        Message("p2", "p2", "d", "->>"),
    ),
    notes=(Note(("p1", "p2"), "up after 12.5 ms\nRTT"),),
    blocks=(
        Block("rect", "rgba(0, 120, 215, .12)"),
        Block("loop", "3 times"),
        Block("alt", "yes"),
        Block("else", "no"),
    ),
    accessible_title="TCP handshake",
    accessible_description="Three segments",
)
REFUSED = {
    "empty": "",
    "no diagram": "hello",
    "no arrow": "sequenceDiagram\np1 p2: x\n",
    "an id that is a keyword": "sequenceDiagram\nend->>p2: x\n",
    "a block left open": "sequenceDiagram\nloop x\np1->>p2: y\n",
    "an end too many": "sequenceDiagram\np1->>p2: x\nend\n",
    "an activation too few": "sequenceDiagram\np1->>p2: x\ndeactivate p1\n",
    "a note over nobody": "sequenceDiagram\nNote over: x\n",
    "a message cut by a semicolon": "sequenceDiagram\np1->>p2: x; y\n",
    "a pie without quotes": "pie\na: 3\n",
    "too long": "sequenceDiagram\n" + "p1->>p2: 0123456789\n" * 2_600,
}


def test_a_diagram_is_understood_in_full(mermaid_parsers: list[MermaidParser]) -> None:
    assert {parser.version: parser.parse(HANDSHAKE) for parser in mermaid_parsers} == dict.fromkeys(
        BUNDLES, UNDERSTOOD
    )


def test_pies_and_gantt_charts_are_understood(mermaid_parsers: list[MermaidParser]) -> None:
    pie = 'pie title Bytes\n    "a#59;b" : 3\n    "c" : 1.5\n'
    gantt = "gantt\n    dateFormat x\n    axisFormat %s\n    section one\n    burst a#58;b :0, 1500\n"
    for parser in mermaid_parsers:
        assert parser.parse(pie) == Diagram(type="pie", title="Bytes", sections=(("a;b", 3), ("c", 1.5)))
        assert parser.parse(gantt) == Diagram(type="gantt", tasks=(("burst a:b", 0, 1500),))


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_what_mermaid_refuses_is_refused(mermaid_parsers: list[MermaidParser], source: str) -> None:
    for parser in mermaid_parsers:
        diagram = parser.parse(source)
        assert diagram.error, parser.version
        assert diagram == Diagram(error=diagram.error)


@pytest.mark.parametrize(
    "smuggled",
    ['%%{init: {"themeCSS": "*{fill:red}"}}%%\n{}', "---\nconfig:\n  themeCSS: x\n---\n{}"],
    ids=["directive", "front matter"],
)
def test_settings_in_a_source_are_seen(mermaid_parsers: list[MermaidParser], smuggled: str) -> None:
    source = smuggled.removesuffix("{}") + "sequenceDiagram\np1->>p2: x\n"
    for parser in mermaid_parsers:
        assert parser.parse(source).config == ("themeCSS",), parser.version
        assert parser.parse("sequenceDiagram\np1->>p2: x\n").config == (), "the next diagram starts afresh"


def test_a_forged_message_is_seen(mermaid_parsers: list[MermaidParser]) -> None:
    for parser in mermaid_parsers:
        assert len(parser.parse("sequenceDiagram\np1->>p2: x\np2->>p1: forged\n").messages) == 2


def test_only_mermaid_fences_are_taken_out_of_markdown() -> None:
    markdown = (
        "# x\n\n```mermaid\nA\n```\n\n- item\n\n  ```mermaid\n  B\n  ```\n\n"
        "```python\nC\n```\n\n````mermaid\n```\nD\n````\n\n    ```mermaid\n    E\n"
    )
    assert mermaid_blocks(markdown) == ["A\n", "B\n", "```\nD\n"]


@pytest.mark.parametrize(("ci", "outcome"), [("", "skipped"), ("true", "errors")])
def test_a_missing_parser_fails_in_ci_and_only_there(tmp_path: Path, ci: str, outcome: str) -> None:
    (tmp_path / "test_it.py").write_text(
        "from pathlib import Path\n"
        "from tests.mermaid import fixtures\n"
        "fixtures.BUNDLES = {'0.0.0': Path('nowhere')}\n"
        "mermaid_parsers = fixtures.mermaid_parsers\n"
        "def test_it(mermaid_parsers): pass\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path, "-rs"],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "npm ci --prefix tests/mermaid --ignore-scripts" in run.stdout
    assert f"1 {outcome.removesuffix('s') if ci else outcome}" in run.stdout
