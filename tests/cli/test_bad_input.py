"""Bad input: one line that names the true cause, the exit code of the contract, and nothing left behind."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import KNOWS_FIELDS, PROGRAM, Desk, Done

Sample = Callable[[str], Path]


def refused(done: Done, status: int, *words: str) -> None:
    """Check exit code and message: one line, perhaps a hint below it, no traceback, no remark about root."""
    assert done.status == status, done.err
    assert done.out == ""
    assert done.errors[0].startswith("pcap-report: ")
    assert len(done.errors) <= 2
    for word in words:
        assert word in done.err
    assert "Traceback" not in done.err
    assert "Running as user" not in done.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty (0 bytes)"),
        (b"hello, this is a text\n" * 20, "is not a packet capture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "is not a packet capture"),
        (b"\xd4\xc3\xb2\xa1\x02\x00", "is cut off before its first packet"),
        (
            bytes.fromhex("0a0d0d0a6c0000004d3c2b1a01000000ffffffff"),  # tshark takes it for a packet
            "is cut off before its first packet",
        ),
        (bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000"), "holds no packet"),
        (
            bytes.fromhex("d4c3b2a1010004000000000000000000ffff000001000000")  # version 1.4
            + bytes.fromhex("00000000000000003c0000003c000000")
            + bytes(60),
            "holds no packet that can be read: tshark: ",
        ),
        (gzip.compress(b"hello, this is a text\n"), "is not a packet capture"),
        (b'{"name": "somebody else\'s JSON"}', "neither a capture nor a JSON report"),
        (b'{"schema_version": 1', "neither a capture nor a JSON report"),
        (b'{"schema_version": 99}', "schema version 99"),
        (b'{"schema_version": 1, "connections": []}', "not a whole report"),
    ],
    ids=[
        "empty",
        "text",
        "picture",
        "half a header",
        "half a section header",
        "no packet",
        "an unknown version",
        "text in gzip",
        "other JSON",
        "half a report",
        "another version",
        "a part of a report",
    ],
)
@pytest.mark.parametrize(
    "command", [["analyze", "-o", "report.md"], ["connections"]], ids=lambda one: str(one[0])
)
def test_a_file_that_is_no_capture(desk: Desk, command: list[str], content: bytes, words: str) -> None:
    desk.file("capture.pcap", content)
    refused(desk.run(*command, "capture.pcap"), 3, "capture.pcap", words)
    assert desk.names() == {"capture.pcap"}


def test_a_missing_file(desk: Desk) -> None:
    refused(desk.run("analyze", "nowhere.pcap", "-o", "report.md"), 2, "There is no file nowhere.pcap")
    assert desk.names() == set()


def test_a_missing_file_whose_name_is_nearly_right(desk: Desk, sample: Sample) -> None:
    desk.file("my capture.pcapng", sample("http-dns").read_bytes())
    refused(desk.run("analyze", "my-capture.pcap"), 2, "Did you mean 'my capture.pcapng'?")
    refused(desk.run("analyze", "nowhere"), 2, "There is 'my capture.pcapng'")


def test_a_folder(desk: Desk, sample: Sample) -> None:
    refused(desk.run("analyze", "."), 2, "is a folder, not a capture", "pcap-report batch . -o reports")
    desk.file("one.pcapng", sample("http-dns").read_bytes())
    refused(desk.run("analyze", "."), 2, "Name a file, such as one.pcapng; or report all of them")
    assert desk.run("batch", ".", "-o", "reports").status == 0


@pytest.mark.skipif(
    sys.platform != "linux", reason="/proc/self/mem cannot be read from its start, not even by root"
)
def test_a_file_that_cannot_be_read(desk: Desk) -> None:
    refused(desk.run("analyze", "/proc/self/mem"), 2, "/proc/self/mem cannot be read")


def test_a_capture_cut_in_the_middle_of_a_packet_is_reported_and_named(desk: Desk, sample: Sample) -> None:
    desk.file("cut.pcapng", sample("mcp-tls13").read_bytes()[:5000])
    done = desk.run("analyze", "cut.pcapng", "-o", "report.json")
    assert (done.status, done.out) == (0, "")
    assert done.errors == [
        "pcap-report: note: cut.pcapng is cut off after packet 16: the report covers what is there"
    ]
    capture = json.loads((desk.folder / "report.json").read_text())["capture"]
    assert (capture["truncated"], capture["packets"]) == (True, 16)
    assert desk.run("analyze", "cut.pcapng", "-f", "json", "--quiet").err == ""


def test_a_gzip_file_cut_in_the_middle(desk: Desk, sample: Sample) -> None:
    whole = gzip.compress(sample("mcp-tls13").read_bytes())
    desk.file("cut.pcapng.gz", whole[: len(whole) // 2])
    done = desk.run("analyze", "cut.pcapng.gz", "-f", "json")
    assert done.status == 0
    assert json.loads(done.out)["capture"]["truncated"] is True


def test_no_tshark(desk: Desk, sample: Sample) -> None:
    desk.environment["PATH"] = ""
    refused(desk.run("analyze", sample("mcp-tls13"), "-o", "report.md"), 4, "tshark was not found", "nstall")
    assert desk.names() == set()


def test_a_tshark_that_is_named_and_not_there(desk: Desk, sample: Sample) -> None:
    desk.environment["PCAP_REPORT_TSHARK"] = "/nowhere/tshark"
    refused(desk.run("analyze", sample("mcp-tls13")), 4, "PCAP_REPORT_TSHARK names /nowhere/tshark")


def test_a_tshark_that_is_too_old(desk: Desk, sample: Sample) -> None:
    desk.tshark_is('echo "TShark (Wireshark) 2.6.10"\n')
    refused(desk.run("analyze", sample("mcp-tls13")), 4, "tshark 2.6.10 is too old", "3.6 or newer")


def test_a_program_that_is_no_tshark(desk: Desk, sample: Sample) -> None:
    desk.tshark_is('echo "I am something else"\n')
    refused(desk.run("analyze", sample("mcp-tls13")), 4, "does not tell its version")


@pytest.mark.parametrize(
    ("script", "what"),
    [
        ("kill -SEGV $$\n", "tshark was ended by SIGSEGV before the first packet"),
        ('for i in 1 2 3; do echo "rubbish"; done\n', "tshark read none of the packets"),
        ('echo "out of order" >&2; exit 1\n', "tshark read none of the packets"),
    ],
    ids=["crashes", "prints rubbish", "fails"],
)
def test_a_tshark_that_does_not_work(
    desk: Desk, sample: Sample, real_tshark: str, script: str, what: str
) -> None:
    desk.tshark_is(KNOWS_FIELDS.format(tshark=real_tshark) + script)
    done = desk.run("analyze", sample("mcp-tls13"), "-o", "report.md")
    refused(done, 4, what, "doctor")
    assert desk.names() == set()


def test_a_tshark_that_dies_on_the_way_gives_a_report_that_says_so(
    desk: Desk, sample: Sample, real_tshark: str
) -> None:
    dies = f'{real_tshark} "$@" | head -n 20; kill -SEGV $$'
    script = f'case "$1" in -n) {dies} ;; *) exec {real_tshark} "$@" ;; esac\n'
    desk.tshark_is(script)
    done = desk.run("analyze", sample("mcp-tls13"), "-f", "json")
    assert done.status == 0
    assert "up to frame 20" in done.err
    assert json.loads(done.out)["capture"]["truncated"] is True


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["-Y", "tcp.port =="], "does not understand the display filter"),
        (["-Y", "no.such.field == 1"], "does not understand the display filter"),
        (["-Y", "udp.port == 99"], "No packet of"),
        (["--analyzers", "nothing"], "There is no analyzer nothing"),
        (["--connection", "9"], "No connection of the capture"),
        (["--connection", "0", "--connection", "9"], "There is no connection 9"),
        (["--connection", "first"], "--connection"),
        (["--server", "nowhere.example"], "No connection of the capture"),
        (["--plugin", "nowhere.py"], "There is no Python file nowhere.py"),
        (["--template", "nowhere"], "The template folder nowhere does not exist"),
        (["--profile", "novel"], "There is no profile novel"),
        (["--lang", "xx"], "There is no language xx"),
        (["-f", "odt"], "There is no format odt"),
        (["-o", "nowhere/report.md"], "There is no folder nowhere"),
        (["-o", "."], "is a folder"),
        (["-o", "report.odt"], "No format is written to files that end in .odt"),
        (["-o", "report"], "report has no ending"),
        (["--dissect", "999"], "There is no frame 999"),
        (["--dissect", "0"], "--dissect"),
        (["--no-such-option"], "No such option"),
        (["--color", "sometimes"], "--color"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_options_that_make_no_sense(desk: Desk, sample: Sample, options: list[str], words: str) -> None:
    done = desk.run("analyze", sample("mcp-tls13"), *options)
    refused(done, 2, words)
    assert desk.names() == set()


@pytest.mark.parametrize(
    "arguments", [["analyse"], ["analyze"], ["analyze", "a.pcap", "b.pcap"]], ids=" ".join
)
def test_command_lines_that_make_no_sense(desk: Desk, arguments: list[str]) -> None:
    refused(desk.run(*arguments), 2, "--help")


def test_no_command_at_all_shows_the_help(desk: Desk) -> None:
    done = desk.run()
    assert (done.status, done.out) == (2, "")
    assert "Commands:" in done.err


@pytest.mark.parametrize("text", ["{% if %}", "{{ nothing.at_all }}", "{% include 'nowhere.j2' %}"])
def test_a_broken_template(desk: Desk, sample: Sample, text: str) -> None:
    (desk.folder / "mine" / "lab").mkdir(parents=True)
    (desk.folder / "mine" / "lab" / "report.md.j2").write_text(text, encoding="utf-8")
    done = desk.run("analyze", sample("mcp-tls13"), "--template", "mine", "-o", "report.md")
    refused(done, 2, "template")
    assert desk.names() == {"mine"}


def test_a_template_folder_without_templates(desk: Desk, sample: Sample) -> None:
    (desk.folder / "mine").mkdir()
    refused(desk.run("analyze", sample("mcp-tls13"), "--template", "mine"), 2, "holds no *.j2 file")


def test_a_report_written_over_its_own_capture(desk: Desk, sample: Sample) -> None:
    content = sample("mcp-tls13").read_bytes()
    path = desk.file("capture.md", content)
    refused(desk.run("analyze", "capture.md", "-o", "./capture.md"), 2, "is the capture itself")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "option",
    [["-Y", "tcp"], ["--analyzers", "teardown"], ["--plugin", "x.py"], ["--dissect", "1"]],
    ids=" ".join,
)
def test_options_that_need_the_capture_refuse_a_saved_report(
    desk: Desk, sample: Sample, option: list[str]
) -> None:
    assert desk.run("analyze", sample("mcp-tls13"), "-o", "saved.json").status == 0
    refused(desk.run("analyze", "saved.json", *option), 2, f"{option[0]} needs the capture itself")


def test_a_name_that_acts_on_terminals_is_shown_and_not_sent(desk: Desk) -> None:
    done = desk.run("analyze", "\x1b[2J\u202enowhere.pcap")
    refused(done, 2, "\\x1b[2J\\u202enowhere.pcap")


def test_an_empty_standard_input(desk: Desk) -> None:
    refused(desk.run("analyze", "-"), 3, "standard input is empty")


@pytest.mark.skipif(sys.platform == "win32", reason="devices")
def test_a_standard_input_without_an_end_is_looked_at_first(desk: Desk) -> None:
    with Path("/dev/zero").open("rb") as endless:
        done = subprocess.run(
            [PROGRAM, "analyze", "-"], env=desk.environment, stdin=endless, capture_output=True, check=False
        )
    assert (done.returncode, b"standard input is not a packet capture" in done.stderr) == (3, True)


@pytest.mark.skipif(sys.platform == "win32", reason="devices")
def test_a_file_as_a_device(desk: Desk, sample: Sample) -> None:
    with sample("mcp-tls13").open("rb") as capture:
        done = subprocess.run(
            [PROGRAM, "connections", "/dev/stdin"],
            env=desk.environment,
            stdin=capture,
            capture_output=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == desk.run("connections", sample("mcp-tls13")).out.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes with names")
def test_a_pipe_cannot_be_checked(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe")
    refused(desk.run("check", "pipe", "--fail-on", "high"), 2, "pipe is a pipe")


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links")
def test_a_ring_of_links(desk: Desk, sample: Sample) -> None:
    ring = desk.folder / "ring"
    ring.symlink_to("ring")
    refused(desk.run("analyze", "ring"), 2, "ring cannot be read")
    refused(desk.run("analyze", "ring/capture.pcap"), 2, "cannot be read")
    refused(desk.run("analyze", sample("mcp-tls13"), "-o", "report.md", "--charts", "ring"), 2, "ring")
    refused(desk.run("batch", sample("mcp-tls13"), "-o", "ring", "-f", "json"), 2, "ring")
    assert desk.run("analyze", sample("mcp-tls13"), "-o", "ring", "-f", "json").status == 0
    assert json.loads(ring.read_bytes())["connections"]


def test_a_name_that_is_too_long(desk: Desk, sample: Sample) -> None:
    refused(desk.run("analyze", "x" * 5000), 2, "cannot be used: File name too long")
    refused(
        desk.run("analyze", sample("mcp-tls13"), "-o", "x" * 300), 2, "cannot be used: File name too long"
    )


@pytest.mark.skipif(sys.platform == "win32" or not os.geteuid(), reason="root may look into every folder")
def test_a_folder_that_may_not_be_looked_into(desk: Desk) -> None:
    (desk.folder / "closed").mkdir(mode=0)
    refused(desk.run("analyze", "closed/capture.pcap"), 2, "Permission denied")


@pytest.mark.skipif(sys.platform == "win32", reason="a folder that is in use cannot be removed")
def test_a_folder_that_is_gone(desk: Desk) -> None:
    (desk.folder / "gone").mkdir()
    command = f"cd gone; rmdir ../gone; '{PROGRAM}' analyze capture.pcap"
    done = subprocess.run(
        ["sh", "-c", command], cwd=desk.folder, env=desk.environment, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"The folder that you are in is no longer there" in done.stderr


def test_a_mistake_of_ours_says_so_and_debug_shows_where(desk: Desk, sample: Sample) -> None:
    (desk.folder / "sitecustomize.py").write_text(
        "import pcap_report.render.json_report as j\n"
        "def json_pieces(report):\n    raise KeyError('made up')\n"
        "j.json_pieces = json_pieces\n",
        encoding="utf-8",
    )
    desk.environment["PYTHONPATH"] = str(desk.folder)
    done = desk.run("analyze", sample("mcp-tls13"), "-f", "json")
    refused(done, 70, "this is a bug of ours: KeyError: 'made up'", "--debug")
    assert "Traceback" in desk.run("analyze", sample("mcp-tls13"), "-f", "json", "--debug").err


def test_a_damaged_row_is_told(desk: Desk, sample: Sample, real_tshark: str) -> None:
    """A tshark that loses the last columns of its third row."""
    cut = rf'{real_tshark} "$@" | awk -F"\t" -v OFS="\t" "NR==3 {{NF=25}} {{print}}"'
    desk.tshark_is(KNOWS_FIELDS.format(tshark=real_tshark) + f'case "$*" in *"-T fields"*) {cut} ;; esac\n')
    done = desk.run("analyze", sample("http-dns"), "-f", "json")
    assert done.status == 0
    limits = [one["why"] for one in json.loads(done.out)["not_visible"] if "cannot be read" in one["what"]]
    assert limits == ["1 row of its table is damaged: values of that packet may be missing."]
