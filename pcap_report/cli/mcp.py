"""``pcap-report mcp``: serve assistants."""

from __future__ import annotations

import gc
import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pcap_report.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN_VARIABLE: Final = "PCAP_REPORT_MCP_TOKEN"  # noqa: S105 - the name of a variable
"""Environment variable with the token of ``--http``."""


def serve(folders: Sequence[Path], port: int | None, *, allow_capture: bool) -> None:
    """Serve over standard input and output, or over HTTP on a port.

    Raises:
        UsageError: the SDK is not installed, or a folder is none.
    """
    gc.enable()  # unlike every other command, this one stays
    try:
        import mcp.server.lowlevel  # noqa: F401 - is it there?
        import mcp_types  # noqa: F401 - 1.x has none
    except ImportError as error:
        raise UsageError(
            "The MCP server needs the MCP SDK, version 2", "pip install 'pcap-report[mcp]'"
        ) from error
    from pcap_report.capture.tshark import find_tshark
    from pcap_report.mcp.bench import Bench
    from pcap_report.mcp.roots import Roots
    from pcap_report.mcp.warming import warm_up_aside

    find_tshark()  # better no server than one that can answer nothing
    bench = Bench.of(Roots(folders or [_here()]), allow_capture=allow_capture)
    warm_up_aside()
    if port is None:
        if sys.stdin is None or sys.stdout is None:
            message = "Standard input or output is closed, and the server speaks over them"
            raise UsageError(message, "Let a client start it, or serve over HTTP: --http")
        from pcap_report.mcp.server import serve_stdio

        serve_stdio(bench, allow_capture=allow_capture)
        return
    from pcap_report.mcp.http import serve_http
    from pcap_report.mcp.server import tell

    token = os.environ.get(TOKEN_VARIABLE)
    if token:
        tell(f"token: the one in {TOKEN_VARIABLE}")
    else:
        token = secrets.token_urlsafe(32)
        tell(f"token: {token}")
    serve_http(bench, port, token, allow_capture=allow_capture)


def _here() -> Path:
    """Return the folder that the server is started in.

    Raises:
        UsageError: that is the whole disk, as with clients that start servers anywhere.
    """
    here = Path.cwd()
    if here == Path(here.anchor):
        raise UsageError(
            f"The server is started in {here}, and would read the whole disk",
            "Name the folder with the captures: pcap-report mcp --root FOLDER",
        )
    return here
