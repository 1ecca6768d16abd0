/// What a room tells Application. Never one per packet.
package enum RoomEvent: Sendable {
  /// DTLS has made keys for the leg (WebRTC): media can flow. Again after a failure that an ICE restart has healed.
  case legConnected(LegID)
  /// The leg can have no media: signalling should end it, or restart ICE where it was only that.
  case legFailed(LegID, LegFailure)
  /// The first RTP packet of the leg that was taken.
  case mediaStarted(LegID)
  case talking(LegID, Bool)
  case digit(LegID, DTMFDigit, DigitSource)
  case playStarted(PlayID)
  case playEnded(PlayID, PlayEnd)
  /// No RTP for `RoomPlan.inactivityTimeout`, although the peer should send.
  case mediaInactive(LegID)
  case mediaResumed(LegID)
  /// RTCP BYE or the end of DTLS from the peer: signalling decides what that means.
  case mediaEnded(LegID)
  /// In hertz.
  case sampleRateChanged(Int)
  case recordingStarted(RecordingID)
  case recordingPaused(RecordingID, Bool)
  case recordingEnded(RecordingID, [RecordedFile])
  /// The recording could not start or lost data: a sentence for people, and whether it goes on.
  case recordingFailed(RecordingID, reason: String, ended: Bool)
  case statistics([LegStatistics])
  /// The last word of a leg, sent after `removeLeg`.
  case legClosed(LegStatistics)
}

/// How a digit came. In-band tones are reported only for legs without telephone-event.
package enum DigitSource: String, Hashable, Sendable, Codable { case telephoneEvent, info, inBand }
