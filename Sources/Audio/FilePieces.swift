/// The octets of a file that comes piece by piece: what is not yet taken, and where in the file that lies.
///
/// It holds what its reader leaves untaken and the newest piece, no more.
struct FilePieces: Sendable {
  private(set) var octets: [UInt8] = []
  /// Where in `octets` the next one is.
  private(set) var place = 0
  /// No more pieces come.
  private(set) var isLast = false
  /// Where in the file `octets` begins.
  private var base = 0

  /// From the start of the file.
  var offset: Int { base + place }
  var available: Int { octets.count - place }
  var isAtEnd: Bool { isLast && available == 0 }

  /// What comes after the last piece is no part of the file.
  mutating func append(_ more: [UInt8], isLast: Bool) {
    guard !self.isLast else { return }
    base += place
    if available == 0 {
      octets = more
    } else {
      octets.removeFirst(place)
      octets += more
    }
    place = 0
    self.isLast = isLast
  }

  /// The next octets, left where they are; nil if so many have not come.
  func peek(_ count: Int) -> [UInt8]? {
    count >= 0 && count <= available ? Array(octets[place..<place + count]) : nil
  }

  mutating func take(_ count: Int) -> [UInt8]? {
    guard let taken = peek(count) else { return nil }
    place += count
    return taken
  }

  /// Passes over as many as have come, at most `count`, and returns how many those were.
  mutating func skip(_ count: Int) -> Int {
    let skipped = min(max(count, 0), available)
    place += skipped
    return skipped
  }
}
