"""Records `lossy-three-connections`: three short MCP connections over a path that loses, delays and reorders.

The path does the same at every run. Seen from the client, where the capture runs:
- an acknowledgement that is lost or late makes the server send again what the client has long acknowledged:
  a spurious retransmission, answered by a duplicate ACK with a D-SACK block (RFC 2883);
- a segment that is lost or overtaken makes the receiver repeat its last acknowledgement: duplicate ACKs.
"""

from typing import Final

from certificates import make_chain
from lossy_path import LossyPath, Mishap
from netlab import Lab
from recording import recording
from topology import IPV4, SERVER, Road, python

HOST: Final = "calm-river-42.tunnel.example.net"
VISITS: Final = (
    ("50871", "hasty", "initialize", "notifications/initialized"),
    ("50872", "hasty", "tools/list"),
    ("50873", "orderly", "current_time", "echo"),
)
RESET_BY_SERVER: Final = "50873"
CLIENT_TIME_ZONE: Final = "America/Guatemala"
"""The application log of this sample holds naive local times, six hours behind UTC."""
SETTINGS: Final = (
    "net.ipv4.tcp_rmem=4096 65536 65536",  # can hardly grow: an ACK that moves the window is no duplicate
    "net.ipv4.tcp_comp_sack_nr=0",  # every segment out of order is answered at once
)
MISHAPS: Final = (
    Mishap(1, "server", "ack", 5),
    Mishap(1, "server", "data", 7),
    Mishap(2, "client", "data", 5, hold_s=0.045),
    Mishap(3, "server", "data", 6),
)


def record() -> None:
    """Server behind a tunnel with a smaller MTU, name server, capture, client."""
    path = LossyPath(MISHAPS)
    lab = Lab(IPV4, Road(38.0, 2.0, path.judge, server_mtu=1400, settings=SETTINGS))
    with recording("lossy-three-connections", log="rpc") as files, lab:
        chain = make_chain(files.scratch, HOST)
        certificate = chain.write_full(files.scratch / "full.pem")
        options = ["--certificate", str(certificate), "--key", str(chain.leaf_key)]
        options += ["--reset-port", RESET_BY_SERVER]
        lab.start(SERVER, python("mcp_server.py", lab.addresses.server, *options))
        lab.name_server(f"{HOST} A {lab.addresses.server}")
        client = ["--ca", str(chain.root), "--keys", str(files.keys)]
        client += ["--log", str(files.log), "--clock", "local"]
        for visit in VISITS:
            client += ["--visit", *visit]
        with lab.capture(files.capture, linger_s=2.5):
            lab.run_client(python("mcp_client.py", HOST, *client), environment={"TZ": CLIENT_TIME_ZONE})


if __name__ == "__main__":
    record()
