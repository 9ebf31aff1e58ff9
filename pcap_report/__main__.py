"""`python -m pcap_report` is the `pcap-report` command."""

from pcap_report.cli.main import main

if __name__ == "__main__":
    main()
