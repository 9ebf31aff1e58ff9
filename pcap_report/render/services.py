"""What usually listens on a port."""

from __future__ import annotations

from typing import Final

SERVICES: Final = {
    20: "FTP",
    21: "FTP",
    22: "SSH",
    25: "SMTP",
    53: "DNS",
    80: "HTTP",
    110: "POP3",
    143: "IMAP",
    443: "HTTPS",
    465: "SMTPS",
    587: "SMTP",
    853: "DNS over TLS",
    993: "IMAPS",
    995: "POP3S",
    3306: "MySQL",
    5432: "PostgreSQL",
    8080: "HTTP",
    8443: "HTTPS",
}
"""What usually listens on a port; the port alone proves nothing."""
