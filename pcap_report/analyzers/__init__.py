"""Facts. One question, one file; an analyzer never says "bad"."""
