"""The command ``pcap-report``: whatever happens gives an exit code of the contract and two lines at most."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from pcap_report.errors import ExitCode, PcapReportError

if TYPE_CHECKING:
    from types import FrameType

    from pcap_report.cli.settings import Settings

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
    from pcap_report.cli.settings import Settings

    settings = Settings(debug="--debug" in arguments)
    try:
        return _run(arguments, settings)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.BUG
    except BaseException as error:  # nobody is shown a traceback who did not ask for one
        return _failed(error, settings)


def _run(arguments: list[str], settings: Settings) -> int:
    _end_like_an_interrupt()
    from pcap_report.cli.early import tshark_begun

    with tshark_begun(arguments):
        from pcap_report.cli.app import command

        status = command().main(arguments, prog_name="pcap-report", standalone_mode=False, obj=settings)
    return status if isinstance(status, int) else ExitCode.OK


def _failed(error: BaseException, settings: Settings) -> int:
    from pcap_report.cli.messages import say_error
    from pcap_report.cli.output import ReaderGoneError

    if isinstance(error, ReaderGoneError):
        return ExitCode.OK
    if settings.debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, PcapReportError):
        say_error(error.message, error.hint)
        return error.exit_code
    usage = _usage_of(error) or _no_room(error)
    if usage is not None:
        say_error(*usage)
        return ExitCode.USAGE
    say_error(f"this is a bug of ours: {type(error).__name__}: {error}", _REPORT_IT)
    return ExitCode.BUG


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


def _no_room(error: BaseException) -> tuple[str, str] | None:
    """Return message and hint where the disk is full."""
    import errno
    import tempfile

    full = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT")}
    if not isinstance(error, OSError) or error.errno not in full:
        return None
    where = error.filename or tempfile.gettempdir()
    hint = "Make room, or let TMPDIR name a folder that has some, and -o another place."
    return f"There is no room left on the disk: {error.strerror} ({where})", hint


def _end_like_an_interrupt() -> None:
    """Let a request to end clean up behind us, as Ctrl-C does."""
    import contextlib
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(OSError, ValueError):  # not the main thread
                signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


if __name__ == "__main__":
    main()
