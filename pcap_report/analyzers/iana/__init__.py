"""IANA's names for the numbers in TLS and DNS."""
