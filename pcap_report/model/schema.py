"""The version of the JSON report. It changes only with a changelog line."""

SCHEMA_VERSION = 1
