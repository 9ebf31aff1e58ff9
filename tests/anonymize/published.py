"""Reports before and after, and a search for what must be gone that shares nothing with the program's own."""

from __future__ import annotations

import ipaddress
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

from pcap_report.anonymize import Anonymized, Key, anonymize
from pcap_report.render.json_report import render_json
from pcap_report.render.markdown import render_markdown
from pcap_report.render.terminal import TerminalOptions, render_terminal
from tests.analyzed import analyzed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pcap_report.model.report import Report

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"
Value: TypeAlias = object
"""What JSON holds."""
KEY: Final = Key(b"a key for tests, which nobody may use for anything else")
NOBODYS: Final = tuple(
    map(
        ipaddress.ip_network, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/127", "ff00::/8")
    )
)
NAMES: Final = ("sni", "names", "name", "host", "san", "cnames", "hostname", "domain")
SECRETS: Final = ("random", "session_id", "sha256", "client_initial_dcid", "server_scid", "serial")
TEXTS: Final = ("user_agent", "path", "subject", "issuer", "user", "comment")
PLAIN: Final = re.compile(
    r"(?:[A-Za-z-]{1,40}|localhost|.{1,5}|[\w-]+/[\d.]+|/[^/]{0,4}|C=..|(?:wpad|www|_\w+|_dns-sd)[._\w-]*)\Z"
)
"""Words that could be anybody's, and that a sentence of ours may hold."""


def report_of(path: Path) -> Report:
    return analyzed(path)


@cache
def anonymized(path: Path) -> Anonymized:
    return anonymize(report_of(path), KEY)


def outputs(report: Report) -> Iterator[str]:
    """Yield the report in every format that this version has."""
    yield render_json(report)
    yield render_markdown(report)
    yield render_terminal(report, TerminalOptions(every_ladder=True))
    try:
        from pcap_report.render.html import render_html
    except ImportError:
        return
    yield render_html(report)


def left_in(output: str, before: Report) -> set[str]:
    """Return the values of a report that an output still holds."""
    values = json.loads(render_json(before))
    output = output.lower()
    found = {text for text in _names(values) if text.lower() in output}
    tokens = set(re.findall(r"[0-9a-f:.]+", output.replace("\\", "")))
    for token in tokens:
        for end in (token, token.rstrip(".:"), token.rpartition(":")[0]):
            address = _address(end)
            if address and address in _addresses(values):
                found.add(str(address))
    return found | {mac for mac in _macs(values) if mac in output or mac.replace(":", "-") in output}


def _strings(value: Value, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, one in value.items():
            if name != "protocols" and not (name == "name" and "value" in value):  # ours, and tshark's fields
                yield from _strings(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, key)
    elif isinstance(value, str):
        yield key, value


def _names(values: Value) -> set[str]:
    wanted = {*NAMES, *SECRETS, *TEXTS}
    return {
        text
        for key, text in _strings(values)
        if key in wanted and not PLAIN.match(text) and not _is_nobodys(text) and text != "pcap-report"
    }


def _is_nobodys(text: str) -> bool:
    """An address is looked for as one, and one that means "this machine" stays, also with its port."""
    host, _, port = text.rpartition(":")
    here = _address(host) if port.isdecimal() else None
    return _address(text) is not None or (here is not None and here.is_loopback)


def _addresses(values: Value) -> frozenset[Address]:
    key = id(values)
    if key not in _CACHE:
        _CACHE.clear()
        found = (_address(text) for _, text in _strings(values))
        _CACHE[key] = frozenset(
            one
            for one in found
            if one
            and not any(one in net for net in NOBODYS if net.version == one.version)
            and not _is_mask(one)
        )
    return _CACHE[key]


_CACHE: dict[int, frozenset[Address]] = {}


def _is_mask(address: Address) -> bool:
    return str(address).startswith("255.")


def _macs(values: Value) -> set[str]:
    found = {text.lower() for _, text in _strings(values) if re.fullmatch(r"(?:[0-9a-fA-F]{2}:){5}..", text)}
    return {
        mac for mac in found if not mac.startswith(("ff:ff", "00:00:00:00", "00:00:5e:00:01", "33:33", "01:"))
    }


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
