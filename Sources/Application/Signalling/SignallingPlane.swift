import Primitives
import SIP

/// SIP's wire as Application sees it; SIPFront implements it with sockets and the transaction layer.
///
/// Calls never block. The plane adds the top Via (with its branch) to requests, keeps retransmissions to itself, and
/// tells the outcome as `SignallingEvent`s.
package protocol SignallingPlane: Sendable {
  /// Sends a response in a server transaction. A 2xx to INVITE may be sent again with the same call until it is acknowledged.
  func respond(_ response: SIPResponse, in transaction: ServerTransactionID)

  /// Starts a client transaction; `id` is the caller's, to match the events. `destination` nil means: by the topmost
  /// Route or the request URI, RFC 3263.
  func send(_ request: SIPRequest, id: ClientTransactionID, destination: SIPDestination?)

  /// Sends the ACK of a 2xx, which is no transaction (RFC 3261, section 13.2.2.4).
  func acknowledge(_ request: SIPRequest, destination: SIPDestination?)

  /// CANCELs an INVITE that was sent with `id` as soon as RFC 3261, section 9.1, allows it.
  func cancel(_ id: ClientTransactionID)

  /// The address that peers at `destination` reach us at, for Contact, From and SDP; nil if no listener fits.
  func localAddress(toward destination: SIPDestination) -> SIPDestination?
}

/// What SIPFront tells Application, in order.
package enum SignallingEvent: Sendable {
  /// A new server transaction; every request gets a final response by `respond`. CANCEL and ACK never come here.
  case request(SIPRequest, ServerTransactionID, SIPSource)
  /// The ACK of a 2xx.
  case acknowledged(SIPRequest, SIPSource)
  /// The caller cancelled an INVITE that has no final response yet; the CANCEL itself is already answered with 200.
  case cancelled(ServerTransactionID)
  /// A response to a request of ours, provisional or final; 2xx to INVITE also when retransmitted or forked.
  case response(SIPResponse, ClientTransactionID)
  /// No final response came, the transport failed, or the name did not resolve.
  case failed(ClientTransactionID, SignallingFailure)
}

package enum SignallingFailure: Hashable, Sendable {
  case timeout
  case unreachable(reason: String)
}

/// Receives what comes by SIP: the transaction user of RFC 3261, section 17. Called one event at a time.
package protocol SignallingUser: Sendable {
  func receive(_ event: SignallingEvent) async
}

/// Where a message came from.
package struct SIPSource: Hashable, Sendable {
  package var transport: SIPTransport
  package var remote: TransportAddress
  /// Our address that the message reached.
  package var local: TransportAddress
  /// The connection, for transports that have one: answers and requests within the dialog go back on it.
  package var flow: FlowID?
  /// The page whose browser opened the WebSocket.
  package var origin: PageOrigin?
  package init(
    transport: SIPTransport, remote: TransportAddress, local: TransportAddress, flow: FlowID? = nil,
    origin: PageOrigin? = nil
  ) {
    self.transport = transport
    self.remote = remote
    self.local = local
    self.flow = flow
    self.origin = origin
  }
}

/// Where a message goes to.
package struct SIPDestination: Hashable, Sendable {
  package var transport: SIPTransport
  package var address: TransportAddress
  package var flow: FlowID?
  package init(transport: SIPTransport, address: TransportAddress, flow: FlowID? = nil) {
    self.transport = transport
    self.address = address
    self.flow = flow
  }
}

/// One connection of a stream transport.
package struct FlowID: Hashable, Sendable {
  package var rawValue: UInt64
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}
