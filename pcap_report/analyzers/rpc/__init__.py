"""JSON-RPC 2.0 and MCP: messages, pairs and sessions, and an application log held against bursts."""
