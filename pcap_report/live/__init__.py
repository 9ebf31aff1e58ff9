"""Live capture by mode: what to record, where, for how long, and the program that does it."""
