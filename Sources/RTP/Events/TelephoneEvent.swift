/// A named event that somebody sent, once: usually a key of a telephone; RFC 4733, section 3.2.
package struct TelephoneEvent: Hashable, Sendable {
  package var event: UInt8
  /// RTP timestamp of its start.
  package var timestamp: UInt32
  /// In ticks of the clock that the sender really uses (browsers: the audio codec's).
  package var duration: UInt32

  package init(event: UInt8, timestamp: UInt32, duration: UInt32) {
    self.event = event
    self.timestamp = timestamp
    self.duration = duration
  }

  /// `0`…`9`, `*`, `#`, `A`…`D`; nil for flash and the events that are no keys.
  package var digit: Character? {
    guard event < 16 else { return nil }
    return Self.keys[Int(event)]
  }

  /// The event of a key, upper or lower case.
  package static func code(of key: Character) -> UInt8? {
    // A letter may become two in upper case (ß), which are no key.
    let upper = key.uppercased()
    return keys.firstIndex { String($0) == upper }.flatMap { UInt8(exactly: $0) }
  }

  static let keys: [Character] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "A", "B", "C", "D"]
}
