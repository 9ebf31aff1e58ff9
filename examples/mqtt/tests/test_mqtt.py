"""What the analyzer says of a real broker's traffic: run with pytest where the package is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import pcap_report

CAPTURE = Path(__file__).parents[1] / "samples" / "mqtt.pcap"


@pytest.fixture(scope="module")
def report() -> pcap_report.Report:
    return pcap_report.analyze(CAPTURE)


def record(report: pcap_report.Report, connection: int) -> dict[str, Any]:
    found: dict[str, Any] = report.connections[connection].extensions["example.mqtt"]
    return found


def test_every_connection_is_told(report: pcap_report.Report) -> None:
    clients = [record(report, one.id)["session"]["client_id"] for one in report.connections]
    assert clients == ["display", "sensor-1", "sensor-2", "sensor-0", "stranger"]
    assert [one.status for one in report.attempts if one.analyzer == "example.mqtt"] == ["completed"]


def test_a_publication_is_paired_with_its_acknowledgement(report: pcap_report.Report) -> None:
    [once] = record(report, 1)["publications"]
    assert (once["topic"], once["quality"], once["frame"], once["acknowledged_frame"]) == (
        "lab/temperature",
        1,
        18,
        21,
    )
    assert once["acknowledged_ms"] == pytest.approx(0.047)
    [exactly_once] = record(report, 2)["publications"]
    assert (exactly_once["quality"], exactly_once["acknowledged_frame"]) == (2, 38)
    [at_most_once] = record(report, 3)["publications"]
    assert at_most_once["number"] is None
    assert at_most_once["acknowledged_ms"] is None


def test_a_wrong_password_is_refused(report: pcap_report.Report) -> None:
    assert record(report, 4)["session"]["return_code"] == 5
    texts = [one.text for one in report.connections[4].claims if one.id.startswith("example.mqtt.")]
    assert texts == [
        "The client stranger asks the broker for a session.",
        "The broker refuses it with code 5.",
    ]
