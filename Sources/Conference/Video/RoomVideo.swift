import Primitives
import RTP

/// The video of a room: the forwarder, and who is shown to whom, how large.
///
/// Everybody sees those who spoke last, as many as there are streams to the member; who is seen keeps its stream. A member with
/// one stream sees who speaks.
struct RoomVideo: Sendable {
  /// Nanoseconds between two looks at what everybody can be sent.
  static let reviewInterval: Int64 = 250_000_000
  /// Bits a second beyond which more is not looked for, for one picture of a single stream.
  static let greatestSingle = 2_500_000
  /// Bits a second that a sender may always use.
  static let leastCeiling = 150_000

  /// One stream to a member and whose picture it shows.
  struct Pane: Sendable {
    var view: ViewID
    var plan: ViewPlan
    var shown: LegID?
  }

  struct Member: Sendable {
    let leg: LegID
    var publisher: PublisherPlan?
    var panes: [Pane] = []
    /// What others can be sent of this member's picture at most, in bit/s.
    var ceiling = VideoPlan.maximumBitrate
    /// What the way to the member bears, in bit/s.
    var bitrate = BandwidthEstimator.start
    /// What it would be shown, in bit/s, if the way bore everything.
    var wanted = 0
    var isTalking = false
  }

  var forwarder: Forwarder
  private(set) var members: [Member] = []
  private var speaker = ActiveSpeaker()
  private var order = LastN(limit: 1)
  private var nextReview: Instant
  /// Of the members whose pictures are recorded, while any are.
  var films: [Film] = []
  var isFilming = false
  /// SSRC of the film that was begun last.
  var lastFilm: UInt32 = 0

  init(ssrc: UInt32, random: RandomSource, at now: Instant) {
    forwarder = Forwarder(ssrc: ssrc, random: random)
    nextReview = now
  }

  /// Something waits to be sent.
  var isPending: Bool { !forwarder.queue.isEmpty || !forwarder.requests.isEmpty }

  /// Who speaks, as the contributing source of the mix; 0 for nobody.
  var speakerNumber: UInt32 { speaker.chosen?.contributor ?? 0 }

  // MARK: Members

  /// A member comes in, or has agreed on something else.
  mutating func adopt(_ leg: LegID, _ video: inout LegVideo, at now: Instant) {
    let index: Int
    if let known = members.firstIndex(where: { $0.leg == leg }) {
      index = known
    } else {
      index = members.count
      members.append(Member(leg: leg))
      forwarder.watch(leg, transportSequence: video.transportSequence)
    }
    if members[index].publisher != video.plan.publisher {
      members[index].publisher = video.plan.publisher
      members[index].ceiling = VideoPlan.maximumBitrate
      if let publisher = video.plan.publisher {
        forwarder.publish(leg, publisher, known: video.known)
        order.add(leg)
      } else {
        video.known = forwarder.knownSources(of: leg)
        forwarder.unpublish(leg)
        order.remove(leg)
      }
    }
    for pane in members[index].panes where !video.plan.views.contains(pane.plan) {
      video.numbers[pane.plan.ssrc] = forwarder.close(pane.view, at: now)
    }
    members[index].panes.removeAll { !video.plan.views.contains($0.plan) }
    for plan in video.plan.views where !members[index].panes.contains(where: { $0.plan == plan }) {
      guard let view = forwarder.openView(leg, plan, after: video.numbers[plan.ssrc], at: now) else { continue }
      members[index].panes.append(Pane(view: view, plan: plan))
    }
    arrange(at: now)
  }

  /// A member goes; where its streams stand is kept with it.
  mutating func remove(_ leg: LegID, _ video: inout LegVideo, at now: Instant) {
    guard let index = members.firstIndex(where: { $0.leg == leg }) else { return }
    for pane in members[index].panes { video.numbers[pane.plan.ssrc] = forwarder.close(pane.view, at: now) }
    video.transportSequence = forwarder.unwatch(leg)
    if members[index].publisher != nil { video.known = forwarder.knownSources(of: leg) }
    forwarder.unpublish(leg)
    order.remove(leg)
    speaker.remove(leg)
    members.remove(at: index)
    arrange(at: now)
  }

  /// How a member is: in every tick.
  mutating func note(_ leg: LegID, bitrate: Int, isTalking: Bool, at now: Instant) {
    guard let index = members.firstIndex(where: { $0.leg == leg }) else { return }
    members[index].bitrate = bitrate
    guard members[index].isTalking != isTalking else { return }
    members[index].isTalking = isTalking
    speaker.talk(leg, isTalking: isTalking, at: now)
  }

  // MARK: Who is seen

  /// Gives everybody's streams to who is to be seen; those who are seen already stay where they are.
  private mutating func arrange(at now: Instant) {
    for index in members.indices {
      order.limit = members[index].panes.count
      let wanted = visible(to: index)
      for place in members[index].panes.indices {
        if let shown = members[index].panes[place].shown, !wanted.contains(shown) {
          members[index].panes[place].shown = nil
        }
      }
      for leg in wanted where !members[index].panes.contains(where: { $0.shown == leg }) {
        guard let place = members[index].panes.firstIndex(where: { $0.shown == nil && fits($0, leg) }) else { continue }
        members[index].panes[place].shown = leg
      }
    }
    nextReview = now
    followFilms(at: now)
  }

  private func visible(to index: Int) -> [LegID] {
    guard let codec = members[index].panes.first?.plan.codec else { return [] }
    var all = order
    all.limit = order.limit + 1
    let seen = all.visible(to: members[index].leg).filter { leg in
      members.contains { $0.leg == leg && $0.publisher?.codec == codec }
    }
    return Array(seen.prefix(order.limit))
  }

  private func fits(_ pane: Pane, _ leg: LegID) -> Bool {
    members.contains { $0.leg == leg && $0.publisher?.codec == pane.plan.codec }
  }

  // MARK: Time

  /// What is due.
  mutating func tick(at now: Instant) {
    if let leg = speaker.timeout(at: now) {
      order.speak(leg)
      arrange(at: now)
    }
    if nextReview <= now {
      nextReview = now.advanced(byNanoseconds: Self.reviewInterval)
      review(at: now)
    }
    tickFilms(at: now)
    if let deadline = forwarder.deadline, deadline <= now { forwarder.timeout(at: now) }
  }

  /// Shares what each way bears among the pictures that go there, and tells what a sender's picture may need at most.
  private mutating func review(at now: Instant) {
    var ceilings = [Int](repeating: 0, count: members.count)
    for index in members.indices {
      let shown = members[index].panes.compactMap(\.shown)
      let limit = members[index].bitrate
      var wishes: [VideoAllocation.Wish] = []
      for pane in members[index].panes {
        let rates = pane.shown.map { forwarder.bitrates(of: $0, at: now) } ?? []
        let isBig = shown.count == 1 || pane.shown == speaker.chosen && speaker.chosen != nil
        wishes.append(
          VideoAllocation.Wish(
            bitrates: rates, highest: isBig || shown.count <= 2 ? 2 : 1, isBig: isBig,
            current: forwarder.shown(in: pane.view)))
      }
      let layers = VideoAllocation.share(limit, among: wishes)
      members[index].wanted = wanted(by: index, wishes)
      forwarder.limitRepair(of: members[index].leg, to: limit)
      let first = wishes.firstIndex { $0.isBig } ?? 0
      for (place, pane) in members[index].panes.enumerated() {
        // Nothing is known of a picture that has only begun; and while nothing is sent nothing can be learned of the way, so
        // that one picture always goes: its sender is told to keep to what the way bears, if it sends but one stream.
        let isNew = wishes[place].bitrates.allSatisfy { $0 == 0 }
        let least = isNew || place == first ? LayerSelector.Layers(stream: 0, temporal: 2) : nil
        forwarder.show(pane.shown, in: pane.view, layers: layers[place] ?? least, at: now)
        guard let source = members.firstIndex(where: { $0.leg == pane.shown }) else { continue }
        ceilings[source] = max(ceilings[source], limit / max(shown.count, 1))
      }
    }
    for index in members.indices {
      let best = ceilings[index] > 0 ? ceilings[index] : BandwidthEstimator.start
      members[index].ceiling = max(best, Self.leastCeiling)
    }
  }

  /// What a member would be shown at most, in bit/s: the streams that are sent, and of a sender of a single one, which keeps
  /// to what it is told, twice as much as it uses of that.
  private func wanted(by index: Int, _ wishes: [VideoAllocation.Wish]) -> Int {
    var sum = 0
    for (pane, wish) in zip(members[index].panes, wishes) {
      let top = wish.bitrates.prefix(wish.highest + 1).max() ?? 0
      let source = members.first { $0.leg == pane.shown }
      guard let publisher = source?.publisher, let ceiling = source?.ceiling else { continue }
      if !publisher.layers.isEmpty {
        sum += top * 12 / 10
      } else if top >= ceiling / 10 * 7 {
        sum += min(top * 2, Self.greatestSingle)
      } else {
        sum += top
      }
    }
    return sum
  }

  // MARK: Reports

  /// Bits a second that a sender of a single stream should keep to: what the best way to a watcher bears. A sender of several
  /// chooses for nobody; its watchers get what fits.
  func ceiling(of leg: LegID) -> Int? {
    guard let member = members.first(where: { $0.leg == leg }), member.publisher?.layers.isEmpty ?? false else {
      return nil
    }
    return member.ceiling
  }

  func senderReports(to leg: LegID, ntp: UInt64, at now: Instant) -> [SenderReport] {
    guard let member = members.first(where: { $0.leg == leg }) else { return [] }
    return member.panes.compactMap { forwarder.senderReport(of: $0.view, ntp: ntp, at: now) }
  }

  // MARK: Sending

  /// Hands everything that waits to the legs that it is for.
  mutating func drain(
    to legs: inout [Leg?], slots: [LegID: Int], at now: Instant, into queue: inout DatagramQueue
  ) {
    for request in forwarder.requests {
      guard let slot = slots[request.publisher] else { continue }
      legs[slot]?.ask(request.feedback, at: now, into: &queue)
    }
    forwarder.requests.removeAll(keepingCapacity: true)
    for index in forwarder.queue.entries.indices {
      let entry = forwarder.queue.entries[index]
      if entry.watcher == Film.watcher {
        film(entry, at: now)
        continue
      }
      guard let slot = slots[entry.watcher] else { continue }
      legs[slot]?.sendVideo(
        forwarder.queue.packet(entry), under: entry.transportSequence, isProbe: entry.isProbe, at: now, into: &queue)
    }
    forwarder.queue.removeAll()
  }

  private mutating func film(_ entry: ForwardQueue.Entry, at now: Instant) {
    let queue = forwarder.queue
    guard let header = try? RTPHeader.parse(queue.packet(entry)),
      let index = films.firstIndex(where: { $0.ssrc == header.ssrc })
    else { return }
    films[index].receive(queue.packet(entry), at: now)
  }
}
