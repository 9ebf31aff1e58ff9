"""Records `quic-h3`: HTTP/3 over QUIC version 1: a full handshake, a resumption with 0-RTT, a Retry."""

from typing import Final

from certificates import make_chain
from netlab import Lab
from recording import recording
from topology import IPV4, SERVER, Road, python

HOST: Final = "h3.example.net"
CLIENT_PORTS: Final = ("50910", "50911", "50912")


def record() -> None:
    """Two HTTP/3 servers, one of which answers with Retry first, name server, capture, the client."""
    with recording("quic-h3") as files, Lab(IPV4, Road(delay_ms=9.0)) as lab:
        chain = make_chain(files.scratch, HOST)
        certificate = chain.write_full(files.scratch / "full.pem")
        identity = ("--certificate", str(certificate), "--key", str(chain.leaf_key))
        lab.start(SERVER, python("h3_server.py", lab.addresses.server, "443", *identity))
        lab.start(SERVER, python("h3_server.py", lab.addresses.server, "8443", *identity, "--retry"))
        lab.name_server(f"{HOST} A {lab.addresses.server}")
        files_of_client = ("--ca", str(chain.root), "--keys", str(files.keys), "--log", str(files.log))
        with lab.capture(files.capture):
            lab.run_client(python("h3_client.py", HOST, *files_of_client, "--ports", *CLIENT_PORTS))


if __name__ == "__main__":
    record()
