"""The command ``pcap-report``: whatever happens gives an exit code of the contract and two lines at most."""

from __future__ import annotations

import gc
import signal
import sys
from typing import TYPE_CHECKING, Final, NoReturn

from pcap_report.cli.asked_to_end import asked_to_end
from pcap_report.errors import ExitCode, PcapReportError, no_room

if TYPE_CHECKING:
    from types import FrameType

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
    asked_to_end.clear()
    try:
        return _run(arguments, debug=debug)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.BUG
    except BaseException as error:  # nobody is shown a traceback who did not ask for one
        if asked_to_end:  # what was ended with us, by Ctrl-C on a terminal say, is no error of its own
            return _status_of(asked_to_end[0])
        return _failed(error, debug=debug)


def _run(arguments: list[str], *, debug: bool) -> int:
    _end_like_an_interrupt()
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
    known = error if isinstance(error, PcapReportError) else no_room(error)
    if known is not None:
        say_error(known.message, known.hint)
        return known.exit_code
    usage = _usage_of(error)
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


def _end_like_an_interrupt() -> None:
    """Let a request to end clean up behind us, as Ctrl-C does; what nohup ignores stays ignored."""
    import contextlib

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(OSError, ValueError):  # not the main thread
                if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                    signal.signal(number, _stop)


def _stop(number: int, _: FrameType | None) -> NoReturn:
    asked_to_end.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)


def _status_of(number: int) -> int:
    return ExitCode.INTERRUPTED if number == signal.SIGINT else 128 + number


if __name__ == "__main__":
    main()
