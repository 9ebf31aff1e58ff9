"""Read a large capture in shards, and put what was found together: exactly the report of a single pass.

Each shard goes through a tshark of its own, in a process of its own, so memory is bounded by the shard and
not by the capture. See docs/scale.md.
"""
