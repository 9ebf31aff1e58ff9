"""``pcap-report doctor``: what this machine can do, and how to mend what it cannot."""

from __future__ import annotations

import platform
import struct
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pcap_report import __version__
from pcap_report.cli.output import write_standard_output
from pcap_report.cli.settings import Settings
from pcap_report.compiled import why_not
from pcap_report.errors import TsharkError
from pcap_report.private_folder import PrivateFolder
from pcap_report.render.safe import terminal_text

if TYPE_CHECKING:
    from pcap_report.capture.tshark import Tshark

_ONE_FRAME: Final = (
    struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)  # the header of a pcap file, Ethernet
    + struct.pack("<IIII", 0, 0, 60, 60)
    + bytes.fromhex("ffffffffffff 020000000001 88b5").ljust(60, b"\0")  # to all, of an experimental type
)
_UNPACK: Final = "Others have to be unpacked first."
_COMPRESSIONS: Final = ("gzip", "zstd", "lz4")
_MARKS = {"good": "ok", "poor": "--", "bad": "no"}
_STYLES = {"good": "32", "poor": "33", "bad": "31"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: what.
        state: ``poor`` limits what can be done, ``bad`` prevents it.
        found: what it is like.
        advice: how to mend it, "" where nothing is to be mended.
    """

    name: str
    state: Literal["good", "poor", "bad"]
    found: str
    advice: str = ""


def examine(settings: Settings) -> None:
    """Look at everything and print it.

    Raises:
        TsharkError: there is no tshark that can be used; what was found is printed before.
    """
    from pcap_report.capture.tshark import find_tshark

    form = "interpreted" if why_not() else "compiled"
    checks = [Check("pcap-report", "good", f"{__version__}, Python {platform.python_version()}, {form}")]
    tshark: Tshark | None = None
    trouble: TsharkError | None = None
    try:
        tshark = find_tshark()
        checks += [_tshark(tshark), _fields(tshark), *_abilities(tshark), _reading(tshark), _sandbox(tshark)]
    except TsharkError as error:
        trouble = error
        checks.append(Check("tshark", "bad", error.message))
    checks.append(_recording(tshark))
    colored = settings.colored(sys.stdout)
    write_standard_output("".join(_lines(check, colored) for check in checks))
    if trouble is not None:
        raise trouble


def _tshark(tshark: Tshark) -> Check:
    from pcap_report.capture.tshark import MINIMUM_VERSION

    minimum = ".".join(map(str, MINIMUM_VERSION))
    return Check("tshark", "good", f"{tshark.version_text} ({tshark.path}); {minimum} or newer is needed")


def _fields(tshark: Tshark) -> Check:
    from pcap_report.analyzers.plugins import available_analyzers
    from pcap_report.capture.columns import CORE, columns_for
    from pcap_report.engine.fields import declared_fields

    lacking = tshark.unknown_fields(CORE)
    if lacking:
        raise TsharkError(
            f"{tshark.path} does not know fields that every tshark has: {', '.join(sorted(lacking)[:5])}",
            "Is it really tshark? Install it anew.",
        )
    analyzers = available_analyzers()
    columns = columns_for(tshark, declared_fields(analyzers))
    asked = len(columns.names) + len(columns.missing)
    if not columns.missing:
        return Check("fields", "good", f"all {asked} that the analyzers read are known")
    readers = {name: [one.id for one in analyzers if name in one.fields] for name in columns.missing}
    missing = "; ".join(f"{name} ({', '.join(ids) or 'the engine'})" for name, ids in readers.items())
    found = f"{len(columns.missing)} of {asked} are not known to this tshark: {missing}"
    return Check(
        "fields", "poor", found, "What they would say is reported as unknown; a newer tshark has them."
    )


def _abilities(tshark: Tshark) -> list[Check]:
    """Tell what this version, and the libraries that it was built with, make of a report."""
    from pcap_report.capture.abilities import libraries, shortcomings
    from pcap_report.capture.tshark import install_hint

    checks = [Check("version", "poor", one.lost, one.advice) for one in shortcomings(tshark.version)]
    built_with = libraries(tshark)
    if built_with.decryption is False:
        lost = "not possible: this tshark was built without Gcrypt or GnuTLS, and QUIC shows no hello"
        checks.append(Check("decryption", "poor", lost, install_hint()))
    elif built_with.decryption:
        checks.append(Check("decryption", "good", "possible, of TLS, DTLS and QUIC, with a key log"))
    if built_with.compression is not None:
        kinds = ", ".join(built_with.compression) or "none"
        whole = len(built_with.compression) == len(_COMPRESSIONS)
        found = f"captures compressed with {kinds} can be read"
        checks.append(Check("compressed", "good" if whole else "poor", found, "" if whole else _UNPACK))
    return checks


def _reading(tshark: Tshark) -> Check:
    """Let tshark read a capture of one small frame."""
    from pcap_report.capture.reader import CaptureReader

    with PrivateFolder() as folder:
        path = folder / "one-frame.pcap"
        path.write_bytes(_ONE_FRAME)
        reader = CaptureReader(tshark, path, [])
        packets = len(list(reader))
    if packets != 1:
        said = f": {reader.remark}" if reader.remark else ""
        raise TsharkError(f"{tshark.path} cannot read a capture of one frame{said}", "Install it anew.")
    return Check("reading", "good", "a capture of one frame was read")


def _sandbox(tshark: Tshark) -> Check:
    """Try what holds tshark in, whatever was found out before."""
    from pcap_report.capture.sandbox import forget_sandbox, no_sandbox, working_sandbox

    forget_sandbox(tshark.path)
    found = working_sandbox(tshark.path)
    if found is None:
        error = no_sandbox(tshark.path)
        return Check("sandbox", "poor", error.message, error.hint or "")
    return Check(
        "sandbox", "good", f"{found.name} works ({found.program}): tshark has no network and no files"
    )


def _recording(tshark: Tshark | None) -> Check:
    from pcap_report.capture.dumpcap import recording_right

    right = recording_right(tshark.path if tshark else None)
    if right.program is None:
        return Check("recording", "poor", "not possible: there is no dumpcap", "Reading captures needs none.")
    if right.interfaces:
        return Check("recording", "good", f"possible on {right.interfaces} interfaces ({right.program})")
    obstacle = right.obstacle or "it may use no interface"
    return Check("recording", "poor", f"not possible: {obstacle} ({right.program})", _right_hint())


def _right_hint() -> str:
    hint = "Reading captures needs no such right."
    if sys.platform == "linux":
        hint += (
            " To record: sudo dpkg-reconfigure wireshark-common, then join the group wireshark; or as root."
        )
    return hint


def _lines(check: Check, colored: bool) -> str:
    mark = _MARKS[check.state]
    if colored:
        mark = f"\x1b[{_STYLES[check.state]}m{mark}\x1b[0m"
    text = f"{mark}  {check.name:<12} {terminal_text(check.found, 2000)}\n"
    return text + (f"{'':16} {check.advice}\n" if check.advice else "")
