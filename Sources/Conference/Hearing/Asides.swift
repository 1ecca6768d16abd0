/// A set of the voices in a room that only some members hear, by their places.
struct Asides: OptionSet, Hashable, Sendable {
  /// Such voices of one room at a time; another one is heard by nobody.
  static let maximum = 8
  static let all = Asides(rawValue: .max)

  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The voice in one place, 0 to 7.
  init(place: Int) { rawValue = 1 << UInt8(truncatingIfNeeded: place & 7) }

  /// The first place that nobody has; nil if all are taken.
  var vacancy: Int? { self == .all ? nil : (~rawValue).trailingZeroBitCount }
}
