"""Packets to connections: who is client and why, Zeek's history and state, Community ID."""
