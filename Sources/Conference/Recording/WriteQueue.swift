/// What waits for the disk: bounded, so that a slow disk costs recordings their octets and never the calls anything.
struct WriteQueue: Sendable {
  /// Octets that may wait for one room.
  static let capacity = 4 << 20

  private var writes = OutputQueue<RecordingWrite>()
  private var octets = 0

  mutating func next() -> RecordingWrite? {
    guard let write = writes.next() else { return nil }
    octets -= Self.size(write)
    return write
  }

  /// Whether so many octets of audio would be taken now.
  func hasRoom(for octets: Int) -> Bool { self.octets + octets <= Self.capacity }

  /// Always taken: ask `hasRoom` before audio goes in. What keeps a recording whole (headers, ends) is small and needs no room.
  mutating func append(_ write: RecordingWrite) {
    octets += Self.size(write)
    writes.append(write)
  }

  private static func size(_ write: RecordingWrite) -> Int {
    switch write {
    case .append(_, let bytes): bytes.count
    case .patch(_, _, let bytes): bytes.count
    case .open, .create, .zeros, .finish: 0
    }
  }
}
