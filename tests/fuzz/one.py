"""Fuzz one target in this process, guided by coverage (atheris).

``python -m tests.fuzz.one TARGET [options of libFuzzer's]``
"""

from __future__ import annotations

import sys

import atheris  # type: ignore[import-untyped, unused-ignore]  # not in every environment

from tests.fuzz.target import target


def main() -> None:
    """Fuzz until libFuzzer's options say that it is enough."""
    name = sys.argv[1]
    with atheris.instrument_imports(include=["pcap_report"]):
        chosen = target(name)
    atheris.Setup([sys.argv[0], *sys.argv[2:]], chosen.attempt)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
