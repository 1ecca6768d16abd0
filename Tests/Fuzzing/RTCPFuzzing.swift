import Primitives
import RTP
import TestSupport
import Testing

/// Compound RTCP datagrams.
@Suite struct RTCPFuzzing {
  static var own: [[UInt8]] {
    let block = ReportBlock(
      ssrc: 2, fractionLost: 3, cumulativeLost: -4, highestSequence: 5, jitter: 6, lastSenderReport: 7,
      delaySinceLastSenderReport: 8)
    let report = SenderReport(ssrc: 1, ntp: 2, timestamp: 3, packetCount: 4, octetCount: 5, blocks: [block, block])
    return [
      RTCPCompound.encode([
        .senderReport(report), .sourceDescription([SourceDescription(ssrc: 1, cname: "abc")]),
        .bye(Goodbye(ssrcs: [1, 2], reason: [0x61])),
      ]),
      RTCPCompound.encode([
        .receiverReport(ReceiverReport(ssrc: 1, blocks: [block])),
        .extendedReport(
          ExtendedReport(
            ssrc: 1,
            blocks: [
              .receiverReferenceTime(ntp: 9), .voipMetrics(VoIPMetricsBlock(ssrc: 2)),
              .other(type: 1, specific: 2, contents: [1, 2, 3, 4]),
            ])),
        .feedback(Feedback(layer: .payload, format: 1, sender: 1, media: 2, information: [0, 0, 0, 1])),
        .app(ApplicationDefined(subtype: 1, ssrc: 1, name: 0x6162_6364, data: [1, 2, 3, 4])),
        .unknown(type: 200, count: 1, body: []),
      ]),
    ]
  }

  @Test func compoundsEncodeAndParseTheSame() {
    let seeds =
      Self.own + Seeds.datagrams(.rtcp) + Seeds.files("fuzz/webrtc-corpora/rtcp-corpus", "fuzz/pjproject/rtcp")
      + Seeds.files("fuzz/webrtc-corpora").filter { $0.count < 2_048 }
    var fuzzer = Fuzzer("rtcp", seeds: seeds, limit: 2_048)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let packets: [RTCPPacket]
      do throws(RTCPError) { packets = try RTCPCompound.parse(input.span) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        return outcome
      }
      try FuzzFailure.unless(packets.count <= RTCPCompound.maximumPackets, "no more packets than allowed")
      let encoded = RTCPCompound.encode(packets)
      let again: [RTCPPacket]
      do { again = try RTCPCompound.parse(encoded.span) } catch {
        throw FuzzFailure("what was encoded parses", "\(error)")
      }
      try FuzzFailure.unless(again == packets, "what was encoded parses to the same packets")
      var outcome = FuzzOutcome.accepted
      for packet in packets.prefix(8) { Self.describe(packet, &outcome) }
      return outcome
    }.check()
  }

  private static func describe(_ packet: RTCPPacket, _ outcome: inout FuzzOutcome) {
    switch packet {
    case .senderReport(let report):
      outcome.add(200 + report.blocks.count)
      for block in report.blocks { _ = block.roundTripTime(arrivedAt: report.ntp) }
    case .receiverReport(let report): outcome.add(300 + report.blocks.count)
    case .sourceDescription(let chunks):
      outcome.add(400 + chunks.count)
      outcome.add(size: chunks.reduce(0) { $0 + $1.items.count })
      for chunk in chunks { _ = chunk.cname }
    case .bye(let goodbye):
      outcome.add(500 + goodbye.ssrcs.count)
      outcome.add(goodbye.reason != nil)
    case .app(let application):
      outcome.add(600)
      outcome.add(size: application.data.count)
    case .feedback(let feedback): outcome.add(700 + Int(feedback.format))
    case .extendedReport(let report):
      outcome.add(800)
      outcome.add(size: report.blocks.count)
    case .unknown(let type, _, let body):
      outcome.add(900 + Int(type) / 16)
      outcome.add(size: body.count)
    }
  }
}
