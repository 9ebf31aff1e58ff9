"""Renderers: a report goes in, text comes out; strings out of packets pass through `safe` on their way."""
