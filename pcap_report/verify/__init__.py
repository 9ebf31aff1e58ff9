"""Ask tshark again whether a report is true, statement by statement."""

from pcap_report.verify.again import Logs
from pcap_report.verify.records import Difference, Proof, Verdict, Verification
from pcap_report.verify.verifying import prove_one, verify, verify_fresh

__all__ = ["Difference", "Logs", "Proof", "Verdict", "Verification", "prove_one", "verify", "verify_fresh"]
