"""Asks tshark whether `expected.toml` is true of the captures, fact by fact; ends with 1 if one is not.

What is checked is what tshark can say alone: addresses, TLS facts, frames by display filter. The outcomes in
words (handshake, teardown) are checked against the frames that make them.
"""

import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

SAMPLES: Final = Path(__file__).resolve().parent.parent
Facts = dict[str, Any]

FRAMES: Final = {
    "syn": "tcp.flags.syn == 1 && tcp.flags.ack == 0",
    "syn_ack": "tcp.flags.syn == 1 && tcp.flags.ack == 1",
    "fin": "tcp.flags.fin == 1",
    "reset": "tcp.flags.reset == 1",
    "client_hello": "tls.handshake.type == 1",
    "server_hello": "tls.handshake.type == 2",
    "certificate": "tls.handshake.type == 11",
    "http": "http",
    "duplicate_ack": "tcp.analysis.duplicate_ack",
    "spurious_retransmission": "tcp.analysis.spurious_retransmission",
    "retransmission": "tcp.analysis.retransmission",
    "out_of_order": "tcp.analysis.out_of_order",
    "lost_segment": "tcp.analysis.lost_segment",
    "window_update": "tcp.analysis.window_update",
}
"""Name of a list of frames → the display filter that finds them in their connection, with the keys."""

QUIC_FRAMES: Final = {
    "client_hello": "tls.handshake.type == 1",
    "server_hello": "tls.handshake.type == 2",
    "retry": "quic.long.packet_type == 3",
    "zero_rtt": "quic.long.packet_type == 1",
    "connection_close": "quic.frame_type == 28 || quic.frame_type == 29",
    "http3": "http3",
}
"""The same of a QUIC connection."""

QUIC_FIELDS: Final = {
    "sni": ("tls.handshake.type == 1", "tls.handshake.extensions_server_name"),
    "alpn": ("tls.handshake.type == 1", "tls.handshake.extensions_alpn_str"),
    "cipher_suite_id": ("tls.handshake.type == 2", "tls.handshake.ciphersuite"),
    "version_id": ("tls.handshake.type == 1", "quic.version"),
}

FIELDS: Final = {
    "sni": ("tls.handshake.type == 1", "tls.handshake.extensions_server_name"),
    "alpn": ("tls.handshake.type == 2 || tls.handshake.type == 8", "tls.handshake.extensions_alpn_str"),
    "cipher_suite_id": ("tls.handshake.type == 2", "tls.handshake.ciphersuite"),
    "tls_version_id": ("tls.handshake.type == 2", "tls.handshake.extensions.supported_version"),
    "key_share_group_id": ("tls.handshake.type == 2", "tls.handshake.extensions_key_share_group"),
}
"""Name of a fact → the frames that hold it and its field."""


def ask(facts: Facts, display_filter: str, *fields: str) -> list[list[str]]:
    """The rows of `fields` in the frames that `display_filter` selects."""
    command = ["tshark", "-n", "-r", str(SAMPLES / facts["file"]), "-Y", display_filter, "-T", "fields"]
    command += ["-o", "tcp.reassemble_out_of_order:TRUE"]
    if "keys" in facts:
        command += ["-o", f"tls.keylog_file:{SAMPLES / facts['keys']}"]
    for field in fields:
        command += ["-e", field]
    rows = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [row.split("\t") for row in rows.splitlines()]


def frames_of(facts: Facts, connection: Facts, name: str) -> list[int]:
    """The frames that tshark finds under `name` in one connection."""
    rows = ask(facts, f"tcp.stream == {connection['stream']} && ({FRAMES[name]})", "frame.number")
    return [int(row[0]) for row in rows]


def outcome_of_handshake(frames: dict[str, list[int]]) -> str:
    """What the frames say of the beginning."""
    if frames["syn_ack"]:
        return "complete"
    return "refused" if frames["reset"] else "unanswered"


def outcome_of_teardown(frames: dict[str, list[int]]) -> str:
    """What the frames say of the end."""
    if not frames["reset"]:
        return "orderly" if frames["fin"] else "open"
    return "reset_after_fin" if frames["fin"] and frames["fin"][0] < frames["reset"][0] else "reset"


def check_connection(facts: Facts, connection: Facts) -> Iterator[tuple[str, object, object]]:
    """Name, stated value and tshark's value of every fact of one connection."""
    stream = f"tcp.stream == {connection['stream']}"
    family = "ipv6" if "[" in connection["client"] else "ip"
    sides = [f"{family}.src", "tcp.srcport", f"{family}.dst", "tcp.dstport"]
    client_ip, client_port, server_ip, server_port = ask(facts, stream, *sides)[0]
    shape = "[{}]:{}" if family == "ipv6" else "{}:{}"
    yield "client", connection["client"], shape.format(client_ip, client_port)
    yield "server", connection["server"], shape.format(server_ip, server_port)
    found = {name: frames_of(facts, connection, name) for name in FRAMES}
    for name, frames in found.items():
        yield name, connection["frames"].get(name, []), frames
    yield "tcp_handshake", connection["tcp_handshake"], outcome_of_handshake(found)
    if found["syn_ack"]:
        yield "teardown", connection["teardown"], outcome_of_teardown(found)
    for name, (display_filter, field) in FIELDS.items():
        values = [row[0] for row in ask(facts, f"{stream} && ({display_filter})", field) if row[0]]
        yield name, connection.get(name), values[0] if values else None


def check_quic(facts: Facts, connection: Facts) -> Iterator[tuple[str, object, object]]:
    """Name, stated value and tshark's value of every fact of one QUIC connection."""
    number = f"quic.connection.number == {connection['number']}"
    client_ip, client_port, server_ip, server_port = ask(
        facts, number, "ip.src", "udp.srcport", "ip.dst", "udp.dstport"
    )[0]
    yield "client", connection["client"], f"{client_ip}:{client_port}"
    yield "server", connection["server"], f"{server_ip}:{server_port}"
    for name, display_filter in QUIC_FRAMES.items():
        rows = ask(facts, f"{number} && ({display_filter})", "frame.number")
        yield name, connection["frames"].get(name, []), [int(row[0]) for row in rows]
    for name, (display_filter, field) in QUIC_FIELDS.items():
        values = [row[0].split(",")[0] for row in ask(facts, f"{number} && ({display_filter})", field)]
        yield name, connection[name], values[0] if values else None


def check_capture(facts: Facts) -> Iterator[tuple[str, object, object]]:
    """Name, stated value and found value of every fact of one capture."""
    content = (SAMPLES / facts["file"]).read_bytes()
    yield "sha256", facts["sha256"], hashlib.sha256(content).hexdigest()
    yield "packets", facts["packets"], len(ask(facts, "frame", "frame.number"))
    streams = {row[0] for row in ask(facts, "tcp", "tcp.stream")}
    yield "connections", len(facts.get("connection", ())), len(streams)
    numbers = {row[0] for row in ask(facts, "quic", "quic.connection.number")}
    yield "QUIC connections", len(facts.get("quic", ())), len(numbers)
    queries = ask(facts, "dns.flags.response == 0", "frame.number", "dns.qry.name", "dns.qry.type")
    look_ups = facts.get("dns", [])
    stated = [[str(asked["query"]), asked["name"], str(asked["type"])] for asked in look_ups]
    yield "dns", stated, queries
    if "log" in facts:
        lines = [json.loads(line) for line in (SAMPLES / facts["log"]).read_text().splitlines()]
        yield "log_directions", facts["log_directions"], [line["direction"] for line in lines]
    for connection in facts.get("connection", ()):
        for name, stated_value, found in check_connection(facts, connection):
            yield f"connection {connection['stream']}: {name}", stated_value, found
    for connection in facts.get("quic", ()):
        for name, stated_value, found in check_quic(facts, connection):
            yield f"QUIC connection {connection['number']}: {name}", stated_value, found


def main() -> None:
    """Check every capture and say what differs."""
    captures = tomllib.loads((SAMPLES / "expected.toml").read_text())["capture"]
    different = 0
    for facts in captures:
        for name, stated, found in check_capture(facts):
            if stated != found:
                different += 1
                sys.stdout.write(f"{facts['file']}: {name}: stated {stated!r}, found {found!r}\n")
    sys.stdout.write(f"{len(captures)} captures, {different} differences\n")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
