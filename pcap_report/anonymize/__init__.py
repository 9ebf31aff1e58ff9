"""Pseudonyms for addresses and names, to publish a report; and the check that none was missed."""

from pcap_report.anonymize.gate import OriginalLeftError, require_clean
from pcap_report.anonymize.key import Key
from pcap_report.anonymize.report import Anonymized, anonymize

__all__ = ["Anonymized", "Key", "OriginalLeftError", "anonymize", "require_clean"]
