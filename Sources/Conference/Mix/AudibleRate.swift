/// Twice the highest frequency that each listener of a tick's mix can hear, in hertz: a phone's voice in a room at 48 kHz is still
/// a phone's voice.
struct AudibleRate: Sendable {
  private var highest = 8_000
  /// The talker who is heard up to there, if it is one alone.
  private var row: Int?
  /// Without that talker.
  private var others = 8_000

  /// A talker's row is in the mix.
  mutating func note(_ rate: Int, row: Int) {
    if rate > highest {
      others = highest
      (highest, self.row) = (rate, row)
    } else {
      others = max(others, rate)
      if rate == highest { self.row = nil }
    }
  }

  /// Something is played to everybody.
  mutating func announce(_ rate: Int) {
    if rate >= highest { row = nil }
    highest = max(highest, rate)
    others = max(others, rate)
  }

  /// What a listener hears who does not hear this row.
  func heard(minus row: Int?) -> Int { row != nil && row == self.row ? others : highest }
}
