"""An analyzer for pcap-report: what is said over MQTT."""
