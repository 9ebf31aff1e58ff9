"""Records `http-dns`: plain HTTP/1.1 with curl (a redirect, its target, a 404) behind a CNAME chain."""

from typing import Final

from curl_log import TRACE_OPTIONS, write_log
from message_log import MessageLog
from netlab import Lab
from recording import recording
from topology import IPV4, SERVER, Road, python

HOST: Final = "www.example.org"
CLIENT_PORT: Final = "50700"


def record() -> None:
    """Web server, name server, capture, curl: three requests on one connection."""
    with recording("http-dns") as files, Lab(IPV4, Road(delay_ms=7.0)) as lab:
        lab.start(SERVER, python("web_server.py", lab.addresses.server, "80"))
        lab.name_server(
            f"{HOST} CNAME web.example.org",
            "web.example.org CNAME edge-7.cdn.example.net",
            f"edge-7.cdn.example.net A {lab.addresses.server}",
        )
        pages = ["--location", f"http://{HOST}/guide", f"http://{HOST}/missing", "--output", "/dev/null"]
        with lab.capture(files.capture):
            command = ["curl", "--local-port", CLIENT_PORT, *TRACE_OPTIONS, *pages]
            trace = lab.run_client(command, environment={"TZ": "UTC"})
        write_log(trace, MessageLog(files.log))


if __name__ == "__main__":
    record()
