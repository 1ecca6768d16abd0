import Primitives
import SIP

/// What SIPFront is told once, at its start.
package struct SIPFrontConfiguration: Sendable {
  /// Where to listen. UDP and TCP; port 0 lets the system choose.
  package struct Listener: Hashable, Sendable {
    package var transport: SIPTransport
    package var address: TransportAddress
    package init(_ transport: SIPTransport, _ address: TransportAddress) {
      self.transport = transport
      self.address = address
    }
  }

  package var listeners: [Listener]
  /// Our addresses in the eyes of peers beyond our own networks (one of each family at most), if a translator stands between.
  package var publicAddresses: [IPAddress] = []

  // Caps: what exceeds them is closed, refused or dropped, and counted.
  package var connections = 10_000
  package var connectionsPerSource = 256
  /// Events that wait for the user; beyond it new requests get a stateless 503.
  package var pendingEvents = 2_048
  /// Seconds in the Retry-After of that 503.
  package var retryAfter = 10
  /// Look-ups of names under way at once.
  package var lookups = 64
  /// Octets that may wait in one connection before it is closed as too slow.
  package var unsentBytes = 1 << 20

  // Deadlines.
  /// A connection that brings no complete message within this is closed; also for the rest of a message once begun.
  package var messageDeadline = Duration.seconds(32)
  /// A connection without traffic is closed after this. RFC 5626 keeps connections alive every 120 s at most.
  package var idleDeadline = Duration.seconds(600)
  package var connectDeadline = Duration.seconds(10)

  /// Octets that the kernel may hold for a UDP listener.
  package var receiveBuffer: Int = 4 << 20
  package var timers = TransactionTimers()
  /// What a request must be like to reach the user.
  package var validation = RequestValidation()
  package var limits = TransactionLayer.Limits()

  package init(listeners: [Listener]) { self.listeners = listeners }
}
