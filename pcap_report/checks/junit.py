"""Results as JUnit XML, which CI systems show as tests."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pcap_report.checks.results import Checked, Result

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, also not as references."""


def junit_xml(checked: Checked) -> str:
    """Write results: what failed is a failure, and what could not be told an error."""
    root = ET.Element("testsuites")
    by_capture: dict[str, list[Result]] = {}
    for one in checked.results:
        by_capture.setdefault(one.capture, []).append(one)
    for capture, results in by_capture.items():
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_clean(capture),
            tests=str(len(results)),
            failures=str(sum(one.outcome == "failed" for one in results)),
            errors=str(sum(one.outcome == "could_not_tell" for one in results)),
        )
        for one in results:
            _case(suite, one)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False) + "\n"


def _case(suite: ET.Element, one: Result) -> None:
    where = f" [connection {one.connection}]" if one.connection is not None else ""
    case = ET.SubElement(
        suite,
        "testcase",
        name=_clean(one.name + where),
        classname=_clean(one.capture),
        file=_clean(one.file),
        line=str(one.line),
    )
    if one.outcome == "passed":
        return
    kind = "failure" if one.outcome == "failed" else "error"
    told = ET.SubElement(
        case, kind, type=one.outcome, message=_clean(f"expected {one.expected}, found {one.found}")
    )
    lines = [f"frames: {', '.join(map(str, one.frames))}"] if one.frames else []
    lines += [f"filter: {one.display_filter}"] if one.display_filter else []
    lines += [one.command] if one.command else []
    told.text = _clean("\n".join(lines))


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
