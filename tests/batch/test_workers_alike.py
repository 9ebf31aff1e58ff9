"""A cluster's workers must be as the machine that asks: each difference is told with what to do."""

from __future__ import annotations

import importlib.metadata
from dataclasses import replace
from pathlib import Path

import pytest

from pcap_report import __version__
from pcap_report.batch.cluster import Cluster, Introduction, _require_version
from pcap_report.errors import UsageError

ALIKE = Introduction(host="lab-7", tshark_version="4.0.17", why="", missing=())
CLUSTER = Cluster("tcp://10.0.0.1:8786", "4.0.17", Path("/shared/reports"), ())
MARK = "/shared/reports/mark"


@pytest.mark.parametrize(
    ("one", "said", "advice"),
    [
        (
            replace(ALIKE, tshark_version=None, why="tshark was not found"),
            "tshark was not found",
            "Install it there",
        ),
        (replace(ALIKE, tshark_version="3.6.2"), "has tshark 3.6.2, and here it is 4.0.17", "one tshark"),
        (replace(ALIKE, missing=(MARK,)), "does not see /shared/reports, where the reports go", "s3://"),
        (
            replace(ALIKE, missing=("/home/me/rules.yaml",)),
            "does not see /home/me/rules.yaml",
            "all machines share",
        ),
    ],
)
def test_a_worker_that_is_not_alike(one: Introduction, said: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        CLUSTER._require("tcp://10.0.0.7:41000", one, {MARK})
    assert caught.value.message.startswith("The worker tcp://10.0.0.7:41000 on lab-7 ")
    assert said in caught.value.message
    assert advice in (caught.value.hint or "")


def test_workers_that_are_alike() -> None:
    CLUSTER._require("tcp://10.0.0.7:41000", ALIKE, {MARK})
    _require_version("tcp://10.0.0.7:41000", __version__)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (importlib.metadata.PackageNotFoundError("pcap-report"), "has no pcap-report"),
        ("0.0.1", f"has pcap-report 0.0.1, and here it is {__version__}"),
    ],
)
def test_a_worker_with_another_version(version: object, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        _require_version("tcp://10.0.0.7:41000", version)
    assert said in caught.value.message
    assert f"[dask]=={__version__}" in (caught.value.hint or "")
