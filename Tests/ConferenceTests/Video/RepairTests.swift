import Primitives
import RTP
import Testing

@testable import Conference

/// What was lost is asked for and sent once more; key frames are asked for once.
@Suite struct RepairTests {
  static let watcher = LegID(9)
  static let publisher = LegID(1)

  private static func forwarder(_ plan: ViewPlan) -> (Forwarder, ViewID?) {
    var forwarder = Forwarder(ssrc: 1, random: .seeded(1), historyOctets: 1 << 14)
    forwarder.publish(publisher, PublisherPlan(codec: .vp8, payloadType: 96, retransmissionType: 97))
    let view = forwarder.openView(watcher, plan)
    if let view { forwarder.show(publisher, in: view, layers: .init(stream: 0, temporal: 2), at: .zero) }
    return (forwarder, view)
  }

  private static func send(_ packets: [VideoSender.Packet], _ forwarder: inout Forwarder, at now: Instant) {
    for packet in packets {
      var octets = packet.octets
      var span = octets.mutableSpan
      forwarder.receive(&span, from: publisher, at: now)
    }
  }

  private static func nack(_ media: UInt32, _ sequences: [UInt16]) -> Feedback {
    NegativeAcknowledgement(sender: 5, media: media, sequences: sequences).feedback
  }

  @Test func aWatcherGetsOnceMoreWhatItMisses() throws {
    var plan = ViewPlan(payloadType: 120, ssrc: 7, retransmission: .init(payloadType: 121, ssrc: 8))
    plan.extensions = VideoExtensions(mid: 4, transportSequence: 3)
    plan.mid = StreamLabel("v0")
    var (forwarder, _) = Self.forwarder(plan)
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    for step in 0..<20 { Self.send(sender.picture(0), &forwarder, at: Instant(nanoseconds: Int64(step) * 33_000_000)) }
    let first = try #require(forwarder.queue.entries.first)
    let original = WatchedPacket.octets(forwarder.queue.packet(first))
    let header = try RTPHeader.parse(original.span)
    #expect(header.label(4, in: original.span)?.description == "v0")
    #expect(header.transportSequence(3, in: original.span) == first.transportSequence)
    #expect(header.ssrc == 7 && header.payloadType == 120)
    // Whose picture it is stands in the packet.
    #expect(header.contributorCount == 1 && Array(original[12..<16]) == [0, 0, 0, 1])
    forwarder.queue.removeAll()
    let now = Instant(nanoseconds: 700_000_000)
    forwarder.receive(Self.nack(7, [header.sequence]), fromWatcher: Self.watcher, at: now)
    // Asked twice at once it goes once; another stream's, or another watcher's, not at all.
    forwarder.receive(Self.nack(7, [header.sequence]), fromWatcher: Self.watcher, at: now)
    forwarder.receive(Self.nack(6, [header.sequence]), fromWatcher: Self.watcher, at: now)
    forwarder.receive(Self.nack(7, [header.sequence]), fromWatcher: LegID(10), at: now)
    #expect(forwarder.queue.entries.count == 1)
    let entry = try #require(forwarder.queue.entries.first)
    var again = WatchedPacket.octets(forwarder.queue.packet(entry))
    let sent = try RTPHeader.parse(again.span)
    #expect(sent.ssrc == 8 && sent.payloadType == 121 && sent.contributorCount == 1)
    #expect(sent.transportSequence(3, in: again.span) != header.transportSequence(3, in: original.span))
    var restored: Int?
    do {
      var span = again.mutableSpan
      restored = RTXPacket.restore(&span, header: sent, payloadType: 120, ssrc: 7)
    }
    again.removeLast(again.count - (restored ?? 0))
    let repaired = try RTPHeader.parse(again.span)
    #expect(repaired.sequence == header.sequence && repaired.timestamp == header.timestamp)
    #expect(Array(again[repaired.payloadRange]) == Array(original[header.payloadRange]))
    forwarder.queue.removeAll()
    // Too old after a second.
    let late = Instant(nanoseconds: 2_000_000_000)
    forwarder.receive(Self.nack(7, [header.sequence]), fromWatcher: Self.watcher, at: late)
    #expect(forwarder.queue.isEmpty)
  }

  /// All that a full queue has lost, sent again at once and again, would keep it full.
  @Test func repeatingTakesHalfOfTheWay() throws {
    let plan = ViewPlan(payloadType: 120, ssrc: 7, retransmission: .init(payloadType: 121, ssrc: 8))
    var (forwarder, _) = Self.forwarder(plan)
    forwarder.limitRepair(of: Self.watcher, to: 100_000)
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    var numbers: [UInt16] = []
    for step in 0..<30 {
      Self.send(sender.picture(0), &forwarder, at: Instant(nanoseconds: Int64(step) * 33_000_000))
      for entry in forwarder.queue.entries {
        numbers.append(try RTPHeader.parse(forwarder.queue.packet(entry)).sequence)
      }
      forwarder.queue.removeAll()
    }
    var octets = 0
    for step in 0..<50 {
      let now = Instant(nanoseconds: 990_000_000 + Int64(step) * 40_000_000)
      Self.send(sender.picture(0), &forwarder, at: now)
      forwarder.queue.removeAll()
      forwarder.receive(Self.nack(7, numbers), fromWatcher: Self.watcher, at: now)
      for entry in forwarder.queue.entries { octets += entry.count }
      forwarder.queue.removeAll()
    }
    #expect(octets > 0)
    // Two seconds, and what was saved up.
    #expect(octets <= 2 * 100_000 / 8 / 2 + 3_500, "\(octets)")
  }

  @Test func aTrainGoesAsPaddingOfTheRepeatedStream() throws {
    var plan = ViewPlan(payloadType: 120, ssrc: 7, retransmission: .init(payloadType: 121, ssrc: 8))
    plan.extensions = VideoExtensions(transportSequence: 3)
    var (forwarder, _) = Self.forwarder(plan)
    // Before the first picture there is no stream.
    #expect(!forwarder.canProbe(Self.watcher))
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    Self.send(sender.picture(0), &forwarder, at: .zero)
    forwarder.queue.removeAll()
    #expect(forwarder.canProbe(Self.watcher))
    forwarder.probe(Self.watcher, packets: 5, at: .zero)
    let train = forwarder.queue.entries
    #expect(train.count == 5 && train.allSatisfy { $0.isProbe && $0.transportSequence != nil })
    for entry in train {
      let header = try RTPHeader.parse(forwarder.queue.packet(entry))
      #expect(header.ssrc == 8 && header.payloadType == 121 && header.padding && header.payloadCount == 0)
      #expect(abs(entry.count - BandwidthProbe.packetOctets) < 20)
    }
    #expect(Set(train.map(\.transportSequence)).count == 5)
    forwarder.queue.removeAll()
    #expect(!forwarder.canProbe(LegID(10)))
  }

  /// Chromium names a simulcast stream only until that was heard.
  @Test func whoShowsItselfAgainIsKnownByItsStreamsNumbers() throws {
    var plan = PublisherPlan(codec: .vp8, payloadType: 96, layers: VideoSender.rids.compactMap { StreamLabel($0) })
    plan.extensions.rid = VideoSender.ridExtension
    var forwarder = Forwarder(ssrc: 1, random: .seeded(1), historyOctets: 1 << 14)
    forwarder.publish(Self.publisher, plan)
    var sender = VideoSender(id: 1, layers: 3, seed: 5)
    for layer in 0..<3 { Self.send(sender.picture(layer), &forwarder, at: .zero) }
    let known = forwarder.knownSources(of: Self.publisher)
    forwarder.unpublish(Self.publisher)
    let refused = forwarder.refused
    // The extension is not there any more.
    plan.extensions.rid = 0
    forwarder.publish(Self.publisher, plan)
    Self.send(sender.picture(2), &forwarder, at: .zero)
    #expect(forwarder.refused > refused && forwarder.sourceNumbers(of: Self.publisher).isEmpty)
    forwarder.unpublish(Self.publisher)
    forwarder.publish(Self.publisher, plan, known: known)
    for layer in 0..<3 { Self.send(sender.picture(layer), &forwarder, at: .zero) }
    #expect(Set(forwarder.sourceNumbers(of: Self.publisher)) == [0x100, 0x101, 0x102])
    #expect(forwarder.bitrates(of: Self.publisher, at: .zero).count { $0 > 0 } == 3)
    // Other streams, other numbers.
    plan.layers = ["a", "b"].compactMap { StreamLabel($0) }
    forwarder.publish(Self.publisher, plan)
    Self.send(sender.picture(0), &forwarder, at: .zero)
    #expect(forwarder.sourceNumbers(of: Self.publisher).isEmpty)
  }

  @Test func withoutAStreamForThemTheyGoInTheirOwn() throws {
    var (forwarder, _) = Self.forwarder(ViewPlan(payloadType: 120, ssrc: 7))
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    Self.send(sender.picture(0), &forwarder, at: .zero)
    let first = try #require(forwarder.queue.entries.first)
    let original = WatchedPacket.octets(forwarder.queue.packet(first))
    forwarder.queue.removeAll()
    let number = try RTPHeader.parse(original.span).sequence
    forwarder.receive(Self.nack(7, [number]), fromWatcher: Self.watcher, at: Instant(nanoseconds: 40_000_000))
    let entry = try #require(forwarder.queue.entries.first)
    let again = WatchedPacket.octets(forwarder.queue.packet(entry))
    #expect(again == original)
  }

  @Test func aLostPacketIsAskedOfThePublisherAndFillsItsPlace() throws {
    var (forwarder, _) = Self.forwarder(ViewPlan(payloadType: 120, ssrc: 7))
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    sender.packetsPerFrame = 3...3
    Self.send(sender.picture(0), &forwarder, at: .zero)
    let hurt = sender.picture(0)
    Self.send([hurt[0], hurt[2]], &forwarder, at: Instant(nanoseconds: 33_000_000))
    forwarder.requests.removeAll()
    forwarder.timeout(at: Instant(nanoseconds: 34_000_000))
    #expect(forwarder.requests.isEmpty)
    forwarder.timeout(at: Instant(nanoseconds: 44_000_000))
    let request = try #require(forwarder.requests.first)
    #expect(forwarder.requests.count == 1 && request.publisher == Self.publisher)
    let asked = NegativeAcknowledgement(request.feedback)
    #expect(asked?.sequences == [UInt16(truncatingIfNeeded: hurt[1].sequence)])
    // It comes in the retransmission stream.
    var octets = [UInt8](repeating: 0, count: hurt[1].octets.count + 2)
    do {
      var span = octets.mutableSpan
      let lost = hurt[1].octets
      let header = try RTPHeader.parse(lost.span)
      _ = RTXPacket.write(lost.span, header: header, into: &span, payloadType: 97, sequence: 1, ssrc: 77)
      forwarder.receive(&span, from: Self.publisher, at: Instant(nanoseconds: 60_000_000))
    }
    var numbers: [UInt32: Extended<UInt16>] = [:]
    let seen = try WatchedPacket.drain(&forwarder, &numbers).sorted { $0.sequence < $1.sequence }
    #expect(seen.map { $0.tag?.packet } == [0, 1, 2, 0, 1, 2])
    #expect(seen.map { $0.sequence - (seen.first?.sequence ?? 0) } == [0, 1, 2, 3, 4, 5])
    #expect(forwarder.refused == 0)
  }

  @Test func manyWatchersWishesAreOneRequest() {
    var requests = KeyFrameRequests()
    for _ in 0..<50 { requests.want(at: .zero) }
    let sent = (0..<20).map { requests.timeout(at: Instant(nanoseconds: $0 * 10_000_000)) }
    #expect(sent.filter { $0 }.count == 1)
    // Without an answer again after half a second, then after longer.
    #expect(requests.deadline == Instant(nanoseconds: 500_000_000))
    requests.keyFrame()
    #expect(requests.deadline == nil)
    requests.want(at: Instant(nanoseconds: 200_000_000))
    #expect(requests.deadline == Instant(nanoseconds: 500_000_000))
    var count = 0
    while let deadline = requests.deadline, count < 100 {
      count += requests.timeout(at: deadline) ? 1 : 0
    }
    #expect(count == KeyFrameRequests.maximumAttempts)
  }

  @Test func aSenderReportFollowsTheWatchersTimestamps() throws {
    let (made, view) = Self.forwarder(ViewPlan(payloadType: 120, ssrc: 7))
    var forwarder = made
    let shown = try #require(view)
    #expect(forwarder.senderReport(of: shown, ntp: 1, at: .zero) == nil)
    var sender = VideoSender(id: 1, layers: 1, seed: 5)
    sender.packetsPerFrame = 1...1
    Self.send(sender.picture(0), &forwarder, at: .zero)
    let entry = try #require(forwarder.queue.entries.first)
    let octets = WatchedPacket.octets(forwarder.queue.packet(entry))
    let timestamp = try RTPHeader.parse(octets.span).timestamp
    let report = forwarder.senderReport(of: shown, ntp: 1, at: Instant(nanoseconds: 1_000_000_000))
    #expect(report?.timestamp == timestamp &+ 90_000)
    #expect(report?.packetCount == 1 && report?.ssrc == 7)
  }

  @Test func aHistoryKeepsWhatFitsAndIsYoung() {
    var history = PacketHistory(octets: 4_096)
    for number in 0..<10 {
      let packet = [UInt8](repeating: UInt8(number), count: 1_000)
      history.store(packet.span, sequence: Int64(number), at: Instant(nanoseconds: Int64(number)))
    }
    #expect((0..<6).allSatisfy { history.find($0, at: .zero) == nil })
    for number in 7..<10 {
      guard let place = history.find(Int64(number), at: .zero) else {
        Issue.record("\(number) is gone")
        continue
      }
      let octets = WatchedPacket.octets(history.packet(place))
      #expect(octets == [UInt8](repeating: UInt8(number), count: 1_000))
    }
    #expect(history.find(9, at: Instant(nanoseconds: 2_000_000_000)) == nil)
  }
}
