import TestSupport
import Codecs
import Conference
import Primitives
import RTP
import Testing

/// RTCP, goodbyes and statistics.
@Suite struct ReportTests {
  @Test func reportsComeAboutEveryFiveSecondsWithNameAndFigures() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.network.conditions[member.address] = .init(loss: 0.1)
    stage.run(seconds: 60)
    #expect((8...22).contains(member.reportTimes.count), "\(member.reportTimes.count)")
    let gaps = zip(member.reportTimes, member.reportTimes.dropFirst()).map { $1.milliseconds(since: $0) }
    #expect(gaps.allSatisfy { $0 > 1_900 && $0 < 8_000 }, "\(gaps)")
    var senders: [SenderReport] = []
    var names: Set<[UInt8]> = []
    for packet in member.reports {
      switch packet {
      case .senderReport(let report): senders.append(report)
      case .sourceDescription(let chunks):
        for chunk in chunks { for item in chunk.items where item.type == 1 { names.insert(item.text) } }
      default: break
      }
    }
    #expect(names.count == 1)
    let ssrc = member.heard.packets.first?.ssrc
    #expect(senders.allSatisfy { $0.ssrc == ssrc })
    for (report, time) in zip(senders, member.reportTimes) {
      // The timestamp is that of the report's moment: the room's stream runs at 8 kHz from its first packet on.
      guard let first = member.heard.packets.first else { continue }
      let expected = first.timestamp &+ UInt32(time.nanoseconds(since: first.at) / 125_000)
      #expect(abs(Int(Int32(bitPattern: report.timestamp &- expected))) <= 160)
      let packets = member.heard.packets.count { $0.at < time }
      #expect(abs(Int(report.packetCount) - packets) <= 1)
      guard let block = report.blocks.first else { continue }
      #expect(block.ssrc == member.ssrc)
    }
    let last = senders.last?.blocks.first
    #expect(abs(Double(last?.cumulativeLost ?? 0) / Double(member.sent) - 0.1) < 0.04)
    // Their address is the port above.
    #expect(member.reportChannels.allSatisfy { $0.port == member.address.port + 1 })
  }

  @Test func multiplexedReportsGoToThePortOfTheMedia() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    member.plan.rtcpMux = true
    stage.join(member)
    stage.run(seconds: 12)
    #expect(!member.reportChannels.isEmpty)
    #expect(member.reportChannels.allSatisfy { $0 == member.address })
  }

  @Test func aSignalledReportAddressIsUsed() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    let other = TransportAddress(.v4(0x0A00_0099), port: 5_555)
    member.plan.remoteRTCP = other
    stage.join(member)
    stage.run(seconds: 12)
    #expect((stage.strays[other] ?? 0) >= 2)
    #expect(member.reportChannels.isEmpty)
  }

  private func report(of member: VirtualMember, _ blocks: [ReportBlock], extra: [RTCPPacket] = []) -> [UInt8] {
    RTCPCompound.encode([.receiverReport(ReceiverReport(ssrc: member.ssrc, blocks: blocks))] + extra)
  }

  @Test func aPeersReportsTellLossAndRoundTrip() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 12)
    guard let at = member.reportTimes.last,
      let sent = member.reports.reversed().compactMap({ if case .senderReport(let report) = $0 { report } else { nil } }
      ).first
    else {
      Issue.record("no sender report")
      return
    }
    // Answered 40 ms after it was sent, 10 ms of which the peer took.
    while stage.now.milliseconds(since: at) < 40 { stage.run(ticks: 1) }
    let waited = stage.now.milliseconds(since: at)
    let block = ReportBlock(
      ssrc: sent.ssrc, fractionLost: 64, cumulativeLost: 10, highestSequence: 0, jitter: 0,
      lastSenderReport: UInt32(truncatingIfNeeded: sent.ntp >> 16), delaySinceLastSenderReport: 655)
    stage.inject(report(of: member, [block]), to: member.leg, from: member.address, channel: .rtcp)
    let statistics = stage.statistics(of: member)
    #expect(statistics.remoteLossFraction == 0.25)
    #expect(abs((statistics.roundTripTime ?? 0) - (waited - 10)) < 0.5)
  }

  @Test func reportsOfAForeignHostAreIgnored() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    stage.run(seconds: 1)
    let ours = member.heard.packets.first?.ssrc ?? 0
    let block = ReportBlock(
      ssrc: ours, fractionLost: 255, cumulativeLost: 10, highestSequence: 0, jitter: 0, lastSenderReport: 0,
      delaySinceLastSenderReport: 0)
    let forged = report(of: member, [block], extra: [.bye(Goodbye(ssrcs: [member.ssrc]))])
    stage.inject(forged, to: member.leg, from: TransportAddress(.v4(0x7F00_0009), port: 1), channel: .rtcp)
    #expect(stage.statistics(of: member).remoteLossFraction == nil)
    #expect(!stage.has { if case .mediaEnded = $0 { true } else { false } })
    stage.inject(forged, to: member.leg, from: member.address, channel: .rtcp)
    #expect(stage.statistics(of: member).remoteLossFraction == 255.0 / 256)
    #expect(stage.has { if case .mediaEnded(member.leg) = $0 { true } else { false } })
  }

  @Test func whoSendsExtendedReportsGetsThem() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.network.conditions[member.address] = .init(jitter: 15, loss: 0.08)
    stage.run(seconds: 10)
    #expect(!member.reports.contains { if case .extendedReport = $0 { true } else { false } })
    let extended = RTCPPacket.extendedReport(ExtendedReport(ssrc: member.ssrc, blocks: []))
    stage.inject(report(of: member, [], extra: [extended]), to: member.leg, from: member.address, channel: .rtcp)
    stage.run(seconds: 20)
    let blocks: [VoIPMetricsBlock] = member.reports.flatMap { packet -> [VoIPMetricsBlock] in
      guard case .extendedReport(let report) = packet else { return [] }
      return report.blocks.compactMap { if case .voipMetrics(let block) = $0 { block } else { nil } }
    }
    guard let last = blocks.last else {
      Issue.record("no VoIP metrics")
      return
    }
    #expect(last.ssrc == member.ssrc)
    #expect(abs(Double(last.lossRate) / 256 - 0.08) < 0.04)
    #expect(last.rFactor > 50 && last.rFactor < 93)
    #expect(last.mosListening > 25 && last.mosListening < 45)
    #expect(last.gapDuration > 0)
    #expect(abs(Int(last.signalLevel) + 20) <= 3)
  }

  @Test func whoIsRemovedGetsAGoodbyeAndItsLastFiguresAreTold() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    stage.run(seconds: 1)
    let sent = member.sent
    stage.apply(.removeLeg(member.leg))
    stage.run(ticks: 2)
    #expect(
      member.reports.contains {
        if case .bye(let bye) = $0 { bye.ssrcs == [member.heard.packets[0].ssrc] } else { false }
      })
    var last: LegStatistics?
    for event in stage.events { if case .legClosed(let statistics) = event { last = statistics } }
    #expect(last?.leg == member.leg)
    #expect(last?.codec == .pcmu)
    #expect(last?.packetsReceived == UInt64(sent + 1), "what has come before the last tick is counted")
    #expect(last?.packetsSent == UInt64(member.heard.packets.count))
    #expect(stage.room.isEmpty)
  }

  @Test func statisticsCountWhatHappened() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    stage.network.conditions[member.address] = .init(jitter: 12, loss: 0.05)
    stage.run(seconds: 20)
    let statistics = stage.statistics(of: member)
    #expect(Int(statistics.packetsReceived) + Int(statistics.packetsLost) <= member.sent)
    #expect(Int(statistics.packetsReceived) + Int(statistics.packetsLost) >= member.sent - 2)
    #expect(statistics.octetsReceived == statistics.packetsReceived * 172)
    #expect(statistics.octetsSent == statistics.packetsSent * 172)
    #expect(statistics.jitter > 1 && statistics.jitter < 12)
    #expect(abs(statistics.level + 20) < 1.5)
    #expect(statistics.framesConcealed > 20 && statistics.framesConcealed < 80, "\(statistics.framesConcealed)")
  }
}
