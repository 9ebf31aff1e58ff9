"""Records `ipv6-tls13`: curl over IPv6 and TLS 1.3, after asking for the AAAA record over IPv6."""

from typing import Final

from certificates import make_chain
from curl_log import TRACE_OPTIONS, write_log
from message_log import MessageLog
from netlab import Lab
from recording import recording
from topology import IPV6, SERVER, Road, python

HOST: Final = "six.example.net"
CLIENT_PORT: Final = "50800"


def record() -> None:
    """TLS web server, name server, capture, curl with its key log."""
    with recording("ipv6-tls13") as files, Lab(IPV6, Road(delay_ms=8.0)) as lab:
        chain = make_chain(files.scratch, HOST)
        certificate = chain.write_full(files.scratch / "full.pem")
        identity = ("--certificate", str(certificate), "--key", str(chain.leaf_key))
        lab.start(SERVER, python("web_server.py", lab.addresses.server, "443", *identity))
        lab.name_server(f"{HOST} AAAA {lab.addresses.server}")
        command = ["curl", "--local-port", CLIENT_PORT, "--cacert", str(chain.root), *TRACE_OPTIONS]
        environment = {"TZ": "UTC", "SSLKEYLOGFILE": str(files.keys)}
        with lab.capture(files.capture):
            trace = lab.run_client([*command, f"https://{HOST}/guide/"], environment=environment)
        write_log(trace, MessageLog(files.log))


if __name__ == "__main__":
    record()
