"""What is said over MQTT (OASIS MQTT 3.1.1): who connects, what is published, how fast it is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from msgspec.structs import replace

from pcap_report.plugin import (
    ConnectionAnalyzer,
    Side,
    arrow,
    claim,
    display_filter_string,
    frame_filter,
    msg,
    msg_n,
    side_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.plugin import Claim, Flow, Message, Packet, Step

CONNECT, CONNACK, PUBLISH, PUBACK, PUBCOMP, SUBSCRIBE, UNSUBSCRIBE = 1, 2, 3, 4, 7, 8, 10
NUMBERED: Final = range(4, 12)
"""PUBACK to UNSUBACK always have a packet identifier (2.3.1)."""
NAMES: Final = {
    1: "CONNECT",
    2: "CONNACK",
    3: "PUBLISH",
    4: "PUBACK",
    5: "PUBREC",
    6: "PUBREL",
    7: "PUBCOMP",
    8: "SUBSCRIBE",
    9: "SUBACK",
    10: "UNSUBSCRIBE",
    11: "UNSUBACK",
    12: "PINGREQ",
    13: "PINGRESP",
    14: "DISCONNECT",
}
"""Control packets by type (2.2.1)."""
LISTED: Final = 100
"""Publications that are listed; the others are counted."""


class Session(Struct, frozen=True):
    """How a client logs in at the broker (3.1, 3.2)."""

    frame: int
    client_id: str
    answer_frame: int | None = None
    return_code: int | None = None
    """0 is accepted."""


class Publication(Struct, frozen=True):
    """A PUBLISH (3.3)."""

    frame: int
    sender: Side
    topic: str
    quality: int
    """Quality of service: 0 at most once, 1 at least once, 2 exactly once."""
    number: int | None
    """Packet identifier; None for quality 0."""
    acknowledged_frame: int | None = None
    """The PUBACK or PUBCOMP."""
    acknowledged_ms: float | None = None


class Mqtt(Struct, frozen=True):
    """What is said over MQTT on one connection."""

    session: Session | None
    publications: tuple[Publication, ...]
    omitted: int
    """Publications that are not listed."""
    packets: tuple[tuple[int, Side, str], ...]
    """Frame, sender and name of the first control packets."""


class MqttAnalyzer(ConnectionAnalyzer[Mqtt]):
    """What is said over MQTT: who logs in, what is published, and how fast it is acknowledged."""

    id = "example.mqtt"
    fields = (
        "mqtt.msgtype",
        "mqtt.clientid",
        "mqtt.conack.val",
        "mqtt.topic",
        "mqtt.qos",
        "mqtt.msgid",
    )
    heading = msg("MQTT")
    section = "section.md.j2"
    catalogs = "locale"

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow)
        self._session: Session | None = None
        self._publications: list[Publication] = []
        self._waiting: dict[tuple[Side, int], tuple[int, int]] = {}
        self._packets: list[tuple[int, Side, str]] = []
        self._omitted = 0

    def on_packet(self, packet: Packet) -> None:
        types = packet.numbers("mqtt.msgtype")
        if not types:
            return
        side = side_of(packet.from_client)
        self.flow.mark(packet)
        if len(self._packets) < LISTED:
            names = ", ".join(NAMES.get(one, str(one)) for one in types)
            self._packets.append((packet.frame, side, names))
        if CONNECT in types and self._session is None:
            self._session = Session(packet.frame, packet.text("mqtt.clientid") or "")
        if CONNACK in types and self._session is not None and self._session.answer_frame is None:
            code = packet.number("mqtt.conack.val")
            self._session = replace(self._session, answer_frame=packet.frame, return_code=code)
        self._publish(packet, types, side)

    def _publish(self, packet: Packet, types: list[int], side: Side) -> None:
        """Walk over the control packets of a frame: each field has a value for each packet that has it."""
        mixed = (
            SUBSCRIBE in types or UNSUBSCRIBE in types
        )  # both name topics, too: whose is whose is not told
        topics = iter([] if mixed else packet.texts("mqtt.topic"))
        qualities, numbers = iter(packet.numbers("mqtt.qos")), iter(packet.numbers("mqtt.msgid"))
        for kind in types:
            if kind == PUBLISH:
                quality = next(qualities, 0)
                number = next(numbers, None) if quality else None
                self._keep(Publication(packet.frame, side, next(topics, ""), quality, number), packet)
            elif kind in NUMBERED:
                number = next(numbers, None)
                if kind in {PUBACK, PUBCOMP} and number is not None:
                    self._acknowledge(packet, side, number)

    def _keep(self, publication: Publication, packet: Packet) -> None:
        if len(self._publications) == LISTED:
            self._omitted += 1
            return
        if publication.number is not None:
            place = (publication.sender, publication.number)
            self._waiting[place] = (len(self._publications), packet.time_ns)
        self._publications.append(publication)

    def _acknowledge(self, packet: Packet, side: Side, number: int) -> None:
        place, sent_ns = self._waiting.pop(("server" if side == "client" else "client", number), (None, 0))
        if place is not None:
            self._publications[place] = replace(
                self._publications[place],
                acknowledged_frame=packet.frame,
                acknowledged_ms=(packet.time_ns - sent_ns) / 1_000_000,
            )

    def result(self) -> Mqtt | None:
        if not self._packets:
            return None
        return Mqtt(self._session, tuple(self._publications), self._omitted, tuple(self._packets))

    def steps(self, result: Mqtt) -> list[Step]:
        return [
            arrow(self.flow, "app_data", side, [frame], 0.0, self._label(result, frame, name))
            for frame, side, name in result.packets
        ]

    def _label(self, result: Mqtt, frame: int, name: str) -> Message:
        published = (one.topic for one in result.publications if one.frame == frame and one.topic)
        topics = tuple(dict.fromkeys(published))
        return msg("%(packets)s %(topics)s", packets=name, topics=topics) if topics else msg(name)

    def claims(self, result: Mqtt) -> Iterator[Claim]:
        if result.session is not None:
            yield from self._login(result.session)
        topics = dict.fromkeys(one.topic for one in result.publications if one.topic)
        for number, topic in enumerate(topics, 1):
            frames = [one.frame for one in result.publications if one.topic == topic]
            yield self._about(f"example.mqtt.topic.{number}", topic, frames)

    def _login(self, session: Session) -> Iterator[Claim]:
        who = msg("The client %(mqtt_client)s asks the broker for a session.", mqtt_client=session.client_id)
        shows = f"{self.flow.display_filter} && mqtt.msgtype == {CONNECT} && {frame_filter([session.frame])}"
        values = [(session.frame, "mqtt.clientid", session.client_id)] if session.client_id else []
        yield claim("example.mqtt.login", who, [session.frame], shows, values)
        if session.answer_frame is None or session.return_code is None:
            return
        answer = (
            msg("The broker accepts it.")
            if session.return_code == 0
            else msg("The broker refuses it with code %(code)s.", code=session.return_code)
        )
        here = frame_filter([session.answer_frame])
        shows = f"{self.flow.display_filter} && mqtt.msgtype == {CONNACK} && {here}"
        values = [(session.answer_frame, "mqtt.conack.val", session.return_code)]
        yield claim("example.mqtt.answer", answer, [session.answer_frame], shows, values)

    def _about(self, name: str, topic: str, frames: list[int]) -> Claim:
        message = msg_n(
            "%(count)s message is published about %(topic)s.",
            "%(count)s messages are published about %(topic)s.",
            len(frames),
            topic=topic,
        )
        shows = " && ".join(
            (
                self.flow.display_filter,
                f"mqtt.msgtype == {PUBLISH}",
                f"mqtt.topic == {display_filter_string(topic)}",
                frame_filter(frames),
            )
        )
        return claim(name, message, frames, shows)
