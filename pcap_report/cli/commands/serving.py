"""The command that serves assistants."""

from __future__ import annotations

from pcap_report.cli.options import run, serving

MCP_EXAMPLES = """
Examples:

\b
  pcap-report mcp --root ~/captures                     an assistant starts it, and talks over a pipe
  pcap-report mcp --root ~/captures --allow-capture     it may capture, too
  pcap-report mcp --root ~/captures --http --port 8765  over HTTP on this machine, with a token

Set-up of the usual clients: docs/mcp.md. Needs pip install 'pcap-report[mcp]'.
"""


def mcp(  # noqa: PLR0913 - the command has these options
    roots: serving.Roots = None,
    http: serving.Http = False,
    port: serving.Port = 8765,
    allow_capture: serving.AllowCapture = False,
    sandbox: run.Sandbox = None,
    debug: run.Debug = False,
) -> None:
    """Serve assistants over MCP: diagnoses of the captures below some folders, never their packets."""
    from pcap_report.cli.mcp import serve

    serve(roots or [], port if http else None, allow_capture=allow_capture)
