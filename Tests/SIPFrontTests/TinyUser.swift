import Application
import Primitives
import SIP

@testable import SIPFront

/// A transaction user that answers by the shortest rules, or leaves the answering to the test.
actor TinyUser: SignallingUser {
  enum Manner: Sendable {
    /// 180 and 200 to INVITE, 200 to everything else.
    case answers
    /// 180 to INVITE; 487 when cancelled.
    case rings
    /// Says nothing.
    case listens
  }

  private let manner: Manner
  private weak var front: SIPFront?
  private let continuation: AsyncStream<SignallingEvent>.Continuation
  nonisolated let events: AsyncStream<SignallingEvent>
  private var invites: [ServerTransactionID: SIPRequest] = [:]
  private(set) var requests = 0
  private(set) var acknowledgements = 0
  private(set) var sources: [SIPSource] = []
  /// Holds `receive` up until the test lets go.
  private var gate: CheckedContinuation<Void, Never>?
  private var isHeld = false

  init(_ manner: Manner) {
    self.manner = manner
    (events, continuation) = AsyncStream.makeStream(of: SignallingEvent.self)
  }

  func attach(_ front: SIPFront) { self.front = front }
  func hold() { isHeld = true }
  func release() {
    isHeld = false
    gate?.resume()
    gate = nil
  }

  func receive(_ event: SignallingEvent) async {
    if isHeld { await withCheckedContinuation { gate = $0 } }
    switch event {
    case .request(let request, let id, let source):
      requests += 1
      sources.append(source)
      answer(request, id)
    case .acknowledged: acknowledgements += 1
    case .cancelled(let id):
      if let invite = invites.removeValue(forKey: id) {
        front?.respond(SIPResponse(status: 487, to: invite, toTag: "u"), in: id)
      }
    case .response, .failed: break
    }
    continuation.yield(event)
  }

  private func answer(_ request: SIPRequest, _ id: ServerTransactionID) {
    switch manner {
    case .listens: break
    case .rings where request.method == .invite:
      invites[id] = request
      front?.respond(SIPResponse(status: 180, to: request, toTag: "u"), in: id)
    case .answers where request.method == .invite:
      front?.respond(SIPResponse(status: 180, to: request, toTag: "u"), in: id)
      var response = SIPResponse(status: 200, to: request, toTag: "u")
      response.headers.append("Contact", "<sip:tiny@127.0.0.1>")
      front?.respond(response, in: id)
    case .answers, .rings:
      front?.respond(SIPResponse(status: 200, to: request, toTag: "u"), in: id)
    }
  }

  /// The next event; waits for it.
  nonisolated func next() async throws -> SignallingEvent {
    for await event in events { return event }
    throw ScriptedPeer.Unexpected()
  }
}

/// Starts a front with listeners of its own on loopback, and ends it after the test's body.
///
/// Its timers wait long, so that on a busy machine nothing is repeated, and no 100 comes, that the test did not ask for.
func withFront(
  _ manner: TinyUser.Manner, listeners: [SIPFrontConfiguration.Listener]? = nil,
  configure: (inout SIPFrontConfiguration) -> Void = { _ in },
  _ body: (SIPFront, TinyUser) async throws -> Void
) async throws {
  let loopback = TransportAddress(.loopbackV4, port: 0)
  var configuration = SIPFrontConfiguration(listeners: listeners ?? [.init(.udp, loopback), .init(.tcp, loopback)])
  configuration.timers.t1 = .seconds(30)
  configuration.timers.trying = .seconds(30)
  configure(&configuration)
  let user = TinyUser(manner)
  let front = SIPFront(configuration: configuration, user: user)
  await user.attach(front)
  try await front.start()
  do {
    try await body(front, user)
  } catch {
    await user.release()
    await front.stop()
    throw error
  }
  await user.release()
  await front.stop()
}
