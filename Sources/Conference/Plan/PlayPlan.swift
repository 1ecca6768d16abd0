import Audio

/// What to play, to whom, how.
package struct PlayPlan: Sendable {
  package var id: PlayID
  /// Played one after the other without a gap.
  package var clips: [AudioClip]
  package var audience: PlayAudience
  /// Starts over at the end: hold music.
  package var loops: Bool
  /// In decibels, applied to the clips.
  package var gain: Double
  /// The room is lowered by so many decibels for those who hear the clip (ducking); 0 for none, hold music mixes as it is.
  package var ducking: Double
  /// A digit of the listener stops it (only sensible for a single listener).
  package var stopsOnDigit: Bool

  package init(
    id: PlayID, clips: [AudioClip], audience: PlayAudience, loops: Bool = false, gain: Double = 0,
    ducking: Double = 12, stopsOnDigit: Bool = false
  ) {
    self.id = id
    self.clips = clips
    self.audience = audience
    self.loops = loops
    self.gain = gain
    self.ducking = ducking
    self.stopsOnDigit = stopsOnDigit
  }
}

/// Who hears a clip. Plays to the same audience queue up; plays to different audiences run together.
package enum PlayAudience: Hashable, Sendable {
  case everyone
  case member(LegID)
}

/// Why a play ended.
package enum PlayEnd: String, Hashable, Sendable, Codable {
  case finished, stopped, digit, memberLeft, roomClosed
}
