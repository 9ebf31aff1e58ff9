"""The MCP server: an assistant gets the diagnosis of a capture, never its packets."""
