import Primitives
import RTP
import Testing

/// Reports: what is printed parses the same, what is broken is refused, and the timing keeps to its bandwidth.
@Suite struct RTCPTests {
  static let block = ReportBlock(
    ssrc: 1, fractionLost: 2, cumulativeLost: -3, highestSequence: 4, jitter: 5, lastSenderReport: 6,
    delaySinceLastSenderReport: 7)

  @Test func everyKindOfPacketPrintsAndParsesTheSame() throws {
    var metrics = VoIPMetricsBlock(ssrc: 8)
    metrics.burstDuration = 500
    metrics.signalLevel = -20
    metrics.jitterBufferAbsoluteMaximum = 200
    let packets: [RTCPPacket] = [
      .senderReport(
        SenderReport(
          ssrc: 9, ntp: 0x0102_0304_0506_0708, timestamp: 10, packetCount: 11, octetCount: 12, blocks: [Self.block])),
      .receiverReport(ReceiverReport(ssrc: 9, blocks: [Self.block, Self.block])),
      .sourceDescription([
        SourceDescription(ssrc: 1, cname: "a@b"), SourceDescription(ssrc: 2, cname: "ü"),
        SourceDescription(ssrc: 3, items: []),
      ]),
      .bye(Goodbye(ssrcs: [1, 2], reason: Array("enough".utf8))), .bye(Goodbye(ssrcs: [])),
      .app(ApplicationDefined(subtype: 3, ssrc: 4, name: 0x4142_4344, data: [1, 2, 3, 4])),
      .feedback(Feedback(layer: .payload, format: 1, sender: 5, media: 6, information: [])),
      .extendedReport(
        ExtendedReport(
          ssrc: 7,
          blocks: [
            .receiverReferenceTime(ntp: 99), .voipMetrics(metrics),
            .other(type: 5, specific: 1, contents: [1, 2, 3, 4]),
          ])),
      .unknown(type: 210, count: 7, body: [1, 2, 3, 4]),
      .app(ApplicationDefined(subtype: 3, ssrc: 4, name: 0x4142_4344, data: [1, 2, 3])),
    ]
    #expect(try RTCPCompound.parse(RTCPCompound.encode(packets).span) == packets)
    #expect(
      try RTCPCompound.parse(RTCPCompound.encode([.bye(Goodbye(ssrcs: [3]))]).span) == [.bye(Goodbye(ssrcs: [3]))])
  }

  @Test(
    arguments: [
      ([], RTCPError.truncated), ([0x80, 200, 0], .truncated), ([0x40, 201, 0, 1, 0, 0, 0, 0], .version),
      ([0x81, 201, 0, 1, 0, 0, 0, 0], .truncated), ([0x80, 201, 0, 9, 0, 0, 0, 0], .truncated),
      ([0xA0, 201, 0, 1, 0, 0, 0, 0], .padding), ([0xA0, 201, 0, 1, 0, 0, 0, 8], .padding),
      ([0xA0, 201, 0, 1, 0, 0, 0, 4, 0x80, 203, 0, 0], .padding),
      ([0x81, 202, 0, 2, 0, 0, 0, 1, 1, 200, 0, 0], .truncated),
      ([0x81, 203, 0, 0], .truncated), ([0x80, 207, 0, 2, 0, 0, 0, 1, 7, 0, 0, 8], .truncated),
    ] as [([UInt8], RTCPError)]) func brokenReportsAreRefused(datagram: [UInt8], error: RTCPError)
  {
    #expect(throws: error) { try RTCPCompound.parse(datagram.span) }
  }

  @Test func aFloodOfTinyPacketsIsRefused() {
    let datagram = Array([[UInt8]](repeating: [0x80, 203, 0, 0], count: 65).joined())
    #expect(throws: RTCPError.tooMany) { try RTCPCompound.parse(datagram.span) }
  }

  @Test func reportsComeEveryFiveSecondsOrSo() {
    var scheduler = RTCPScheduler(random: .seeded(4))
    scheduler.start(at: .zero)
    var sent: [Instant] = []
    while let deadline = scheduler.deadline, deadline < Instant(nanoseconds: 3_600_000_000_000) {
      if scheduler.timeout(at: deadline) {
        sent.append(deadline)
        scheduler.sent(octets: 80)
      }
    }
    let mean = 3_600 / Double(sent.count)
    #expect(abs(mean - 5) < 0.4, "mean \(mean) s")
    #expect((sent.first ?? .distantFuture) <= Instant(nanoseconds: 3_200_000_000))
    for (earlier, later) in zip(sent, sent.dropFirst()) {
      #expect((2.0...6.2).contains(later.milliseconds(since: earlier) / 1_000))
    }
  }

  @Test func aCrowdReportsLessOften() {
    var scheduler = RTCPScheduler(random: .seeded(5))
    scheduler.members = 1_000
    scheduler.senders = 1
    scheduler.weSent = false
    scheduler.start(at: .zero)
    var count = 0
    while let deadline = scheduler.deadline, deadline < Instant(nanoseconds: 36_000_000_000_000) {
      if scheduler.timeout(at: deadline) { count += 1 }
    }
    // 128 octets × 999 / (0.75 × 400 octet/s) = 426 s.
    #expect((60...110).contains(count), "\(count)")
  }

  @Test func voiceMetricsTellBurstsFromSingleLosses() {
    var metrics = VoIPMetrics()
    for index in 0..<1_000 { metrics.count(index % 50 == 25 ? .lost : .played) }
    var block = metrics.block(
      ssrc: 1, roundTrip: 40, jitterBufferNominal: 20, jitterBufferMaximum: 40, jitterBufferAbsoluteMaximum: 200,
      endSystemDelay: 60)
    #expect(block.lossRate == 5)
    #expect(block.burstDensity == 0 || block.burstDuration <= 40)
    #expect(block.gapDensity > 0)
    #expect(block.roundTripDelay == 40)
    let light = block.rFactor
    for _ in 0..<20 {
      for _ in 0..<5 { metrics.count(.discarded) }
      for _ in 0..<45 { metrics.count(.played) }
    }
    block = metrics.block(
      ssrc: 1, roundTrip: 40, jitterBufferNominal: 20, jitterBufferMaximum: 40, jitterBufferAbsoluteMaximum: 200,
      endSystemDelay: 60)
    #expect(block.discardRate == 12)
    #expect(block.burstDensity > 200)
    #expect(block.rFactor < light)
    #expect(VoIPMetrics.meanOpinionScore(93.2) > 4.3)
    #expect(VoIPMetrics().rFactor(delay: 20) > 92)
  }
}
