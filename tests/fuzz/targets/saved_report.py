"""A saved report is rendered in every format, or refused as none of ours, whatever somebody wrote into it."""

from __future__ import annotations

import copy
import json
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pcap_report.cli.formats import FORMATS, Presentation
from pcap_report.cli.saved import load_saved
from pcap_report.engine import Options, analyze
from pcap_report.errors import PcapReportError
from pcap_report.render.json_report import render_json
from tests.fuzz.supply import Supply

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLES: Final = Path(__file__).parents[3] / "samples"
_NAMES: Final = ("lossy-three-connections", "http-dns", "refused-and-unanswered", "tls12-chain", "quic-h3")
_VALUES: Final[tuple[Any, ...]] = (
    *(
        None,
        0,
        1,
        -1,
        7,
        255,
        2**31,
        2**53,
        2**63 - 1,
        -(2**63),
        0.0,
        -0.5,
        1e-300,
        1e300,
        True,
        False,
        "",
        "x",
    ),
    *(
        "\x1b[2J",
        "\u202e",
        "`|<script>",
        "2026-01-01T00:00:00Z",
        "9999-99-99",
        [],
        {},
        [None],
        "1.2.3.4",
        "::1",
    ),
)
_FORMS: Final = ("md", "html", "text", "json")
_PROFILES: Final = ("lab", "brief", "triage", "layers")


@cache
def _reports() -> tuple[Any, ...]:
    return tuple(json.loads(render_json(analyze(_SAMPLES / f"{name}.pcapng"))) for name in _NAMES)


def seeds() -> Iterator[bytes]:
    """Changes of every kind to every sample's report."""
    for report in range(len(_NAMES)):
        yield bytes((report, 0, 0))
        yield bytes((report, 1, 1, *(7, 200, 3, 9, 1, 0, 0, 5), *(3, 2, 1, 9, 9, 9, 2, 40)))


def attempt(data: bytes) -> None:
    """Write other values into a report, and render it."""
    supply = Supply(data)
    report = copy.deepcopy(supply.choice(_reports()))
    form, profile = supply.choice(_FORMS), supply.choice(_PROFILES)
    while supply and report:
        _change(report, supply)
    with tempfile.NamedTemporaryFile("w", prefix="pcap-report-fuzz-", encoding="utf-8") as file:
        json.dump(report, file)
        file.flush()
        try:
            loaded = load_saved(Path(file.name), Options(), ())
        except PcapReportError:
            return
    written = next(one for one in FORMATS if one.name == form).written(loaded, Presentation(profile=profile))
    assert written.content


def _key(at: Any, supply: Supply) -> Any:  # noqa: ANN401 - JSON
    keys = list(at) if isinstance(at, dict) else range(len(at))
    return keys[supply.number() % len(keys)]


def _change(report: Any, supply: Supply) -> None:  # noqa: ANN401 - JSON
    """Walk into the report, and change what is there."""
    at, key = report, _key(report, supply)
    while isinstance(at[key], (dict, list)) and at[key] and supply.number() >= 40:
        at = at[key]
        key = _key(at, supply)
    inner = at[key]
    how = supply.number() % 8
    if how == 0:
        del at[key]
    elif how == 1 and isinstance(at, list):
        at.append(copy.deepcopy(inner))
    elif isinstance(inner, (int, float)) and how < 5 and not isinstance(inner, bool):
        at[key] = inner + supply.choice((1, -1, 10**6, -(10**6), 10**15))
    elif isinstance(inner, str) and how < 5:
        at[key] = inner[: supply.number()] + supply.choice([str(one) for one in _VALUES])
    elif isinstance(inner, list) and how < 5:
        at[key] = inner[::-1] if how == 3 else inner[: supply.number() % (len(inner) + 1)]
    else:
        at[key] = copy.deepcopy(supply.choice(_VALUES))  # they would change, too, and hold each other
