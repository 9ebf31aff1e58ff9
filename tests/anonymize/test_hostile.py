"""Every field of strangers, filled with what must not come through."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import Struct
from msgspec.structs import replace

from pcap_report.anonymize import anonymize, require_clean
from pcap_report.anonymize.kinds import FIELDS, Kind
from pcap_report.model.evidence import FieldValue
from pcap_report.model.message import Message
from tests.anonymize.published import KEY, outputs, report_of

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
OURS = {Kind.OURS, Kind.SAID, Kind.FILTER, Kind.TIME, Kind.COMMUNITY, Kind.ADDRESS, Kind.MAC}
MARK = "zyzzyva"
HOSTILE = [
    f"{MARK}.example.com",
    f"<script>{MARK}()</script>",
    f"{MARK}`|\\n# **{MARK}**",
    f"10.1.2.3 {MARK} 00:11:22:33:44:55",
    f"\u202e{MARK}\x1b[31m",
    f"{MARK}/../{MARK}?{MARK}=1#{MARK}",
    f"CN={MARK},O={MARK}\\, Inc",
    f"{MARK}@{MARK}.org",
    f"xn--{MARK}-9a.com",
    f"SSH-2.0-OpenSSH_9.6 {MARK}",
    "\udc80" + MARK,
    f"{MARK} " * 3000,
]


def _filled(value: object, text: str, kind: Kind = Kind.TEXT) -> object:
    if isinstance(value, str):
        return value if kind in OURS else text
    if isinstance(value, tuple):
        return tuple(_filled(one, text, kind) for one in value)
    if not isinstance(value, Struct) or isinstance(value, FieldValue | Message):
        return value
    kinds = FIELDS.get(type(value).__name__, {})
    changes = {
        name: _filled(getattr(value, name), text, kinds.get(name, Kind.OURS))
        for name in value.__struct_fields__
    }
    return replace(value, **changes)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("name", ["http-dns", "tls12-chain"])
def test_nothing_of_a_stranger_comes_through(name: str, text: str) -> None:
    before = _filled(report_of(SAMPLES / f"{name}.pcapng"), text)
    done = anonymize(before, KEY)  # type: ignore[arg-type] # what went in comes out
    for written, blank in zip(outputs(done.report), outputs(done.blank), strict=True):
        assert MARK not in written.lower()
        require_clean(written, lambda text=blank: text, done.originals)  # type: ignore[misc]  # bound now
