"""What the first question of each kind would wait for is loaded while the client says hello."""

from __future__ import annotations

import gc
import threading

from pcap_report.render.phrases import LANGUAGES


def warm_up() -> None:
    """Load what answers need: the parser of frames, diagrams, the sentences of all languages."""
    import pyshark.tshark.output_parser.tshark_xml  # noqa: F401 - it is loaded for later

    import pcap_report.engine
    import pcap_report.render.json_report
    import pcap_report.verify  # noqa: F401 - it is loaded for later
    from pcap_report.mcp.views import phrases_of
    from pcap_report.render.diagrams import Diagrams

    for language in LANGUAGES:
        phrases_of(language)
        Diagrams(language)
    settle()


def settle() -> None:
    """Spare the garbage collector what is here to stay.

    Otherwise an answer now and then waits 10 to 80 ms while it walks through modules, schemas and reports.
    What is let go later is freed all the same, by its count of references: analyses hold no cycles.
    """
    gc.collect(1)
    gc.freeze()


def warm_up_aside() -> None:
    """Do the same in a thread of its own."""
    threading.Thread(target=warm_up, name="warming up", daemon=True).start()
