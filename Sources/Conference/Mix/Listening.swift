/// What a listener hears of a room in one tick.
struct Listening: Hashable, Sendable {
  /// Which part of the room.
  enum Part: UInt8, Hashable, Sendable {
    /// Members and announcements.
    case room
    /// A deaf member hears announcements only.
    case announcements
    /// Not admitted: nothing but what is played to the member alone.
    case nothing
  }

  var hears: Part
  /// Voices that not everybody hears, on top of that.
  var asides: Asides = []
  /// The row of the listener's own voice, or nil if it is not in the sum.
  var minus: Int?
  /// Applied to everything.
  var gain: GainStep
  /// Applied to members and announcements while something is played to this listener alone.
  var ducking: GainStep
}
