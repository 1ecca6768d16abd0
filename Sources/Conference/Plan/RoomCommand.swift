/// What Application asks of a room. Commands are applied in order, at the next tick of the room's loop at the latest.
package enum RoomCommand: Sendable {
  case setPlan(RoomPlan)
  /// Media agreed or agreed anew; the leg's ports were opened before by `MediaPlane.openLeg`.
  case setLegPlan(LegID, LegPlan)
  /// The leg takes part: it is heard and hears. Before this it gets only what is played to it.
  case admit(LegID)
  /// Sends an RTCP BYE, closes the ports.
  case removeLeg(LegID)
  /// The room does not hear the member.
  case setMuted(LegID, Bool)
  /// The member does not hear the room.
  case setDeaf(LegID, Bool)
  /// Who hears the member: a whisper and a silent listener are none of the others' business.
  case setVoice(LegID, VoiceAudience)
  /// The member hears of the room only what is played, and who speaks to it apart: a consultation.
  case setWithdrawn(LegID, Bool)
  /// What the member hears, in decibels.
  case setListeningGain(LegID, Double)
  /// How loud the member is for the others, in decibels.
  case setTalkingGain(LegID, Double)
  case play(PlayPlan)
  case stopPlay(PlayID)
  /// Everything that is playing or queued to this audience.
  case stopPlays(PlayAudience)
  /// Sends digits by RFC 4733, or in-band where that is not agreed.
  case sendDigits(LegID, [DTMFDigit])
  case startRecording(RecordingPlan)
  /// Writes silence of the right length until resumed.
  case pauseRecording(RecordingID)
  case resumeRecording(RecordingID)
  /// While masked, the member's voice and digits reach neither the file nor the others; everything else goes on.
  case setMasked(LegID, Bool)
  case stopRecording(RecordingID)
  /// Answered by `RoomEvent.statistics`.
  case reportStatistics
}

/// A key of a telephone, RFC 4733, section 3.2: events 0 to 15.
package enum DTMFDigit: UInt8, Hashable, Sendable, Codable, CaseIterable {
  case zero, one, two, three, four, five, six, seven, eight, nine, star, pound, a, b, c, d

  /// `0`–`9`, `*`, `#`, `A`–`D`; letters in either case.
  package init?(_ character: Character) {
    // A letter may become two in upper case (ß), which are no key.
    let upper = character.uppercased()
    guard let index = DTMFDigit.characters.firstIndex(where: { String($0) == upper }) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  package var character: Character { DTMFDigit.characters[Int(rawValue)] }

  private static let characters = Array("0123456789*#ABCD")
}
