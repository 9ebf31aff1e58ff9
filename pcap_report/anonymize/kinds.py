"""What each string of a report is, and so what becomes of it: one table for all records."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a string is."""

    OURS = "ours"
    """A word of ours, IANA's or tshark's, or a fingerprint of software: kept."""
    SAID = "said"
    """A message in the report's language: said again afterwards."""
    ADDRESS = "address"
    """An IP address, or a prefix."""
    MAC = "mac"
    VENDOR = "vendor"
    """What a MAC address's prefix means: left out, for the prefix is replaced."""
    NAME = "name"
    """A host's name, also an address or either with a port."""
    ANSWER = "answer"
    """A DNS answer: an address, a name, or the text of another record."""
    URL = "url"
    """A URL or a path."""
    SUBJECT = "subject"
    """A certificate's distinguished name (RFC 4514)."""
    USER = "user"
    """Who logs in, also an e-mail address."""
    FILE = "file"
    HEX = "hex"
    """Random bytes or a fingerprint that find one connection, certificate or file again."""
    TIME = "time"
    """A date with time: moved by a secret span."""
    FILTER = "filter"
    """A display filter."""
    CAPTURE_FILTER = "capture_filter"
    COMMUNITY = "community"
    """A Community ID: computed again from the pseudonyms."""
    FAILURE = "failure"
    """What an analyzer stumbled over."""
    TEXT = "text"
    """Free text: replaced by its length."""
    LEARNED = "learned"
    """A value of a message of another's analyzer: the pseudonym where it is known, else as free text."""
    # Kept where they are of a usual form, else replaced as free text.
    ALPN = "alpn"
    METHOD = "method"
    REASON = "reason"
    MEDIA_TYPE = "media_type"
    AGENT = "agent"
    BANNER = "banner"
    ALGORITHM = "algorithm"
    PROGRAM = "program"
    SYSTEM = "system"
    INTERFACE = "interface"
    MASK = "mask"
    RPC_METHOD = "rpc_method"
    DATED_VERSION = "dated_version"
    TOKEN = "token"  # noqa: S105 - a word of a protocol's closed set


K = Kind


def _all(kind: Kind, names: str) -> dict[str, Kind]:
    return dict.fromkeys(names.split(), kind)


FIELDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    "LayerField": {},  # by the name of its field, see fields.py
    "Layer": _all(K.OURS, "protocol"),
    "FrameAnatomy": _all(K.OURS, "role"),
    "DnsLookup": _all(K.NAME, "name cnames")
    | _all(K.ADDRESS, "client server")
    | _all(K.ANSWER, "answers")
    | _all(K.OURS, "type rcode answer_types")
    | _all(K.OURS, "transport"),
    "HttpExchange": _all(K.NAME, "host")
    | _all(K.URL, "path referrer origin")
    | _all(K.METHOD, "method")
    | _all(K.REASON, "reason provisional_reason")
    | _all(K.MEDIA_TYPE, "content_type")
    | _all(K.AGENT, "user_agent")
    | _all(K.TOKEN, "version content_encoding"),
    "HttpHeader": _all(K.OURS, "name") | _all(K.TEXT, "value"),
    "HttpBody": _all(K.OURS, "kind") | _all(K.MEDIA_TYPE, "media_type") | _all(K.TEXT, "shape text"),
    "EventMessage": _all(K.TEXT, "name"),
    "Inside": _all(K.OURS, "labels") | _all(K.ALPN, "protocol") | _all(K.FAILURE, "unread"),
    "Decryption": _all(K.FILE, "key_log"),
    "KeyLogLabel": _all(K.OURS, "label"),
    "RpcMessage": _all(K.TEXT, "id tool error_message") | _all(K.RPC_METHOD, "method"),
    "MethodCalls": _all(K.RPC_METHOD, "method") | _all(K.TEXT, "tools"),
    "McpSession": _all(
        K.TEXT,
        "client_name client_version server_name server_version client_capabilities server_capabilities"
        " tools_listed tools_called",
    )
    | _all(K.DATED_VERSION, "protocol_version"),
    "RpcLog": _all(K.FILE, "file"),
    "UnmatchedMessage": _all(K.OURS, "kind") | _all(K.RPC_METHOD, "method") | _all(K.TEXT, "id"),
    "Generator": _all(K.OURS, "name version tshark_version"),
    "Interface": _all(K.INTERFACE, "name")
    | _all(K.OURS, "link_type")
    | _all(K.TEXT, "description")
    | _all(K.CAPTURE_FILTER, "capture_filter"),
    "FrameComment": _all(K.TEXT, "text"),
    "ReadingStopped": _all(K.OURS, "note"),
    "ProtocolCount": _all(K.OURS, "path"),
    "CaptureInfo": _all(K.FILE, "file")
    | _all(K.HEX, "sha256")
    | _all(K.OURS, "format missing_fields")
    | _all(K.TIME, "first_packet_at")
    | _all(K.FILTER, "display_filter")
    | _all(K.TEXT, "comment reader_note")
    | _all(K.PROGRAM, "capture_application")
    | _all(K.SYSTEM, "capture_os"),
    "ServerName": _all(K.NAME, "name"),
    "Hosting": _all(K.NAME, "suffix") | _all(K.TEXT, "service"),
    "Client": _all(K.ADDRESS, "ip") | _all(K.MAC, "mac") | _all(K.VENDOR, "mac_meaning"),
    "Server": _all(K.ADDRESS, "ip")
    | _all(K.MAC, "mac")
    | _all(K.VENDOR, "mac_meaning")
    | _all(K.NAME, "names"),
    "Connection": _all(K.OURS, "conn_state history")
    | _all(K.COMMUNITY, "community_id")
    | _all(K.FILTER, "display_filter"),
    "ConnectionGroup": _all(K.ADDRESS, "client_ip server_ip"),
    "Credential": _all(K.OURS, "protocol")
    | _all(K.TOKEN, "mechanism")
    | _all(K.ADDRESS, "client server")
    | _all(K.USER, "user"),
    "DhcpMessage": _all(K.OURS, "type"),
    "DhcpExchange": _all(K.HEX, "transaction_id")
    | _all(K.MAC, "client_mac")
    | _all(K.NAME, "hostname domain")
    | _all(K.TEXT, "vendor_class")
    | _all(K.ADDRESS, "requested offered server relay routers dns_servers")
    | _all(K.MASK, "subnet_mask"),
    "DtlsConnectionId": _all(K.HEX, "id"),
    "FieldValue": {},  # by the name of its field
    "Claim": _all(K.OURS, "id") | _all(K.SAID, "text") | _all(K.FILTER, "display_filter"),
    "RuleChange": _all(K.OURS, "rule"),
    "Acceptance": _all(K.OURS, "rule") | _all(K.TEXT, "reason server"),
    "KnownFindings": _all(K.OURS, "rule protocol") | _all(K.NAME, "server"),
    "Judging": _all(K.FILE, "baseline"),
    "UserRule": _all(K.OURS, "id each") | _all(K.TEXT, "when summary frames why next"),
    "NotEvaluated": _all(K.OURS, "rule") | _all(K.TEXT, "message"),
    "Finding": _all(K.OURS, "id") | _all(K.SAID, "summary") | _all(K.FILTER, "display_filter"),
    "NotVisible": _all(K.SAID, "what why"),
    "Attempt": _all(K.OURS, "analyzer") | _all(K.FAILURE, "message"),
    "QuotedPacket": _all(K.ADDRESS, "source destination"),
    "IcmpError": _all(K.OURS, "meaning") | _all(K.ADDRESS, "sender receiver gateway"),
    "Neighbour": _all(K.ADDRESS, "ip prefixes") | _all(K.MAC, "mac"),
    "AddressConflict": _all(K.ADDRESS, "ip") | _all(K.MAC, "macs"),
    "Neighbours": _all(K.ADDRESS, "unanswered"),
    "VersionNegotiation": _all(K.OURS, "versions"),
    "Retry": _all(K.HEX, "scid"),
    "ConnectionClose": _all(K.OURS, "error") | _all(K.TEXT, "reason"),
    "Quic": _all(K.OURS, "version original_version")
    | _all(K.HEX, "client_initial_dcid client_scid server_scid"),
    "Report": {},
    "SshOffer": _all(
        K.ALGORITHM,
        "kex host_key ciphers_client_to_server ciphers_server_to_client macs_client_to_server"
        " macs_server_to_client compression_client_to_server compression_server_to_client",
    )
    | _all(K.OURS, "fingerprint"),
    "SshChoice": _all(
        K.ALGORITHM,
        "kex host_key cipher_client_to_server cipher_server_to_client mac_client_to_server"
        " mac_server_to_client"
        " compression_client_to_server compression_server_to_client",
    ),
    "SshSession": _all(K.ADDRESS, "client server")
    | _all(K.BANNER, "client_banner server_banner")
    | _all(K.TOKEN, "version")
    | _all(K.ALGORITHM, "host_key_type"),
    "ClientHello": _all(
        K.OURS,
        "record_version legacy_version supported_versions cipher_suites groups key_share_groups"
        " signature_algorithms extension_names"
        " compression_methods post_quantum_groups",
    )
    | _all(K.HEX, "random session_id")
    | _all(K.ALPN, "alpn")
    | _all(K.NAME, "sni")
    | _all(K.OURS, "ja3 ja4"),
    "ServerHello": _all(
        K.OURS,
        "version cipher_suite key_share_group legacy_version record_version extension_names"
        " compression_method",
    )
    | _all(K.ALPN, "alpn")
    | _all(K.OURS, "ja3s")
    | _all(K.HEX, "random session_id"),
    "Certificate": _all(K.SUBJECT, "subject issuer")
    | _all(K.TIME, "not_before not_after")
    | _all(K.NAME, "san")
    | _all(K.OURS, "key signature_algorithm")
    | _all(K.HEX, "sha256 serial")
    | _all(K.FAILURE, "error"),
    "Alert": _all(K.OURS, "level description"),
    "HelloRetryRequest": _all(K.OURS, "group cipher_suite version"),
    "NextProtocol": _all(K.ALPN, "offered selected"),
    "TlsTerms": _all(K.OURS, "compression"),
    "PlainBeginning": _all(K.OURS, "protocol"),
    "TlsHandshake": _all(K.OURS, "version cipher_suite key_exchange_group")
    | _all(K.ALPN, "alpn")
    | _all(K.NAME, "sni"),
    "Conversation": _all(K.ADDRESS, "a b") | _all(K.FILTER, "display_filter"),
    "TrafficEndpoint": _all(K.ADDRESS, "address"),
}
"""The strings of every record by its name, alone, in tuples or optional. What is not in it is free text."""

ARGUMENTS: Final[Mapping[str, Kind]] = (
    _all(K.ADDRESS, "address ip")
    | _all(K.NAME, "destination source sender server name sni end")
    | _all(K.MAC, "mac macs")
    | _all(K.ANSWER, "answers")
    | _all(K.URL, "path")
    | _all(K.HEX, "dcid")
    | _all(K.ALPN, "alpn")
    | _all(K.BANNER, "banner")
    | _all(K.METHOD, "method")
    | _all(K.RPC_METHOD, "rpc_method")
    | _all(K.ALGORITHM, "cipher host_key kex")
    | _all(K.FILTER, "filter")
    | _all(K.TIME, "not_after not_before")
    | _all(K.TOKEN, "mechanism")
    | _all(K.TEXT, "finding reason rpc_id tool")
    | _all(
        K.OURS,
        "alert error fields flag group groups interval key level meaning mtu numbers options percent ports"
        " rcode span protocol suite type"
        " version versions status",
    )
)
"""The strings in the values of messages, by name."""
