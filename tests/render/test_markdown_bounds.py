"""A report stays one bounded file, whatever the capture, and says what it left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pcap_report.render.markdown import MAX_BYTES, MarkdownOptions, render_markdown
from pcap_report.render.plan import Limits, plan_of
from tests.mermaid.parser import mermaid_blocks
from tests.render.reports import LANGUAGES, sample

if TYPE_CHECKING:
    from pcap_report.model.report import Report

MANY = 500


@pytest.fixture(scope="module")
def crowd() -> Report:
    """Five hundred connections, each as rich as the first of the lossy sample."""
    report = sample("lossy-three-connections.pcapng")
    first = report.connections[0]
    connections = tuple(
        replace(first, id=number, client=replace(first.client, port=20_000 + number), first_frame=number + 1)
        for number in range(MANY)
    )
    return replace(report, connections=connections, groups=())


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_hundred_connections(crowd: Report, language: str) -> None:
    text = render_markdown(crowd, MarkdownOptions(language=language))
    assert len(text.encode()) <= MAX_BYTES
    assert len(mermaid_blocks(text)) <= 20
    assert max(map(len, mermaid_blocks(text))) < 12_000


def test_what_is_left_out_is_counted(crowd: Report) -> None:
    text = render_markdown(crowd)
    assert "And 440 more connections." in text
    assert "460 more connections" in text  # the overview diagram
    assert "And 460 more connections, which are not told here." in text


def test_smaller_limits_make_a_smaller_report(crowd: Report) -> None:
    wide, narrow = Limits(), Limits().smaller()
    sizes = [len(render_markdown(crowd, MarkdownOptions(limits=limits))) for limits in (wide, narrow)]
    assert sizes[1] < sizes[0]


def test_thousands_of_bursts() -> None:
    report = sample("mcp-tls13.pcapng")
    connection = report.connections[0]
    assert connection.app_data is not None
    burst = connection.app_data.bursts[0]
    data = replace(connection.app_data, bursts=(replace(burst, frames=tuple(range(1, 4000, 2))),) * 2000)
    long_claim = replace(connection.claims[0], frames=tuple(range(1, 9000, 2)), display_filter="tcp " * 9000)
    swollen = replace(connection, app_data=data, claims=(long_claim,) * 3000)
    text = render_markdown(replace(report, connections=(swollen,)))
    assert len(text.encode()) <= MAX_BYTES
    assert re.search(r"And \d+ more bursts\.", text)
    assert re.search(r"And \d+ more statements, which the JSON report holds\.", text)


def test_the_main_connection_is_the_tls_session_not_the_filler() -> None:
    report = sample("lossy-three-connections.pcapng")
    filler = replace(
        report.connections[0], id=99, tls_handshake=None, tcp_handshake=None, first_frame=0, bytes=10**9
    )
    plan = plan_of(replace(report, connections=(filler, *report.connections)), Limits())
    assert plan.main is not None
    assert plan.main.id == 0
    assert [one.id for one in plan.told] == [1, 2]


def test_the_plan_of_a_capture_without_connections() -> None:
    report = replace(sample("mcp-tls13.pcapng"), connections=(), groups=(), anatomy=(), findings=())
    assert plan_of(report, Limits()).main is None
    assert "no connection" in render_markdown(report)
