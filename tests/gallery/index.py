"""The page that leads through the gallery."""

from __future__ import annotations

from typing import Final

from pcap_report.render.environment import profiles
from pcap_report.render.phrases import LANGUAGES
from tests.gallery.reports import NAMES, PAGES

SHOWS: Final = {
    "mcp-tls13": "A session of an MCP client over TLS 1.3, from the DNS look-up to an orderly close.",
    "tls12-chain": "TLS 1.2 with its certificates in the clear: a chain of three.",
    "lossy-three-connections": "Three connections over a path that loses and reorders: retransmissions,"
    " duplicate acknowledgements, a reset after FIN.",
    "http-dns": "Plain HTTP behind a CNAME chain: a redirect, a page, a 404.",
    "refused-and-unanswered": "A port where nobody listens, and a host that never answers.",
    "ipv6-tls13": "TLS 1.3 over IPv6.",
    "quic-h3": "HTTP/3 over QUIC: a full handshake, a resumption with early data (0-RTT), a Retry.",
}
_PROFILES: Final = {
    "lab": "the full narrative",
    "brief": "one page",
    "triage": "trouble first",
    "layers": "layer by layer",
}
_BEGINNING: Final = """\
# Gallery

The reports of all [sample captures](../../samples/README.md), in every profile and language, as
`pcap-report analyze` writes them; only the versions of the programs are masked. `make gallery` writes
all of it anew, and a test fails when one of them is no longer what the program writes.

GitHub and GitLab draw the diagrams of the Markdown reports. The HTML pages are to be downloaded and
opened: they need no network.
"""
_PICTURES: Final = """\
## Pictures

All are drawn by the program. SVG: [a connection](pictures/ladder.svg), [one with
losses](pictures/ladder-losses.svg), [time and sequence numbers](pictures/time-sequence.svg),
[throughput](pictures/throughput.svg), [several connections](pictures/timeline.svg), [the view on a
terminal](pictures/terminal.svg). Made with a browser and the fonts of one machine, so not compared by a
test: [a page](pictures/page.png) and [a report on paper](pictures/brief.pdf).
"""


def index() -> str:
    """Write the page."""
    order = sorted(profiles(), key=list(_PROFILES).index)
    heads = [f"{one}: {_PROFILES[one]}" for one in order]
    lines = [
        _BEGINNING,
        f"| capture | {' | '.join(heads)} |",
        f"|---|{'---|' * len(order)}",
    ]
    for name in sorted(NAMES, key=list(SHOWS).index):
        cells = [", ".join(_links(name, profile)) for profile in order]
        lines.append(f"| **{name}** {SHOWS[name]} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", _PICTURES])


def _links(name: str, profile: str) -> list[str]:
    links = [f"[{language}]({name}/{profile}.{language}.md)" for language in LANGUAGES]
    pages = [language for sample, kind, language in PAGES if (sample, kind) == (name, profile)]
    return links + [f"[{language}, page]({name}/{profile}.{language}.html)" for language in pages]
