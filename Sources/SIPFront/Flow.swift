import Application
import NIOCore
import Primitives
import SIP

/// One connection of a stream transport, as the driver sees it.
struct Flow {
  enum State {
    /// Being opened by us; what waits to be sent is bounded.
    case connecting(waiting: [Waiting])
    case open(any Channel)
  }

  /// A message that waits for the connection.
  struct Waiting {
    var bytes: [UInt8]
    var owner: TransactionOwner
  }

  static let waitingLimit = 64

  let id: UInt64
  let transport: SIPTransport
  let remote: TransportAddress
  var local: TransportAddress
  /// Accepted ones count against their source.
  let isAccepted: Bool
  /// The name that the other end has proved by its certificate; nil: none was asked for.
  var serverName: String?
  var state: State
  var framer = SIPStreamFramer()
  /// The page that opened it, if a browser did.
  var origin: PageOrigin?
  /// When octets last came or went.
  var lastActivity: Instant
  /// Since when a complete message is owed; nil between messages.
  var owedSince: Instant?
}
