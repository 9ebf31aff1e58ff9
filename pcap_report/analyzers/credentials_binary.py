"""Log-ins of other protocols: LDAP, SNMP, Telnet, rlogin, SOCKS, MQTT, Redis, MySQL, PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pcap_report.analyzers.credentials_found import Found, Memory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.packet import Packet

_LDAP_NAME: Final = "ldap.name"
_LDAP_SECRET: Final = "ldap.simple"  # noqa: S105 - the name of a field
_COMMUNITY: Final = "snmp.community"
_RLOGIN_USER: Final = "rlogin.server_user_name"
_SOCKS: Final = ("socks.username", "socks.password")
_MQTT: Final = ("mqtt.username", "mqtt.passwd")
_REDIS: Final = "resp.bulk_string.value"
_MYSQL: Final = ("mysql.user", "mysql.passwd")
_POSTGRES_NAME: Final = "pgsql.parameter_name"
_POSTGRES_VALUE: Final = "pgsql.parameter_value"
_POSTGRES_SECRET: Final = "pgsql.password"  # noqa: S105 - the name of a field
_UDP_SOURCE: Final = "udp.srcport"

FIELDS: Final = (
    _LDAP_NAME,
    _LDAP_SECRET,
    _COMMUNITY,
    _RLOGIN_USER,
    *_SOCKS,
    *_MQTT,
    _REDIS,
    *_MYSQL,
    _POSTGRES_NAME,
    _POSTGRES_VALUE,
    _POSTGRES_SECRET,
    _UDP_SOURCE,
)

_SNMP_PORT: Final = 161
_TELNET_PORT: Final = 23
_RLOGIN_PORT: Final = 513
_AUTH: Final = "41555448"
"""AUTH in hexadecimal, as tshark prints it."""
_MD5_LENGTH: Final = 35


def read_ldap(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Simple bind (RFC 4511, 4.2); an empty secret is none (RFC 4513, 5.1.1)."""
    del memory  # a bind request holds it all
    secret = packet.text(_LDAP_SECRET)
    if secret:
        yield Found("LDAP", "simple bind", packet.text(_LDAP_NAME), "password", len(secret))


def read_snmp(packet: Packet, memory: Memory) -> Iterator[Found]:
    """The community of versions 1 and 2c stands in every message (RFC 1157; RFC 1901)."""
    del memory  # a message holds it all
    community = packet.text(_COMMUNITY)
    if community:
        answers = packet.number(_UDP_SOURCE) == _SNMP_PORT
        yield Found("SNMP", "community", None, "community", len(community), from_server=answers)


def read_telnet(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Whatever is typed can be read (RFC 854); where a secret begins is not looked for."""
    if "seen" not in memory:
        memory["seen"] = ("", packet.frame)
        yield Found("Telnet", "plain text", None, None, None, from_server=packet.source_port == _TELNET_PORT)


def read_rlogin(packet: Packet, memory: Memory) -> Iterator[Found]:
    """The user's name stands in the first message (RFC 1282)."""
    user = packet.text(_RLOGIN_USER)
    if user is not None and "seen" not in memory:
        memory["seen"] = ("", packet.frame)
        answers = packet.source_port == _RLOGIN_PORT
        yield Found("rlogin", "plain text", user, None, None, from_server=answers)


def read_socks(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Username/password authentication (RFC 1929)."""
    del memory  # a request holds it all
    user, secret = (packet.text(field) for field in _SOCKS)
    if user is not None and secret is not None:
        yield Found("SOCKS", "username/password", user, "password", len(secret))


def read_mqtt(packet: Packet, memory: Memory) -> Iterator[Found]:
    """CONNECT with user name and password (MQTT 3.1.1, 3.1.3)."""
    del memory  # a CONNECT holds it all
    user, secret = (packet.text(field) for field in _MQTT)
    if user is not None:
        yield Found("MQTT", "CONNECT", user, "password" if secret else None, len(secret) if secret else None)


def read_redis(packet: Packet, memory: Memory) -> Iterator[Found]:
    """AUTH, with a name before the secret since Redis 6."""
    del memory  # a command holds it all
    words = packet.texts(_REDIS)
    if len(words) in {2, 3} and words[0].replace(":", "").upper() in {_AUTH, _AUTH.lower(), "61757468"}:
        user = (
            bytes.fromhex(words[1].replace(":", "")).decode("utf-8", "replace") if len(words) == 3 else None
        )
        yield Found("Redis", "AUTH", user, "password", len(words[-1].replace(":", "")) // 2)


def read_mysql(packet: Packet, memory: Memory) -> Iterator[Found]:
    """The handshake's response: a name, and the answer to a challenge."""
    del memory  # a response holds it all
    user, answer = (packet.text(field) for field in _MYSQL)
    if user is not None:
        length = len(answer.replace(":", "")) // 2 if answer else None
        yield Found("MySQL", "handshake", user, "hash" if answer else None, length)


def read_postgres(packet: Packet, memory: Memory) -> Iterator[Found]:
    """Name in the start-up message, then PasswordMessage: in the clear, or an MD5 hash (protocol 3.0)."""
    names, values = packet.texts(_POSTGRES_NAME), packet.texts(_POSTGRES_VALUE)
    for name, value in zip(names, values, strict=False):
        if name == "user":
            memory["user"] = (value, packet.frame)
    secret = packet.text(_POSTGRES_SECRET)
    if secret:
        user, frame = memory.pop("user", (None, None))
        hashed = secret.startswith("md5") and len(secret) == _MD5_LENGTH
        if hashed:
            yield Found("PostgreSQL", "md5", user, "hash", len(secret), frame)
        else:
            yield Found("PostgreSQL", "password", user, "password", len(secret), frame)
