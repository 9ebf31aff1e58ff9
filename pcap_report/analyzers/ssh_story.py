"""What is said about an SSH connection, with the frames that prove it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pcap_report.analyzers.filters import frame_filter, in_stream
from pcap_report.analyzers.proof import claim
from pcap_report.model.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pcap_report.model.evidence import Claim
    from pcap_report.model.ssh import SshSession


def claims_of(session: SshSession) -> Iterator[Claim]:
    """Say who speaks which version, what was agreed on, and from where on nothing can be read."""
    stream = session.connection
    sides = (
        ("client", session.client_banner, session.client_banner_frame),
        ("server", session.server_banner, session.server_banner_frame),
    )
    for side, banner, frame in sides:
        if banner is not None and frame is not None:
            text = (
                msg("The SSH client names itself %(banner)s.", banner=banner)
                if side == "client"
                else msg("The SSH server names itself %(banner)s.", banner=banner)
            )
            yield claim(
                f"ssh.banner.{stream}.{side}",
                text,
                [frame],
                in_stream(stream, frame_filter([frame])),
                [(frame, "ssh.protocol", banner)],
            )
    chosen, client, server = session.chosen, session.client_offer, session.server_offer
    if chosen is not None and client is not None and server is not None:
        frames = [client.frame, server.frame]
        text = msg(
            "SSH offers of both sides lead to %(kex)s, %(host_key)s and %(cipher)s.",
            kex=chosen.kex,
            host_key=chosen.host_key,
            cipher=chosen.cipher_client_to_server,
        )
        yield claim(f"ssh.chosen.{stream}", text, frames, in_stream(stream, frame_filter(frames)))
    frame = session.encrypted_from_frame
    if frame is not None:
        yield claim(
            f"ssh.encrypted.{stream}",
            msg("From here on SSH is encrypted."),
            [frame],
            in_stream(stream, frame_filter([frame])),
        )
