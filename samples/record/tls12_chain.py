"""Records `tls12-chain`: TLS 1.2 with a chain of three certificates, from OpenSSL's own server."""

from typing import Final

from certificates import make_chain
from netlab import Lab
from recording import recording
from topology import IPV4, SERVER, Road, python

HOST: Final = "docs.example.net"
CLIENT_PORT: Final = "50610"
SUITE: Final = "ECDHE-RSA-AES256-GCM-SHA384"
BODY: Final = (
    "<!doctype html>\n<title>Report</title>\n" + "<p>Numbers are facts; adjectives are not.</p>\n" * 60
)
PAGE: Final = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(BODY)}\r\n\r\n{BODY}"
"""With `-HTTP`, s_server sends a file as it is, headers included."""


def record() -> None:
    """s_server with leaf, intermediate and root; a client on Python's ssl; both say close_notify."""
    with recording("tls12-chain") as files, Lab(IPV4, Road(delay_ms=9.0)) as lab:
        chain = make_chain(files.scratch, HOST, key="rsa")
        issuers = chain.write_issuers(files.scratch / "issuers.pem")
        (files.scratch / "report.html").write_text(PAGE, newline="")
        server = [
            "openssl",
            "s_server",
            "-accept",
            f"{lab.addresses.server}:443",
            "-tls1_2",
            "-cipher",
            SUITE,
        ]
        server += ["-cert", str(chain.leaf), "-key", str(chain.leaf_key), "-cert_chain", str(issuers)]
        server += ["-alpn", "http/1.1", "-HTTP", "-quiet"]
        lab.start(SERVER, server, folder=files.scratch)
        lab.name_server(f"{HOST} A {lab.addresses.server}")
        logs = ["--ca", str(chain.root), "--keys", str(files.keys), "--log", str(files.log)]
        with lab.capture(files.capture):
            lab.run_client(python("http_client.py", HOST, "/report.html", *logs, "--port", CLIENT_PORT))


if __name__ == "__main__":
    record()
