"""The commands that list things, and the help of all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import pcap_report
from tests.cli.conftest import KNOWS_FIELDS, Desk

Sample = Callable[[str], Path]
_HEADS = ["id", "client", "server", "name", "packets", "bytes", "sent", "received"]
_HEADS += ["start_s", "duration_s", "state"]
COMMANDS = (
    "analyze",
    "connections",
    "batch",
    "verify",
    "check",
    "expect",
    "capture",
    "mcp",
    "doctor",
    "analyzers",
    "rules",
    "diff",
    "annotate",
    "explain",
    "schema",
)


def test_connections_in_a_pipe_are_columns_for_eyes_and_awk(desk: Desk, sample: Sample) -> None:
    done = desk.run("connections", sample("lossy-three-connections"))
    assert (done.status, done.err) == (0, "")
    head, *rows = [line.split() for line in done.out.splitlines()]
    assert head == _HEADS
    assert [row[:4] for row in rows] == [
        [
            str(number),
            f"192.168.1.23:{50871 + number}",
            "203.0.113.20:443",
            "calm-river-42.tunnel.example.net",
        ]
        for number in range(3)
    ]
    assert {len(row) for row in rows} == {len(head)}
    assert len({line.rindex(" ") for line in done.out.splitlines()[1:]}) == 1, "not aligned"


def test_an_ipv6_end_is_in_brackets(desk: Desk, sample: Sample) -> None:
    assert "[2001:db8:2::20]:443" in desk.run("connections", sample("ipv6-tls13")).out


def test_connections_as_json_have_the_values_of_the_report(desk: Desk, sample: Sample) -> None:
    listed = json.loads(desk.run("connections", sample("http-dns"), "-f", "json").out)
    report = json.loads(desk.run("analyze", sample("http-dns"), "-f", "json").out)
    for one, whole in zip(listed, report["connections"], strict=True):
        assert one == {key: whole[key] for key in one}


def test_a_capture_without_connections(desk: Desk, sample: Sample) -> None:
    done = desk.run("connections", sample("mcp-tls13"), "-Y", "dns || arp")
    assert done.status == 0
    assert len(done.out.splitlines()) == 1
    assert "there is no connection in" in done.err


def test_doctor_on_a_machine_that_is_ready(desk: Desk) -> None:
    done = desk.run("doctor")
    assert (done.status, done.err) == (0, "")
    for word in (
        pcap_report.__version__,
        "tshark",
        "fields",
        "decryption",
        "compressed",
        "reading",
        "recording",
    ):
        assert word in done.out


def test_doctor_without_tshark_says_what_else_it_found_and_ends_with_4(desk: Desk) -> None:
    desk.environment["PATH"] = ""
    done = desk.run("doctor")
    assert done.status == 4
    assert "no  tshark" in done.out
    assert done.errors[0] == "pcap-report: tshark was not found"


@pytest.mark.parametrize("script", ["kill -SEGV $$\n", "echo rubbish\n"])
def test_doctor_sees_a_tshark_that_cannot_read(desk: Desk, real_tshark: str, script: str) -> None:
    desk.tshark_is(KNOWS_FIELDS.format(tshark=real_tshark) + script)
    done = desk.run("doctor")
    assert done.status == 4
    assert "cannot read a capture of one frame" in done.err


def test_doctor_names_the_fields_that_a_tshark_lacks(desk: Desk, real_tshark: str) -> None:
    desk.tshark_is(
        f'case "$1" in -G) {real_tshark} -G fields | grep -v "tcp.analysis.zero_window" ;;'
        f' *) exec {real_tshark} "$@" ;; esac\n'
    )
    done = desk.run("doctor")
    assert done.status == 0
    assert "--  fields" in done.out
    assert "tcp.analysis.zero_window_probe (" in done.out


@pytest.mark.parametrize(("command", "known"), [("analyzers", "tcp_handshake"), ("rules", "tcp.refused")])
def test_analyzers_and_rules(desk: Desk, command: str, known: str) -> None:
    table = desk.run(command)
    assert (table.status, table.err) == (0, "")
    assert any(line.startswith(f"{known} ") for line in table.out.splitlines())
    listed = json.loads(desk.run(command, "-f", "json").out)
    assert known in [one["id"] for one in listed]
    assert all(one["id"] and (one.get("why") or one.get("question")) for one in listed)


def test_version(desk: Desk) -> None:
    for option in ("--version", "-V"):
        assert desk.run(option).out == f"pcap-report {pcap_report.__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_examples(desk: Desk, command: str) -> None:
    done = desk.run(command, "--help")
    assert (done.status, done.err) == (0, "")
    assert "Examples:" in done.out
    assert f"  pcap-report {command}" in done.out


def test_the_help_lists_the_commands_that_there_are(desk: Desk) -> None:
    done = desk.run("--help")
    listed = done.out.partition("Commands:\n")[2].partition("\n\n")[0]
    assert tuple(line.split()[0] for line in listed.splitlines()) == COMMANDS
    assert "..." not in listed


def test_shell_completion_is_offered(desk: Desk) -> None:
    assert "--install-completion" in desk.run("--help").out
    desk.environment |= {
        "_PCAP_REPORT_COMPLETE": "complete_bash",
        "COMP_WORDS": "pcap-report con",
        "COMP_CWORD": "1",
    }
    assert desk.run().out.split() == ["connections"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("analyze x.pcap --lang ", ["en", "es", "zh"]),
        ("analyze x.pcap --lang z", ["zh"]),
        ("analyze x.pcap --profile ", ["brief", "lab", "layers", "triage"]),
        ("analyze x.pcap --profile l", ["lab", "layers"]),
        ("analyze x.pcap -f ", ["html", "json", "md", "pdf", "text"]),
        ("analyze x.pcap --format h", ["html"]),
        ("batch x -f m", ["md"]),
        ("analyze x.pcap --analyzers tcp_handshake,teard", ["tcp_handshake,teardown"]),
        ("explain tcp.refu", ["tcp.refused"]),
    ],
)
def test_tab_offers_what_an_option_can_be(desk: Desk, typed: str, offered: list[str]) -> None:
    words = f"pcap-report {typed}"
    desk.environment |= {
        "_PCAP_REPORT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    done = desk.run()
    assert (done.err, sorted(done.out.split())) == ("", offered)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_offered_the_same(desk: Desk, shell: str) -> None:
    desk.environment |= {
        "_PCAP_REPORT_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": "pcap-report analyze x.pcap --lang e",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = desk.run()
    assert done.err == ""
    assert set(re.findall(r"\b[a-z]{2}\b", done.out)) == {"en", "es"}
