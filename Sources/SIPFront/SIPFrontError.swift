import Primitives
import SIP

/// Why SIPFront did not start; costs the process.
package enum SIPFrontError: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotListen(transport: SIPTransport, address: TransportAddress, reason: String)
  case unsupported(SIPTransport)
  case alreadyStarted

  package var description: String {
    switch self {
    case .cannotListen(let transport, let address, let reason):
      "cannot listen on \(transport.rawValue) \(address): \(reason)"
    case .unsupported(let transport): "no listener for \(transport.rawValue): only UDP and TCP"
    case .alreadyStarted: "SIP is started already"
    }
  }
}
