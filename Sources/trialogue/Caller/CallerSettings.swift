import Primitives
import SecureRTP

/// How a loop of callers works.
struct CallerSettings: Sendable {
  /// Where the callers' SIP goes to; nil for callers whose partners are agreed on already.
  var server: TransportAddress?
  /// What their SIP goes over; nil for UDP.
  var webSocket: CallerWebSocket?
  /// Where their sockets are bound.
  var local: IPAddress
  /// Beats of 20 ms: streams are spread over so many moments. 20 suits many callers, 4 a few.
  var slots = 20
  /// Streams that share a socket.
  var streamsPerSocket = 1
  var credentials: AgentCredentials?
  /// What browsers among the callers are known by; nil if there are none.
  var certificate: DTLSCertificate?
}
