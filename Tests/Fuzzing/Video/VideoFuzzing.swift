import Conference
import Primitives
import RTP
import TestSupport
import Testing

/// What peers say about and in video: payload headers, packets sent once more, feedback; and whole packets through a
/// forwarder.
@Suite struct VideoFuzzing {
  static let codecs: [VideoCodec] = [.vp8, .vp9, .h264, .av1]

  static var payloads: [[UInt8]] {
    [
      [0x90, 0xE0, 0x81, 2, 9, 0x60, 0x10, 1, 0, 0x9D, 1, 0x2A, 160, 0, 90, 0], [0x10, 0x11, 1, 0],
      [0xA8, 0x92, 0x34, 0x53, 7, 1], [0x8A, 5, 0x38, 0, 160, 0, 90, 1, 64, 0, 180, 2, 4, 1, 0x28, 1, 2, 0xFF],
      [0xD0, 5, 3, 2, 0xFF], [0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1, 0, 2, 0x65, 0x88], [0x7C, 0x85, 0x88],
      [0x18, 0x0C, 0x48, 1], [0, 0x80, 1, 0x30],
    ] + Seeds.datagrams(.rtp).compactMap { $0.count > 40 ? Array($0.dropFirst(28)) : nil }
  }

  @Test func payloadHeadersAreReadWithinTheirOctets() {
    var fuzzer = Fuzzer("video-payload", seeds: Self.payloads, limit: 256)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var outcome = FuzzOutcome.accepted
      for codec in Self.codecs {
        guard let mark = try? codec.mark(input.span) else {
          outcome.add(-1)
          continue
        }
        try FuzzFailure.unless(!mark.startsKeyFrame || mark.startsFrame, "a key frame's first packet begins a frame")
        try FuzzFailure.unless(mark.temporalLayer < 8 && mark.spatialLayer < 8, "layers have three bits")
        outcome.add(mark.startsFrame)
        outcome.add(mark.startsKeyFrame)
        outcome.add(Int(mark.temporalLayer))
      }
      guard let descriptor = try? VP8Descriptor.parse(input.span) else { return outcome }
      try FuzzFailure.unless(descriptor.count <= input.count, "a descriptor lies in its payload")
      let picture = UInt16(truncatingIfNeeded: random.next())
      let index = UInt8(truncatingIfNeeded: random.next())
      var rewritten = input
      do {
        var span = rewritten.mutableSpan
        descriptor.rewrite(&span, pictureID: picture, baseLayerIndex: index)
      }
      guard let again = try? VP8Descriptor.parse(rewritten.span) else {
        throw FuzzFailure("what was rewritten parses")
      }
      var expected = descriptor
      switch descriptor.pictureID {
      case .none: break
      case .short: expected.pictureID = .short(UInt8(picture & 0x7F))
      case .long: expected.pictureID = .long(picture & 0x7FFF)
      }
      if descriptor.baseLayerIndex != nil { expected.baseLayerIndex = index }
      try FuzzFailure.unless(again == expected, "only the numbers change")
      return outcome
    }.check()
  }

  @Test func framesOfWhateverComesAreBounded() {
    var fuzzer = Fuzzer("vp8-assembler", seeds: RTPFuzzing.seeds + Self.stream, limit: 2_048)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var assembler = VP8Assembler()
      var now = Instant.zero
      var outcome = FuzzOutcome.accepted
      // The input is cut into packets: by a length in front of each.
      var place = 0
      while place < input.count {
        let end = min(place + 1 + Int(input[place]), input.count)
        assembler.receive(Array(input[place + 1..<max(end, place + 1)]).span, at: now)
        place = max(end, place + 1)
        now = now.advanced(byMilliseconds: random.once(in: 20) ? 500 : 1)
        assembler.timeout(at: now)
        var last = 0
        for frame in assembler.frames {
          try FuzzFailure.unless(
            frame.place.lowerBound == last && !frame.place.isEmpty, "frames lie one after the other")
          try FuzzFailure.unless(assembler.octets(of: frame).count == frame.place.count, "a frame is whole")
          last = frame.place.upperBound
        }
        try FuzzFailure.unless(assembler.frames.count <= VP8Assembler.maximumFrames, "frames that wait are bounded")
        if random.once(in: 3) {
          outcome.add(size: assembler.frames.count)
          assembler.removeFrames()
        }
      }
      outcome.add(size: assembler.breaks)
      outcome.add(size: assembler.refused)
      return outcome
    }.check()
  }

  /// Packets of a few frames, each with its length in front.
  private static var stream: [[UInt8]] {
    var octets: [UInt8] = []
    for number in 0..<12 {
      var packet = [UInt8](repeating: 0, count: RTPHeader.size)
      do {
        var span = packet.mutableSpan
        _ = RTPHeader.write(
          into: &span, payloadType: 96, marker: number % 2 == 1, sequence: UInt16(truncatingIfNeeded: 65_530 + number),
          timestamp: UInt32(number / 2 * 3_000), ssrc: 1)
      }
      packet += [number % 2 == 0 ? 0x10 : 0]
      packet += number == 0 ? [0x10, 1, 0, 0x9D, 1, 0x2A, 160, 0, 90, 0] : [0x11, 1, 0, 7, 7, 7, 7, 7, 7, 7]
      octets += [UInt8(packet.count)] + packet
    }
    return [octets]
  }

  @Test func repeatedPacketsAreRestored() {
    var fuzzer = Fuzzer("rtx", seeds: RTPFuzzing.seeds, limit: 1_600)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      guard let header = try? RTPHeader.parse(input.span) else { return .refused }
      var packet = [UInt8](repeating: 0, count: input.count + 2)
      var count: Int?
      do {
        var span = packet.mutableSpan
        count = RTXPacket.write(input.span, header: header, into: &span, payloadType: 97, sequence: 7, ssrc: 8)
      }
      guard let count else { throw FuzzFailure("there is room for two octets more") }
      packet.removeLast(packet.count - count)
      guard let sent = try? RTPHeader.parse(packet.span) else { throw FuzzFailure("what is sent once more parses") }
      var restored: Int?
      do {
        var span = packet.mutableSpan
        restored = RTXPacket.restore(&span, header: sent, payloadType: header.payloadType, ssrc: header.ssrc)
      }
      try FuzzFailure.unless(restored == header.payloadRange.upperBound, "all but padding comes back")
      try FuzzFailure.unless(
        Array(packet[header.payloadRange]) == Array(input[header.payloadRange]), "the payload comes back")
      // The input as it stands may be any packet of a retransmission stream.
      var raw = input
      var span = raw.mutableSpan
      _ = RTXPacket.restore(&span, header: header, payloadType: 96, ssrc: 1)
      return .accepted
    }.check()
  }

  static var feedback: [[UInt8]] {
    let own: [Feedback] = [
      NegativeAcknowledgement(sender: 1, media: 2, sequences: [1, 2, 17, 900]).feedback,
      KeyFrameRequest.fullIntra(3).feedback(sender: 1, media: 2),
      KeyFrameRequest.pictureLoss.feedback(sender: 1, media: 2),
      MaximumBitrate(sender: 1, bitrate: 1_000_000, ssrcs: [1, 2]).feedback,
      TransportFeedback(
        sender: 1, media: 2, baseSequence: 65_530, referenceTime: -5, number: 3,
        deltas: [0, nil, 255, 256, -1] + [Int16?](repeating: 4, count: 30)
      ).feedback,
    ]
    return own.map { RTCPCompound.encode([.feedback($0)]) } + Seeds.datagrams(.rtcp)
  }

  @Test func feedbackPrintsAndParsesTheSame() {
    var fuzzer = Fuzzer("video-feedback", seeds: Self.feedback, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      guard let packets = try? RTCPCompound.parse(input.span) else { return .refused }
      var outcome = FuzzOutcome.accepted
      var forwarder = Forwarder(ssrc: 1, random: .seeded(1), historyOctets: 4_096)
      var estimator = BandwidthEstimator()
      for case .feedback(let feedback) in packets {
        if let report = TransportFeedback(feedback) {
          try FuzzFailure.unless(report.deltas.count <= TransportFeedback.maximumPackets, "reports have a limit")
          try FuzzFailure.unless(TransportFeedback(report.feedback) == report, "arrivals print and parse the same")
          estimator.sent(report.baseSequence, octets: 100, at: .zero)
          estimator.receive(report, at: Instant(nanoseconds: Int64(random.below(1 << 40))))
          outcome.add(size: report.deltas.count)
        }
        if let nack = NegativeAcknowledgement(feedback) {
          try FuzzFailure.unless(nack.sequences.count <= NegativeAcknowledgement.maximumCount, "requests have a limit")
          try FuzzFailure.unless(
            NegativeAcknowledgement(nack.feedback)?.sequences == nack.sequences, "requests print and parse the same")
          outcome.add(size: nack.sequences.count)
        }
        if let limit = MaximumBitrate(feedback) {
          try FuzzFailure.unless(MaximumBitrate(limit.feedback) == limit, "limits print and parse the same")
          estimator.receive(limit, at: .zero)
          outcome.add(3)
        }
        KeyFrameRequest.read(feedback) { _, _ in outcome.add(4) }
        forwarder.receive(feedback, fromWatcher: LegID(1), at: .zero)
      }
      try FuzzFailure.unless(
        (BandwidthEstimator.minimum...BandwidthEstimator.maximum).contains(estimator.bitrate), "an estimate has limits")
      return outcome
    }.check()
  }

  /// A publisher may send what it likes, in any order: each packet costs a watcher one at most.
  @Test func aForwarderTakesAnything() {
    var fuzzer = Fuzzer("forwarder", seeds: RTPFuzzing.seeds, limit: 1_600)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      guard input.count >= 12 else { return .refused }
      var forwarder = Forwarder(ssrc: 1, random: .seeded(random.next()), historyOctets: 8_192)
      let codec = Self.codecs[random.below(4)]
      forwarder.publish(
        LegID(1),
        PublisherPlan(codec: codec, payloadType: input[1] & 0x7F, retransmissionType: (input[1] &+ 1) & 0x7F))
      guard let view = forwarder.openView(LegID(2), ViewPlan(payloadType: 120, ssrc: 9)) else { return .refused }
      forwarder.show(LegID(1), in: view, layers: .init(stream: 2, temporal: 2), at: .zero)
      var now = Instant.zero
      for round in 0..<24 {
        var packet = input
        packet[1] = (packet[1] &+ (random.once(in: 6) ? 1 : 0)) & 0x7F | packet[1] & 0x80
        let sequence = Int(packet[3]) + round + (random.once(in: 5) ? random.below(400) - 200 : 0)
        packet[3] = UInt8(truncatingIfNeeded: sequence)
        packet[2] = UInt8(truncatingIfNeeded: sequence >> 8)
        packet[7] = UInt8(truncatingIfNeeded: random.below(256))
        let before = forwarder.queue.entries.count
        var span = packet.mutableSpan
        forwarder.receive(&span, from: LegID(1), at: now)
        let added = forwarder.queue.entries.count - before
        try FuzzFailure.unless(added <= 520, "one packet brings no flood", "\(added)")
        now = now.advanced(byMilliseconds: Int64(random.below(100)))
        forwarder.timeout(at: now)
      }
      try FuzzFailure.unless(forwarder.requests.count <= Forwarder.maximumRequests, "requests have a limit")
      for entry in forwarder.queue.entries {
        guard let header = try? RTPHeader.parse(forwarder.queue.packet(entry)) else {
          throw FuzzFailure("what is forwarded parses")
        }
        try FuzzFailure.unless(header.ssrc == 9, "it has the watcher's source")
      }
      var outcome = FuzzOutcome.accepted
      outcome.add(size: forwarder.queue.entries.count)
      return outcome
    }.check()
  }
}
