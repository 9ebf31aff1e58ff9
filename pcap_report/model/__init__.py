"""Frozen records only: what the analyzers found, with evidence. No behaviour beyond derived values."""
