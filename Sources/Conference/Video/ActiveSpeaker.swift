import Primitives

/// Whose picture is the big one: who speaks and has spoken a moment, and stays so until somebody else does.
///
/// A cough changes nothing; nor does silence.
package struct ActiveSpeaker: Sendable {
  /// Nanoseconds somebody else must speak before the picture changes.
  package static let patience: Int64 = 800_000_000
  /// A pause in speech that does not start the count anew.
  package static let pause: Int64 = 400_000_000
  /// The least time a picture stays.
  package static let minimumStay: Int64 = 2_000_000_000
  /// Members who can be chosen; more are not considered.
  package static let maximumMembers = 512

  private struct Member: Sendable {
    var leg: LegID
    var isTalking = false
    /// When this stretch of speech began and was last heard.
    var since: Instant
    var heard: Instant
  }

  private var members: [Member] = []
  private var chosenAt = Instant(nanoseconds: .min)
  package private(set) var chosen: LegID?

  package init() {}

  /// A talker event: the member began or stopped to talk.
  package mutating func talk(_ leg: LegID, isTalking: Bool, at now: Instant) {
    if let index = members.firstIndex(where: { $0.leg == leg }) {
      if isTalking, !members[index].isTalking, now.nanoseconds(since: members[index].heard) > Self.pause {
        members[index].since = now
      }
      members[index].isTalking = isTalking
      members[index].heard = now
    } else if isTalking, members.count < Self.maximumMembers {
      members.append(Member(leg: leg, isTalking: true, since: now, heard: now))
    }
  }

  package mutating func remove(_ leg: LegID) {
    members.removeAll { $0.leg == leg }
    if chosen == leg { chosen = nil }
  }

  /// When somebody who talks now could be chosen; nil if nobody could.
  package var deadline: Instant? {
    var soonest: Instant?
    for member in members where member.isTalking && member.leg != chosen {
      let due = max(member.since.advanced(byNanoseconds: Self.patience), stayEnds)
      if due < soonest ?? .distantFuture { soonest = due }
    }
    return soonest
  }

  /// Changes the choice if it is time to; returns the new one then.
  package mutating func timeout(at now: Instant) -> LegID? {
    // Whoever is chosen and talks keeps the picture.
    if let chosen, members.contains(where: { $0.leg == chosen && $0.isTalking }) { return nil }
    guard now >= stayEnds else { return nil }
    var best: Member?
    for member in members
    where member.isTalking && member.leg != chosen && now.nanoseconds(since: member.since) >= Self.patience {
      if member.since < best?.since ?? .distantFuture { best = member }
    }
    guard let best else { return nil }
    chosen = best.leg
    chosenAt = now
    return best.leg
  }

  private var stayEnds: Instant {
    chosen == nil ? Instant(nanoseconds: .min) : chosenAt.advanced(byNanoseconds: Self.minimumStay)
  }
}
