"""Questions put to reports: what is expected of a capture, and what has changed between two."""
