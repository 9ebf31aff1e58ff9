"""Records `mqtt.pcap`: a real broker (mosquitto), three sensors, a display and a stranger, on loopback.

Needs mosquitto, mosquitto-clients and Wireshark's dumpcap with the right to capture (see docs/capture.md).
"""

import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final

PORT: Final = "1883"
CAPTURE: Final = Path(__file__).with_name("mqtt.pcap")
SETTINGS: Final = f"""\
listener {PORT} 127.0.0.1
allow_anonymous false
password_file {{passwords}}
"""
ENDS: Final = ["-h", "127.0.0.1", "-p", PORT, "-u", "lab"]


def record() -> None:
    """The display subscribes; three sensors send a reading each; a stranger has a wrong password."""
    with tempfile.TemporaryDirectory() as scratch, broker(Path(scratch)) as running:
        try:
            dumpcap = capturing()
            display = client(
                "mosquitto_sub", "-i", "display", "-P", "sesame", "-t", "lab/#", "-q", "1", "-C", "3"
            )
            time.sleep(0.5)
            readings = [
                ("lab/temperature", "21.5", "1"),
                ("lab/humidity", "40", "2"),
                ("lab/door", "shut", "0"),
            ]
            for topic, reading, quality in readings:
                sender = client(
                    "mosquitto_pub",
                    "-i",
                    f"sensor-{quality}",
                    "-P",
                    "sesame",
                    "-t",
                    topic,
                    "-m",
                    reading,
                    "-q",
                    quality,
                )
                assert sender.wait(10) == 0
            assert (
                client("mosquitto_pub", "-i", "stranger", "-P", "wrong", "-t", "lab/door", "-m", "open").wait(
                    10
                )
                != 0
            )
            assert display.wait(10) == 0
            time.sleep(1)
            dumpcap.terminate()
            dumpcap.wait(10)
        finally:
            running.terminate()


def broker(folder: Path) -> "subprocess.Popen[bytes]":
    """Start mosquitto with one user, and wait until it listens."""
    passwords, settings = folder / "passwords", folder / "mosquitto.conf"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "lab", "sesame"], check=True)
    passwords.chmod(0o644)
    folder.chmod(0o755)  # mosquitto gives up root's rights
    settings.write_text(SETTINGS.format(passwords=passwords), encoding="utf-8")
    running = subprocess.Popen(["mosquitto", "-c", settings])
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(PORT))) == 0:
                return running
        time.sleep(0.1)
    running.kill()
    raise SystemExit("mosquitto does not listen")


def capturing() -> "subprocess.Popen[bytes]":
    """Start dumpcap; a classic pcap file says nothing about the machine that it was recorded on."""
    command = ["dumpcap", "-q", "-P", "-i", "lo", "-f", f"tcp port {PORT}", "-w", str(CAPTURE)]
    started = subprocess.Popen(command)
    time.sleep(1.5)
    return started


def client(*command: str) -> "subprocess.Popen[bytes]":
    """Start a client of mosquitto's."""
    return subprocess.Popen([command[0], *ENDS, *command[1:]])


if __name__ == "__main__":
    record()
