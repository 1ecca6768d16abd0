/// How a room of the media plane behaves from its first packet on.
package struct RoomPlan: Hashable, Sendable {
  package var kind: RoomKind
  /// The highest rate that the room may run at, in hertz: 8,000, 16,000 or 48,000.
  package var maximumSampleRate: Int
  /// Opus complexity for what the room encodes, 0 to 10; nil: what the load allows.
  package var opusComplexity: Int?
  /// Opus bit rate for a listener who asks for nothing else, in bit/s.
  package var opusBitRate: Int
  /// How many talkers are decoded and mixed at a time.
  package var maximumTalkers: Int
  /// Report a leg that sent no RTP for so long, in milliseconds.
  package var inactivityTimeout: Int
  /// Where two members speak the same and nothing needs a mix, their packets are passed on as they came, without levelling.
  package var relays: Bool

  package init(
    kind: RoomKind = .conference, maximumSampleRate: Int = 48_000, opusComplexity: Int? = OpusComplexity.usual,
    opusBitRate: Int = 24_000,
    maximumTalkers: Int = 8, inactivityTimeout: Int = 15_000, relays: Bool = false
  ) {
    self.kind = kind
    self.maximumSampleRate = maximumSampleRate
    self.opusComplexity = opusComplexity
    self.opusBitRate = opusBitRate
    self.maximumTalkers = maximumTalkers
    self.inactivityTimeout = inactivityTimeout
    self.relays = relays
  }
}

/// Who hears whom.
package enum RoomKind: Hashable, Sendable {
  /// Everybody hears everybody else.
  case conference
  /// Each member hears itself: the echo test.
  case echo
}
