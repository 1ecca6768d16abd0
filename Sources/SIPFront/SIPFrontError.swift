import Primitives
import SIP

/// Why SIPFront did not start; costs the process.
package enum SIPFrontError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotListen(transport: SIPTransport, address: TransportAddress, reason: String)
  /// WebSocket connections come by the web's listener.
  case unsupported(SIPTransport)
  /// A TLS listener, and no certificate.
  case noIdentity
  /// Those who vouch for TLS servers cannot be read.
  case noAuthorities(reason: String)
  case alreadyStarted
  /// Before `start` or after `stop`.
  case notRunning

  package var description: String {
    switch self {
    case .cannotListen(let transport, let address, let reason):
      "cannot listen on \(transport.rawValue) \(address): \(reason)"
    case .unsupported(let transport): "no listener for \(transport.rawValue): only UDP, TCP and TLS"
    case .noIdentity: "TLS needs a certificate and its key"
    case .noAuthorities(let reason): "the authorities of TLS cannot be read: \(reason)"
    case .alreadyStarted: "SIP is started already"
    case .notRunning: "SIP is not running"
    }
  }
}
