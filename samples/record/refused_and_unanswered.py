"""Records `refused-and-unanswered`: a port that nobody listens on, and a host that never answers."""

from typing import Final

from netlab import Lab
from recording import recording
from topology import IPV4, Road

CLOSED_PORT: Final = "8443"
SILENT_HOST: Final = "203.0.113.66"
PATIENCE_S: Final = "5.5"
CURL: Final = ("curl", "--silent", "--output", "/dev/null", "--connect-timeout", PATIENCE_S)


def record() -> None:
    """Two attempts with curl, both in vain."""
    with recording("refused-and-unanswered") as files, Lab(IPV4, Road(delay_ms=10.0)) as lab:
        lab.route_nowhere(SILENT_HOST)
        closed = f"https://{lab.addresses.server}:{CLOSED_PORT}/"
        with lab.capture(files.capture):
            lab.run_client([*CURL, "--local-port", "50900", closed], check=False)
            lab.run_client([*CURL, "--local-port", "50901", f"https://{SILENT_HOST}/"], check=False)


if __name__ == "__main__":
    record()
