import Application
import Primitives
import SIP
import Synchronization

/// A wire that keeps what is said on it.
final class RecordedWire: SignallingPlane {
  struct Sent: Sendable {
    var request: SIPRequest
    var id: ClientTransactionID
    var destination: SIPDestination?
  }

  struct Said: Sendable {
    var responses: [(SIPResponse, ServerTransactionID)] = []
    var requests: [Sent] = []
    var acknowledgements: [SIPRequest] = []
    var cancelled: [ClientTransactionID] = []
  }

  static let local = TransportAddress(.v4(0xC000_0201), port: 5060)
  private let said = Mutex(Said())

  func respond(_ response: SIPResponse, in transaction: ServerTransactionID) {
    said.withLock { $0.responses.append((response, transaction)) }
  }

  func send(_ request: SIPRequest, id: ClientTransactionID, destination: SIPDestination?) {
    said.withLock { $0.requests.append(Sent(request: request, id: id, destination: destination)) }
  }

  func acknowledge(_ request: SIPRequest, destination: SIPDestination?) {
    said.withLock { $0.acknowledgements.append(request) }
  }

  func cancel(_ id: ClientTransactionID) { said.withLock { $0.cancelled.append(id) } }

  func localAddress(toward destination: SIPDestination) -> SIPDestination? {
    SIPDestination(transport: destination.transport, address: RecordedWire.local)
  }

  var everything: Said { said.withLock { $0 } }

  func responses(in transaction: ServerTransactionID) -> [SIPResponse] {
    everything.responses.filter { $0.1 == transaction }.map(\.0)
  }

  func requests(_ method: SIPMethod) -> [Sent] { everything.requests.filter { $0.request.method == method } }
}
