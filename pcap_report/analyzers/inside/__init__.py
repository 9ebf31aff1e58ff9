"""What travels inside TLS, QUIC or plain TCP, out of the bytes of its streams: HTTP, SSE, WebSocket."""
