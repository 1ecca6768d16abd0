import Conference

/// Consent: everybody is told that the call is recorded, and the archive learns who heard it to the end.
extension RoomDirectory {
  static let noticePrompt = "recording-notice"

  /// Tells everybody in the room.
  func giveNotice(in room: HostedRoom) {
    guard let clip = settings.prompts.clip(Self.noticePrompt, language: room.settings.language) else { return }
    rooms[room.id]?.notice = play([clip], to: .everyone, in: room.id)
  }

  /// Tells a member who came in while the recording began.
  private func giveNotice(to member: Member, in room: HostedRoom) {
    guard let clip = settings.prompts.clip(Self.noticePrompt, language: member.language),
      let play = play([clip], to: .member(member.leg), in: room.id)
    else { return }
    rooms[room.id]?[member.leg]?.notice = .playing(play)
  }

  /// A member is in a room that is being recorded: what it has heard is kept, or it is told now.
  func tellArchive(of member: Member, in recording: RecordingID) async {
    switch member.notice {
    case .heard(let notice): await archive.noticed(recording, notice)
    case .playing: break
    case .none:
      guard let id = places[member.leg], let room = rooms[id] else { return }
      giveNotice(to: member, in: room)
    }
  }

  /// A prompt has ended: whoever heard a notice to its end is on record.
  func noticeEnded(_ play: PlayID, _ end: PlayEnd, in id: RoomID) async {
    guard let room = rooms[id] else { return }
    let isForAll = room.notice == play
    if isForAll { rooms[id]?.notice = nil }
    for member in room.members where member.notice == .playing(play) || (isForAll && member.isInside) {
      guard end == .finished else {
        if member.notice == .playing(play) { rooms[id]?[member.leg]?.notice = .none }
        continue
      }
      let notice = RecordingNotice(
        party: member.uri, prompt: Self.noticePrompt, language: isForAll ? room.settings.language : member.language,
        heard: clock.timestamp)
      rooms[id]?[member.leg]?.notice = .heard(notice)
      if let recording = room.recording?.id, member.isInside { await archive.noticed(recording, notice) }
    }
  }
}
