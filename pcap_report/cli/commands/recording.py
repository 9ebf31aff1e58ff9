"""The command that records."""

from __future__ import annotations

import typer

from pcap_report.cli.context import end_with, settings_of
from pcap_report.cli.options import recording, run, writing
from pcap_report.live.modes import Mode

CAPTURE_EXAMPLES = """
Examples:

\b
  pcap-report capture example.org                          all to and from a host, for 30 s
  pcap-report capture --mode port 5432 -o database.md      a port; database.pcapng beside the report
  pcap-report capture --mode web https://example.org --duration 10 -o page.html
  pcap-report capture --mode diagnosis --profile triage    why does the network not work?
  pcap-report capture --mode port 8080 -i lo --packets 500 -w loopback.pcapng
  pcap-report capture --mode domain example.org --ring 10 --size 20M    watch for long, keep the last 200 MB
  pcap-report capture --list                               the interfaces

Modes: domain, a host; port, a port or ports; web, HTTP, TLS and QUIC; diagnosis, ICMP, ARP, DNS, DHCP and
the web or the target; auto, what fits the target. Ctrl-C ends the capture, and the report is made.
"""


def capture(  # noqa: PLR0913 - the command has these options
    context: typer.Context,
    target: recording.Target = "",
    mode: recording.CaptureMode = Mode.auto,
    interfaces: recording.Interfaces = None,
    duration: recording.Duration = None,
    packets: recording.Packets = None,
    size: recording.Size = None,
    snap_length: recording.SnapLength = None,
    ring: recording.Ring = None,
    file: recording.PacketFile = None,
    listed: recording.ListInterfaces = False,
    out: writing.Out = None,
    format_name: writing.FormatName = None,
    language: writing.Language = None,
    profile: writing.Profile = None,
    title: writing.Title = None,
    author: writing.Author = None,
    course: writing.Course = None,
    date: writing.Date = None,
    sandbox: run.Sandbox = None,
    quiet: run.Quiet = False,
    color: run.Colored = None,
    debug: run.Debug = False,
) -> None:
    """Capture what a host, a port or the web says, or why the network does not work; then report it."""
    from pcap_report.cli.analyze import Request
    from pcap_report.cli.capture import Wish, capture_and_report, list_interfaces
    from pcap_report.cli.configuration import Wishes, complete
    from pcap_report.cli.formats import Presentation
    from pcap_report.engine.options import Options
    from pcap_report.live.bounds import parse_size, watching

    if listed:
        list_interfaces()
        return
    bounds = watching(duration, packets, None if size is None else parse_size(size), snap_length, ring)
    wish = Wish(mode, target, tuple(interfaces or ()), bounds, file)
    asked = Wishes(title, author, course, date, language, profile, None)
    beside = str(file or out or "capture.pcapng")
    presentation = complete(asked, beside, settings_of(context)).presentation(Presentation())
    options = Options(language=presentation.language)
    request = Request("", out, format_name, (), options, presentation)
    end_with(capture_and_report(wish, request, settings_of(context)))
