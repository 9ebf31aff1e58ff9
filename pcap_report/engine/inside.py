"""Whether there is something to look inside with, and what a look inside gives.

The looking itself stands in :mod:`pcap_report.engine.inside_reading`, imported when there is something to
look into: mostly there is nothing, and it needs much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.capture.key_log import KeyLog, key_log_in, read_key_log
from pcap_report.engine.inside_view import InsideView, Keys, Look
from pcap_report.model.inside import Decryption, KeyLogLabel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pcap_report.capture.records import FileFacts
    from pcap_report.engine.connections import Draft
    from pcap_report.engine.options import Options
    from pcap_report.model.around import HttpExchange

_PLAIN_STREAMS: Final = 200
_RPC_TYPES: Final = ("application/json", "text/event-stream")


def keys_of(options: Options, facts: FileFacts, log: KeyLog | None) -> Keys | None:
    """Return the secrets that there are; None without any.

    Args:
        options: may name a key log.
        facts: may hold secrets of the capture.
        log: the key log, read already.
    """
    embedded = key_log_in(facts.key_logs)
    if log is None and not embedded.lines:
        return None
    together = KeyLog()
    for one in (log, embedded):
        if one is not None:
            together.add(one)
    sources = (*(("key_log",) if log else ()), *(("capture",) if embedded.lines else ()))
    return Keys(
        options.keylog,
        together,
        Decryption(
            sources=sources,
            key_log=options.keylog.name if options.keylog else None,
            lines=together.lines,
            labels=tuple(KeyLogLabel(*one) for one in sorted(together.labels.items())),
        ),
    )


def key_log_of(options: Options) -> KeyLog | None:
    """Read the key log that the user names, before anything else costs time.

    Raises:
        UsageError: it is none.
    """
    return read_key_log(options.keylog) if options.keylog else None


def look_inside(look: Look, keys: Keys, drafts: list[Draft]) -> InsideView:
    """Read the capture once more with the keys, and add what they reveal to the connections."""
    from pcap_report.engine.inside_reading import read_with_keys

    return read_with_keys(look, keys, drafts)


def look_into_plain(look: Look, drafts: list[Draft], http: Sequence[HttpExchange]) -> InsideView:
    """Read the plain HTTP connections that may carry JSON-RPC once more, for their bodies."""
    wanted = sorted({one.connection for one in http if one.connection is not None and _may_carry_rpc(one)})
    chosen = [one for one in drafts if one.connection.id in set(wanted[:_PLAIN_STREAMS])]
    if not chosen:
        return InsideView()
    from pcap_report.engine.inside_reading import read_in_the_clear

    return read_in_the_clear(look, chosen)


def _may_carry_rpc(one: HttpExchange) -> bool:
    kind = (one.content_type or "").partition(";")[0].strip().lower()
    posted = one.method == "POST" and (kind == _RPC_TYPES[0] or one.status in {None, 202})
    return posted or kind == _RPC_TYPES[1] or one.status == 101
