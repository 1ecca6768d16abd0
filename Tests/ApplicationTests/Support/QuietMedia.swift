import Conference
import Primitives
import Synchronization

/// A media plane without media: hands out ports and keeps what it is told.
final class QuietMedia: MediaPlane {
  let events: AsyncStream<(RoomID, RoomEvent)>
  let load = 0.0
  private let continuation: AsyncStream<(RoomID, RoomEvent)>.Continuation
  private let state = Mutex(State())

  private struct State {
    var opened: [LegID] = []
    var commands: [(RoomID, RoomCommand)] = []
    var refusal: MediaPlaneError?
    var isHeld = false
    var waiting: [CheckedContinuation<Void, Never>] = []
    var arrived: CheckedContinuation<Void, Never>?
  }

  init() { (events, continuation) = AsyncStream.makeStream(of: (RoomID, RoomEvent).self) }

  var opened: [LegID] { state.withLock { $0.opened } }
  var commands: [(RoomID, RoomCommand)] { state.withLock { $0.commands } }

  func refuse(_ error: MediaPlaneError?) { state.withLock { $0.refusal = error } }

  /// From now on legs open only when `release` is called.
  func hold() { state.withLock { $0.isHeld = true } }

  func release() {
    let waiting = state.withLock { state in
      state.isHeld = false
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }

  /// Returns when somebody waits for a leg.
  func awaitWaiting() async {
    await withCheckedContinuation { continuation in
      let isThere = state.withLock { state in
        if !state.waiting.isEmpty { return true }
        state.arrived = continuation
        return false
      }
      if isThere { continuation.resume() }
    }
  }

  func openRoom(_ room: RoomID, plan: RoomPlan) {}
  func closeRoom(_ room: RoomID) {}
  func moveLeg(_ leg: LegID, from source: RoomID, to destination: RoomID) {}
  func post(_ command: RoomCommand, to room: RoomID) { state.withLock { $0.commands.append((room, command)) } }

  func openLeg(
    _ leg: LegID, in room: RoomID, family: AddressFamily, kind: LegKind
  ) async throws(MediaPlaneError) -> LegPorts {
    if state.withLock({ $0.isHeld }) {
      await withCheckedContinuation { continuation in
        let arrived = state.withLock { state in
          state.waiting.append(continuation)
          defer { state.arrived = nil }
          return state.arrived
        }
        arrived?.resume()
      }
    }
    if let refusal = state.withLock({ $0.refusal }) { throw refusal }
    let count = state.withLock { state in
      state.opened.append(leg)
      return state.opened.count
    }
    let port = UInt16(20_000 + 2 * count)
    let ip: IPAddress = family == .v6 ? .loopbackV6 : .v4(0xC000_0201)
    return LegPorts(rtp: TransportAddress(ip, port: port), rtcp: TransportAddress(ip, port: port + 1))
  }
}
