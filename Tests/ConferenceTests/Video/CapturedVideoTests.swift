import Primitives
import RTP
import TestSupport
import Testing

@testable import Conference

/// Real browsers' simulcast through a forwarder.
@Suite(.enabled(if: Vectors.isPresent)) struct CapturedVideoTests {
  /// The last one sends no picture ids: it has put them into a header extension that we do not take.
  @Test(arguments: ["chromium156-simulcast", "firefox153-simulcast", "chromium156-simulcast-dd"], [0, 1, 2])
  func aBrowsersLayerBecomesOneContinuousStream(name: String, stream: Int) throws {
    var forwarder = Forwarder(ssrc: 1, random: .seeded(7))
    let offer = try Vectors.text("rtp/\(name).offer.sdp")
    let rid = try Self.extensionID("sdes:rtp-stream-id", in: offer)
    let payloadType: UInt8 = name.hasPrefix("firefox") ? 120 : 96
    let datagrams = try Capture("rtp/\(name).pcap").datagrams
    let layers = offer.split(whereSeparator: \.isNewline).compactMap { line -> StreamLabel? in
      guard line.hasPrefix("a=rid:"), line.hasSuffix("send") else { return nil }
      return StreamLabel(String(line.dropFirst(6).prefix { $0 != " " }))
    }
    #expect(layers.count == 3)
    var plan = PublisherPlan(
      codec: .vp8, payloadType: payloadType, layers: layers, extensions: VideoExtensions(rid: rid))
    // Firefox was not asked to write rids into its packets: it has announced its SSRCs.
    for line in offer.split(whereSeparator: \.isNewline) where line.hasPrefix("a=ssrc-group:FID ") {
      let numbers = line.dropFirst(17).split(separator: " ").compactMap { UInt32($0) }
      plan.sources.append(PublisherPlan.Source(ssrc: try #require(numbers.first), retransmission: numbers.last))
    }
    forwarder.publish(LegID(1), plan)
    let opened = forwarder.openView(LegID(2), ViewPlan(payloadType: 96, ssrc: 7))
    let view = try #require(opened)
    forwarder.show(LegID(1), in: view, layers: .init(stream: stream, temporal: 1), at: .zero)
    var numbers: [UInt32: Extended<UInt16>] = [:]
    var packets: [WatchedPacket] = []
    var shown: UInt32 = 0
    for datagram in datagrams where datagram.source.port == 40_000 {
      guard PacketKind.classify(datagram.payload.span) == .rtp else { continue }
      var octets = datagram.payload
      guard try RTPHeader.parse(octets.span).payloadType == payloadType else { continue }
      var span = octets.mutableSpan
      forwarder.receive(&span, from: LegID(1), at: datagram.at)
      if !forwarder.queue.isEmpty { shown = try RTPHeader.parse(octets.span).ssrc }
      forwarder.timeout(at: datagram.at)
      packets += try WatchedPacket.drain(&forwarder, &numbers)
    }
    packets.sort { $0.sequence < $1.sequence }
    #expect(packets.count > 30)
    #expect(packets.first?.isKey == true)
    var missing = 0
    for (earlier, later) in zip(packets, packets.dropFirst()) {
      missing += Int(later.sequence - earlier.sequence) - 1
      let step = Int32(bitPattern: later.header.timestamp &- earlier.header.timestamp)
      #expect(step >= 0 && step < 90_000)
      guard let before = earlier.vp8, let after = later.vp8, let from = before.pictureID?.value,
        let to = after.pictureID?.value
      else { continue }
      guard later.sequence == earlier.sequence + 1 else { continue }
      #expect((to &- from) & 0x7FFF == (step > 0 ? 1 : 0))
      #expect(after.temporalLayer ?? 0 <= 1)
      if step > 0, let base = before.baseLayerIndex, let next = after.baseLayerIndex {
        #expect(next &- base == (after.temporalLayer == 0 ? 1 : 0))
      }
    }
    // Only what the capture lacks is missing.
    let lost = try Self.losses(in: datagrams, payloadType: payloadType)[shown] ?? 0
    #expect(missing == lost)
    print("\(name), layer \(stream): \(packets.count) packets, \(lost) lost in the capture, \(missing) missing")
  }

  /// Packets of each source that the capture itself has not.
  private static func losses(in datagrams: [Capture.Datagram], payloadType: UInt8) throws -> [UInt32: Int] {
    var numbers: [UInt32: Set<Int64>] = [:]
    var counters: [UInt32: Extended<UInt16>] = [:]
    for datagram in datagrams where datagram.source.port == 40_000 {
      guard PacketKind.classify(datagram.payload.span) == .rtp else { continue }
      let header = try RTPHeader.parse(datagram.payload.span)
      guard header.payloadType == payloadType else { continue }
      numbers[header.ssrc, default: []].insert(counters[header.ssrc, default: Extended()].extend(header.sequence))
    }
    return numbers.mapValues { Int(($0.max() ?? 0) - ($0.min() ?? 0)) + 1 - $0.count }
  }

  private static func extensionID(_ name: String, in offer: String) throws -> UInt8 {
    let lines = offer.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("a=extmap:") && $0.contains(name) }
    let line = try #require(lines.last)
    return try #require(UInt8(line.dropFirst(9).prefix { $0.isNumber }))
  }
}
