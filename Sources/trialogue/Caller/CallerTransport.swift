import ArgumentParser

/// How the callers' SIP goes to the server.
enum CallerTransport: String, Sendable, CaseIterable, ExpressibleByArgument {
  case udp
  /// WebSocket without TLS (RFC 7118): one connection for all callers.
  case ws
}
