"""The only place that knows tshark and capture files: find, ask, run, stream, and look at the bytes."""
