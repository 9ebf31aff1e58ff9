"""Which DNS answer a connection may have come from: of its client if there is one, among the latest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pcap_report.engine.names import Names
from pcap_report.model.around import DnsLookup
from pcap_report.model.flow import Flow

SERVER = "198.51.100.7"
LOOKED_AT = 100


def lookup(frame: int, name: str, client: str, address: str) -> DnsLookup:
    return DnsLookup(
        frame=frame - 1,
        response_frame=frame,
        name=name,
        type="A",
        rcode="NOERROR",
        answers=(address,),
        rtt_ms=1.0,
        client=client,
    )


def flow(frame: int, client: str) -> Flow:
    made = Flow(0, frame, 0, 0)
    made.client, made.server = (client, 50_000), (SERVER, 443)
    return made


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.sampled_from((SERVER, "192.0.2.1"))),
        max_size=150,
    ),
    st.integers(0, 320),
    st.sampled_from("xyz"),
)
def test_own_answers_come_first(looked_up: list[tuple[str, str, str]], frame: int, client: str) -> None:
    lookups = [lookup(2 * place + 2, *one) for place, one in enumerate(looked_up)]
    answers = [one for one in lookups if one.answers == (SERVER,) and (one.response_frame or 0) < frame]
    recent = answers[-LOOKED_AT:]
    chosen = [one for one in recent if one.client == client] or recent
    latest = {one.name: one.response_frame for one in chosen}
    found = Names(lookups, ()).of(flow(frame, client), None, None)
    assert {one.name: one.frame for one in found} == latest
    assert [one.frame for one in found] == sorted(frame for frame in latest.values() if frame is not None)
