import Primitives
import SIP

/// What SIPFront is told once, at its start.
package struct SIPFrontConfiguration: Sendable {
  /// Where to listen. UDP, TCP and TLS; port 0 lets the system choose.
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

  /// What connections by TLS are accepted with.
  package var identity: TLSIdentity?
  /// What the servers must prove that we open TLS to.
  package var trust: TLSTrust = .system

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
  /// A WebSocket client that was silent for this long is asked for a sign of life, and is gone if it gives none as long again.
  package var pingInterval = Duration.seconds(30)
  /// How long a WebSocket client has to answer our wish to close.
  package var closeDeadline = Duration.seconds(2)

  /// Octets that the kernel may hold for a UDP listener.
  package var receiveBuffer: Int = 4 << 20
  package var timers = TransactionTimers()
  /// What a request must be like to reach the user.
  package var validation = RequestValidation()
  package var limits = TransactionLayer.Limits()

  package init(listeners: [Listener]) { self.listeners = listeners }
}
