"""Texts that anybody could have sent: they say which software speaks, and nothing about who uses it.

A stranger can put any text into these fields; what is not of the usual form is replaced like free text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pcap_report.anonymize.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION: Final = r"\d{1,4}(?:\.\d{1,4}){0,3}[a-z0-9]{0,4}"
_AGENTS: Final = (
    "curl|Wget|Mozilla|Go-http-client|python-requests|python-httpx|Python-urllib|aiohttp|okhttp|axios"
    "|node|undici"
    "|PostmanRuntime|libwww-perl|HTTPie|Microsoft-CryptoAPI|Microsoft-WNS|Debian APT-HTTP"
)
_MEDIA: Final = (
    "text/(?:plain|html|css|xml|csv|javascript|event-stream|calendar|markdown)"
    "|application/(?:json|xml|javascript|x-javascript|octet-stream|pdf|zip|gzip|x-www-form-urlencoded|grpc"
    "|soap\\+xml|xhtml\\+xml|ocsp-request|ocsp-response|pkix-crl|pkix-cert|dns-message|x-protobuf"
    "|json-rpc|ld\\+json"
    "|x-shockwave-flash|vnd\\.tcpdump\\.pcap|manifest\\+json|wasm|x-gzip|rss\\+xml|atom\\+xml)"
    "|image/(?:png|jpeg|jpg|gif|webp|avif|bmp|svg\\+xml|x-icon|vnd\\.microsoft\\.icon)"
    "|(?:audio|video)/(?:mpeg|mp4|ogg|webm|wav|x-flv|mp2t)|font/(?:woff2?|ttf|otf)"
    "|multipart/(?:form-data|mixed)"
)

USUAL: Final[Mapping[Kind, re.Pattern[str]]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        Kind.TOKEN: r"\d(?:\.\d\d?)?|gzip|x-gzip|br|zstd|deflate|compress|identity"
        r"|Basic|Digest|Negotiate|NTLM|Bearer|form|USER/PASS|APOP|(?:AUTH )?(?:PLAIN|LOGIN|CRAM-MD5"
        r"|NTLM|XOAUTH2)"
        r"|(?:AUTHENTICATE|SASL) (?:PLAIN|LOGIN)|simple|community|login|LOGIN",
        Kind.ALPN: r"h2|h2c|h3(?:-\d\d)?|hq-(?:interop|\d\d)|http/[01]\.[019]|h2-1[0-9]"
        r"|spdy/[1-4](?:\.1)?|dot|doq"
        r"|imap|pop3|ftp|stun\.turn|webrtc|c-webrtc|mqtt|xmpp-client|xmpp-server|smb|irc|acme-tls/1"
        r"|grpc-exp|ntske/1"
        r"|managesieve|coap|coaps|radius/1\.[01]|postgresql|perf|hq-29",
        Kind.METHOD: r"GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PROPFIND|PROPPATCH|MKCOL"
        r"|COPY|MOVE|LOCK"
        r"|UNLOCK|SEARCH|REPORT|NOTIFY|M-SEARCH|SUBSCRIBE|UNSUBSCRIBE|PRI",
        Kind.RPC_METHOD: r"initialize|ping|(?:tools|prompts|resources|roots)/list|tools/call|prompts/get"
        r"|resources/(?:read|subscribe|unsubscribe|templates/list)|completion/complete|logging/setLevel"
        r"|sampling/createMessage|elicitation/create|notifications/(?:initialized|cancelled|progress|message"
        r"|resources/updated|(?:tools|prompts|resources|roots)/list_changed)",
        Kind.DATED_VERSION: r"20\d\d-[01]\d-[0-3]\d",
        Kind.REASON: r"OK|Created|Accepted|No Content|Partial Content|Multi-Status|Moved Permanently"
        r"|Found|See Other"
        r"|Not Modified|Temporary Redirect|Permanent Redirect|Moved Temporarily|Bad Request"
        r"|Unauthorized|Forbidden"
        r"|Not Found|Method Not Allowed|Not Acceptable|Request Timeout|Conflict|Gone|Length Required"
        r"|Precondition Failed|Unprocessable (?:Entity|Content)|Too Many Requests|Internal Server Error"
        r"|Not Implemented|Bad Gateway|Service Unavailable|Gateway Time-?out|Continue|Switching Protocols"
        r"|Early Hints|Connection [Ee]stablished",
        Kind.MEDIA_TYPE: rf"(?:{_MEDIA})(?:; ?charset=\"?[A-Za-z0-9-]{{3,12}}\"?)?",
        Kind.AGENT: rf"(?:{_AGENTS})/{_VERSION}(?: \({_VERSION}\))?",
        Kind.BANNER: rf"SSH-(?:1\.\d\d?|2\.0)-(?:OpenSSH|dropbear|libssh2?|PuTTY_Release|paramiko|Go"
        rf"|AsyncSSH|JSCH|Cisco)"
        rf"(?:[_-]{_VERSION})?",
        Kind.ALGORITHM: r"[A-Za-z0-9][A-Za-z0-9-]{1,60}(?:,[A-Za-z0-9-]{1,30})?"
        r"(?:@(?:openssh\.com|libssh\.org|lysator\.liu\.se|ssh\.com))?",
        Kind.PROGRAM: r"(?:Dumpcap|Wireshark|TShark|Mergecap|Editcap|Text2pcap|Reordercap|Sharkd"
        r"|tcpdump|Npcap)"
        rf"(?: \(Wireshark\))?(?: {_VERSION})?(?: \((?:Git )?v[0-9A-Za-z.+~ -]{{1,60}}\))?",
        Kind.SYSTEM: rf"(?:Linux|macOS|Darwin|FreeBSD|OpenBSD|NetBSD|Windows|OS-X)(?: {_VERSION})?",
        Kind.INTERFACE: r"(?:eth|en|wlan|wl|lo|any|br|bridge|tun|utun|tap|veth|docker|null|wg)\d{0,3}",
        Kind.MASK: r"(?:(?:255|254|252|248|240|224|192|128|0)\.){3}(?:255|254|252|248|240|224|192|128|0)",
    }.items()
}
