"""The facts that two hand-written reports state are all in ours, with the right frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.render.reports import markdown_of

if TYPE_CHECKING:
    from pathlib import Path

CLOUD_RUN = (
    "client `172.20.126.187:36522`",
    "server `34.143.73.2:443`",
    "`34.143.73.2`, port 443 (HTTPS)",
    "port 36522: an ephemeral port",
    "The client's address `172.20.126.187` is private",
    "`vEthernet (WSL - Hyper-V firewall)`",
    "central1.run.app`: it stands in the SNI extension of the ClientHello in frame 20",
    '`tls.handshake.extensions_server_name == "ow-mcp-server-43787671200.us-central1.run.app"`',
    "`ip.addr == 34.143.73.2`",
    "names that end in `run.app` are handed out by `Google Cloud Run`",
    "MAC address `00:15:5d:85:3f:8b`, whose first bytes stand for `Microsoft (Hyper-V, WSL)`",
    "MAC address `00:15:5d:1c:a2:25`. The same address speaks for other IP addresses too",
    "network address translation (NAT)",
    "[17] SYN Seq=0 MSS=1460 Win=64240",
    "[18] SYN+ACK Seq=0 Ack=1 MSS=1412 Win=65535",
    "[19] ACK Seq=1 Ack=1",
    "TSval",
    "Frame 20 · ClientHello**, `172.20.126.187:36522` → `34.143.73.2:443`, 583 bytes",
    "the versions it speaks: `TLS 1.3`, `TLS 1.2`",
    "(ALPN): `http/1.1`",
    "(key share) over `x25519`",
    "KeyShare=x25519",
    "| PSH, ACK |",
    "Frame 21 · ACK**, server → client: the server's TCP confirms that the ClientHello has arrived (Ack=518:",
    "(Len=0)",
    "Frame 22 · ServerHello + ChangeCipherSpec**",
    "the server chooses `TLS 1.3` and the cipher suite `TLS_AES_256_GCM_SHA384`",
    "Frames 23–25 · segments of the same flight**",
    "which Wireshark puts together in frame 26",
    "From frame 26 on, everything is encrypted**",
    "Frame 30 · ChangeCipherSpec + Finished**",
    "| Client → server | 30–32, 73 | 30 |",
    "| Server → client | 26, 76–79, 82–83, 85–86, 88, 91–92, 95 | 26 |",
    "[31–32] Application Data",
    "[73] Application Data",
    "13 of the 14 frames with the server's data are 1466 bytes long",
    "1466 B ×13, 1438 B",
    "from the client 19, 27–29, 80–81, 84, 87, 90, 93, 96, 148, from the server 21, 33–34, 75",
    "with 1429 bytes of payload",
    "with 26373 bytes",
    "[145] FIN, ACK Seq=1430 Ack=26374",
    "[147] FIN, ACK Seq=26374 Ack=1431",
    "[148] ACK of the FIN Ack=26375",
    "**Frame 145 · FIN, ACK** from the client, Seq=1430, Ack=26374: the client closes first",
    "acknowledged in frame 147 with Ack=1431: 1430 + 1",
    "acknowledged in frame 148 with Ack=26375: 26374 + 1",
    "Frame 148 holds the last ACK",
    "`2600:1901:81d4:200::`",
    "frames 17–19",
    "without keys, `tcp.stream == 1 && (http || http2 || json)` shows nothing",
)

LOCAL_TUNNEL = (
    "client `192.168.0.6:64369`",
    "server `193.34.76.44:443`",
    "consecutive ports 64369–64371",
    "`bumpy-rice-work.loca.lt`",
    "names that end in `loca.lt` are handed out by `localtunnel`",
    "[1] SYN Seq=0 MSS=1460 Win=65535 WS=64 SACK_PERM",
    "[2] SYN+ACK Seq=0 Ack=1 MSS=1360 Win=64704 WS=512",
    "[3] ACK Seq=1 Ack=1",
    "**The segment sizes differ.** The client's 1460",
    "the server's 1360",
    "client's windows count times 64 and the server's times 512",
    "Frame 4 · ClientHello**",
    "Frame 5 · ServerHello + ChangeCipherSpec**",
    "| Client → server | 8–9, 13, 16 |",
    "| Server → client | 5–6, 10–11, 15 |",
    "**Frame 17 · FIN, ACK** from the client",
    "**Frame 22 · FIN, ACK** from the server",
    "| Spurious retransmission | 1 | 1 | 0 | 23 |",
    "| Duplicate ACK | 3 | 0 | 3 | 18–20 |",
    "**Frames 24–25 · RST**, 2 times, from the client",
    "| 0 | `192.168.0.6:64369` | `193.34.76.44:443` | `bumpy-rice-work.loca.lt` | 1–25 |",
    "| 1 | `192.168.0.6:64370` | `193.34.76.44:443` | `bumpy-rice-work.loca.lt` | 26–41 |",
    "| 2 | `192.168.0.6:64371` | `193.34.76.44:443` | `bumpy-rice-work.loca.lt` | 42–68 |",
    "[37] FIN, ACK",
    "[40] FIN, ACK",
    "[62] FIN, ACK",
    "[66] FIN, ACK",
    "[63–64] Duplicate ACK ×2",
    "**Duplicate ACK** ×2 (frames 63–64 ·",
    "RST from the server: it gives the connection up at once. (frame 68 ·",
    "2025-09-20T21:14:07.318204Z",
)

SPANISH = (
    "el handshake TCP de tres vías",
    "(tramas 17–19) se completa en 35,2 ms",
    "[148] ACK del FIN Ack=26375",
    "confirmado en la trama 147 con Ack=1431: 1430 + 1",
    "Wireshark reensambla en la trama 26",
    "Ack=518",
    "1466 B ×13, 1438 B",
)


@pytest.mark.parametrize("fact", CLOUD_RUN)
def test_the_write_up_of_the_cloud_run_session(replicas_dir: Path, fact: str) -> None:
    assert fact in markdown_of(replicas_dir / "cloud-run.pcapng", "en")


@pytest.mark.parametrize("fact", LOCAL_TUNNEL)
def test_the_write_up_of_the_local_tunnel(replicas_dir: Path, fact: str) -> None:
    assert fact in markdown_of(replicas_dir / "local-tunnel.pcap", "en")


@pytest.mark.parametrize("fact", SPANISH)
def test_the_same_in_spanish(replicas_dir: Path, fact: str) -> None:
    assert fact in markdown_of(replicas_dir / "cloud-run.pcapng", "es")
