"""A frame taken apart, layer by layer."""

from __future__ import annotations

from msgspec import Struct


class LayerField(Struct, frozen=True):
    """One value of a layer."""

    name: str
    """tshark's field name."""
    value: str
    """As tshark prints it; several values of a frame are joined by a comma."""
    meaning: str | None = None
    """IANA's name of a number, or what the letters of the TCP flags stand for."""


class Layer(Struct, frozen=True):
    """One layer of a frame, from the outermost inwards."""

    protocol: str
    """tshark's name of the protocol: ``frame``, ``eth``, ``ip``, ``tcp``, ``tls``."""
    fields: tuple[LayerField, ...]


class FrameAnatomy(Struct, frozen=True):
    """The layers of one frame."""

    frame: int
    connection: int | None
    role: str
    """Why it is shown: ``syn``, ``syn_ack``, ``client_hello``, ``server_hello``, ``fin`` …"""
    layers: tuple[Layer, ...]
