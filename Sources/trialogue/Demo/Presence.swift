import Application
import Synchronization

/// Who is in which room, from the server's events: callers speak when they are let in, not while they are being greeted.
final class Presence: Sendable {
  private let inside = Mutex<[String: Int]>([:])
  private let following: Mutex<Task<Void, Never>?> = Mutex(nil)

  init(_ events: AsyncStream<ServerEvent>) {
    let task = Task { [weak self] in
      for await event in events where event.name == "conf-join" {
        self?.inside.withLock { $0[event.values["room"] ?? "", default: 0] += 1 }
      }
    }
    following.withLock { $0 = task }
  }

  /// Waits until so many are in the room. Echo and announcements are no rooms: nobody joins there.
  func wait(for count: Int, in room: String) async throws {
    guard room.first?.isNumber != true else { return }
    for _ in 0..<500 {
      if inside.withLock({ $0[room] ?? 0 }) >= count { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw TargetProblem("nobody was let into room '\(room)' within 10 s")
  }

  func stop() { following.withLock { $0?.cancel() } }
}
