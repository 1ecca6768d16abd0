import Conference
import Synchronization

/// What waits for the writer thread: bounded in octets, so that a disk that hangs costs octets of recordings and no memory.
///
/// Media threads only append. What does not fit is counted for its file, and the file's next step carries the count.
final class WriterQueue: Sendable {
  /// A step and the room that is told about its outcome.
  struct Entry: Sendable {
    var room: RoomID
    var write: RecordingWrite
    /// Octets of the step's file that were dropped just before it.
    var droppedBefore: Int64
  }

  private struct State {
    var entries: [Entry] = []
    var octets = 0
    var dropped: [RecordingFile: Int64] = [:]
  }

  /// Octets that may wait.
  let capacity: Int
  private let state: Mutex<State>

  init(capacity: Int) {
    self.capacity = capacity
    state = Mutex(State())
  }

  /// Appends a step. Returns the octets that had to be dropped instead.
  func append(_ write: RecordingWrite, room: RoomID) -> Int64 {
    state.withLock { state in
      switch write {
      case .append(let file, let octets):
        if state.octets + octets.count > capacity {
          state.dropped[file, default: 0] &+= Int64(octets.count)
          return Int64(octets.count)
        }
        state.octets += octets.count
        state.entries.append(
          Entry(room: room, write: write, droppedBefore: state.dropped.removeValue(forKey: file) ?? 0))
      case .zeros(let file, let count):
        if let dropped = state.dropped[file] {
          // Silence may join the gap: both read as zeros. So a hanging disk makes no list of silences grow.
          state.dropped[file] = dropped &+ count
          return 0
        }
        // The queue holds few steps without octets; count something, so that they are bounded as well.
        state.octets += 1
        state.entries.append(Entry(room: room, write: write, droppedBefore: 0))
      case .patch(_, _, let octets):
        // The next patch says the same and more; the last one, before the end, is let in by the margin.
        if state.octets > capacity + capacity / 4 { return 0 }
        state.octets += octets.count
        state.entries.append(Entry(room: room, write: write, droppedBefore: 0))
      case .open, .create:
        state.entries.append(Entry(room: room, write: write, droppedBefore: 0))
      case .finish(let recording, _):
        for (file, dropped) in state.dropped where file.recording == recording {
          // An empty step takes the count to the file.
          state.entries.append(Entry(room: room, write: .append(file, []), droppedBefore: dropped))
          state.dropped[file] = nil
        }
        state.entries.append(Entry(room: room, write: write, droppedBefore: 0))
      }
      return 0
    }
  }

  /// Exchanges what waits for `entries`, which must be empty.
  func collect(into entries: inout [Entry]) {
    state.withLock { state in
      guard !state.entries.isEmpty else { return }
      swap(&state.entries, &entries)
      state.octets = 0
    }
  }

  var isEmpty: Bool { state.withLock { $0.entries.isEmpty } }
}
