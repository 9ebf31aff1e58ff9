"""The command ``pcap-report``: whatever happens gives an exit code of the contract and two lines at most."""

from __future__ import annotations

import gc
import sys
from typing import Final

from pcap_report.cli.asked_to_end import asked_to_end, heed_requests_to_end, status_of_request
from pcap_report.errors import ExitCode, PcapReportError, UsageError, not_ours

_REPORT_IT: Final = (
    "Please report it with what the same command prints with --debug, and `pcap-report doctor`."
)


def main() -> None:
    """Run the command line and end the process."""
    gc.disable()  # a short life with many small records and no cycles: looking for some costs half a second
    status = run(sys.argv[1:])
    gc.freeze()  # nor does the interpreter look for some when it ends
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run a command line and return its exit code."""
    debug = "--debug" in arguments
    try:
        heed_requests_to_end()
        return _run(arguments, debug=debug)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.BUG
    except BaseException as error:  # nobody is shown a traceback who did not ask for one
        if asked_to_end:  # what was ended with us, by Ctrl-C on a terminal say, is no error of its own
            return status_of_request()
        return _failed(error, debug=debug)


def _run(arguments: list[str], *, debug: bool) -> int:
    from pcap_report.cli.early import tshark_begun
    from pcap_report.cli.settings import Settings

    settings = Settings(debug=debug)

    with tshark_begun(arguments):
        from pcap_report.cli.app import command

        status = command().main(arguments, prog_name="pcap-report", standalone_mode=False, obj=settings)
    return status if isinstance(status, int) else ExitCode.OK


def _failed(error: BaseException, *, debug: bool) -> int:
    from pcap_report.cli.messages import say_error
    from pcap_report.cli.output import ReaderGoneError

    if isinstance(error, ReaderGoneError):
        return ExitCode.OK
    if debug:
        import traceback

        traceback.print_exception(error)
    known = error if isinstance(error, PcapReportError) else not_ours(error) or _folder_gone(error)
    if known is not None:
        say_error(known.message, known.hint)
        return known.exit_code
    usage = _usage_of(error)
    if usage is not None:
        say_error(*usage)
        return ExitCode.USAGE
    say_error(f"this is a bug of ours: {type(error).__name__}: {error}", _REPORT_IT)
    return ExitCode.BUG


def _folder_gone(error: BaseException) -> PcapReportError | None:
    """Return what to tell where the folder that we work in was removed; None for any other error."""
    from pathlib import Path

    if isinstance(error, FileNotFoundError):
        try:
            Path.cwd()
        except FileNotFoundError:
            return UsageError("The folder that you are in is no longer there", "cd to one that is.")
    return None


def _usage_of(error: BaseException) -> tuple[str, str] | None:
    """Return message and hint of an error that Typer found in the command line.

    Typer's own classes are asked for nothing but what they had in every version.
    """
    tell = getattr(error, "format_message", None)
    if tell is None:
        return None
    context = getattr(error, "ctx", None)
    asked = context.command_path if context is not None else "pcap-report"
    return " ".join(str(tell()).split()).rstrip("."), f"Try: {asked} --help"


if __name__ == "__main__":
    main()
