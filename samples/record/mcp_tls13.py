"""Records `mcp-tls13`: an MCP session over TLS 1.3 on one keep-alive connection, with an orderly close."""

from typing import Final

from certificates import make_chain
from netlab import Lab
from recording import recording
from topology import IPV4, SERVER, Road, python

HOST: Final = "mcp.example.net"
VISIT: Final = ("50412", "orderly", "initialize", "notifications/initialized", "tools/list", "current_time")


def record() -> None:
    """Server, name server, capture, client."""
    with recording("mcp-tls13", log="rpc") as files, Lab(IPV4, Road(delay_ms=11.0)) as lab:
        chain = make_chain(files.scratch, HOST, key="rsa")
        certificate = chain.write_full(files.scratch / "full.pem")
        identity = ("--certificate", str(certificate), "--key", str(chain.leaf_key))
        lab.start(SERVER, python("mcp_server.py", lab.addresses.server, *identity))
        lab.name_server(f"{HOST} A {lab.addresses.server}")
        logs = ("--ca", str(chain.root), "--keys", str(files.keys), "--log", str(files.log))
        with lab.capture(files.capture):
            lab.run_client(python("mcp_client.py", HOST, *logs, "--visit", *VISIT))


if __name__ == "__main__":
    record()
