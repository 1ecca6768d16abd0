import Primitives

/// The other end of a transaction on the wire: a transport, two addresses and, on stream transports, the connection
/// (RFC 3261, section 18).
package struct TransactionPeer: Hashable, Sendable {
  package var transport: SIPTransport
  /// For a message that came: its source. For one that goes: where it goes to if `flow` is nil or closed.
  package var remote: TransportAddress
  /// Our address that the message reached or leaves from.
  package var local: TransportAddress
  /// The connection's number; nil for UDP, or when a connection has yet to be opened.
  package var flow: UInt64?
  /// The name that a TLS server has to prove when a connection is opened to it; nil: its address (RFC 5922).
  package var serverName: String?

  package init(transport: SIPTransport, remote: TransportAddress, local: TransportAddress, flow: UInt64? = nil) {
    self.transport = transport
    self.remote = remote
    self.local = local
    self.flow = flow
  }

  /// Where the responses to a request with this topmost Via go, when the request came from this peer: RFC 3261, section
  /// 18.2.2, with the `rport` of RFC 3581, section 4.
  ///
  /// The address is always the source address, which `received` would say, so nobody can have answers sent to a third
  /// party by a forged sent-by. For the same reason `maddr` is not followed.
  package func responsePeer(via: Via) -> TransactionPeer {
    var peer = self
    if transport.isReliable || !via.parameters.has("rport") {
      peer.remote.port = via.port ?? transport.defaultPort
    }
    return peer
  }
}
