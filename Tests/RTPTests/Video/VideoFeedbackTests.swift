import Primitives
import RTP
import TestSupport
import Testing

/// Feedback about video: what is written reads the same, also on the wire; captures; what is broken.
@Suite struct VideoFeedbackTests {
  @Test func missingPacketsAreNamedInFewOctets() throws {
    let nack = NegativeAcknowledgement(sender: 1, media: 2, sequences: [0xFFFE, 0xFFFF, 0, 14, 15, 900])
    let feedback = nack.feedback
    // 0xFFFE with 0xFFFF, 0 and 14 (its sixteenth follower); 15; 900.
    #expect(feedback.information == [0xFF, 0xFE, 0x80, 0x03, 0, 15, 0, 0, 3, 0x84, 0, 0])
    #expect(NegativeAcknowledgement(try Self.overTheWire(feedback)) == nack)
    #expect(NegativeAcknowledgement(KeyFrameRequest.pictureLoss.feedback(sender: 1, media: 2)) == nil)
    let flood = Feedback(
      layer: .transport, format: 1, sender: 1, media: 2, information: [UInt8](repeating: 0xFF, count: 4_000))
    #expect(NegativeAcknowledgement(flood)?.sequences.count == NegativeAcknowledgement.maximumCount)
  }

  @Test(arguments: [KeyFrameRequest.pictureLoss, .fullIntra(200)])
  func keyFramesAreAskedFor(request: KeyFrameRequest) throws {
    var found: [UInt32: KeyFrameRequest] = [:]
    KeyFrameRequest.read(try Self.overTheWire(request.feedback(sender: 1, media: 0xFFEE_DDCC))) { found[$0] = $1 }
    #expect(found == [0xFFEE_DDCC: request])
  }

  @Test(arguments: [(0, 0), (262_143, 262_143), (1_000_003, 1_000_000), (UInt64.max, (UInt64.max >> 46) << 46)])
  func aBitRateKeepsEighteenBits(sent: UInt64, received: UInt64) throws {
    let limit = MaximumBitrate(sender: 7, bitrate: sent, ssrcs: [1, 2])
    let again = try #require(MaximumBitrate(try Self.overTheWire(limit.feedback)))
    #expect(again.ssrcs == [1, 2])
    #expect(again.bitrate <= sent && Double(again.bitrate) >= Double(sent) * (1 - 1 / 131_072.0))
    #expect(again.bitrate == received)
  }

  @Test func aBitRateThatNoNumberHoldsIsRefused() {
    let information: [UInt8] = [0x52, 0x45, 0x4D, 0x42, 0, 0xFF, 0xFF, 0xFF]
    #expect(
      MaximumBitrate(Feedback(layer: .payload, format: 15, sender: 1, media: 0, information: information)) == nil)
  }

  @Test func arrivalsPrintAndParseTheSame() throws {
    var random = RandomSource.seeded(15)
    for round in 0..<400 {
      let loss = [0, 2, 50, 95][round % 4]
      let wide = [0, 3, 30][round % 3]
      let count = 1 + Int(random.next() % 300)
      let deltas = (0..<count).map { _ -> Int16? in
        if random.next() % 100 < UInt64(loss) { return nil }
        return random.next() % 100 < UInt64(wide)
          ? Int16(truncatingIfNeeded: random.next()) : Int16(random.next() % 256)
      }
      let feedback = TransportFeedback(
        sender: 1, media: 2, baseSequence: UInt16(truncatingIfNeeded: random.next()),
        referenceTime: Int32(random.next() % 0x100_0000) - 0x80_0000, number: UInt8(truncatingIfNeeded: random.next()),
        deltas: deltas)
      let again = try Self.overTheWire(feedback.feedback)
      #expect(TransportFeedback(again) == feedback)
    }
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: ["chromium156-simulcast", "chromium156-simulcast-dd", "firefox153-simulcast"])
  func browsersFeedbackReadsAsAnotherReaderFindsIt(name: String) throws {
    let rows = try Vectors.text("rtp/\(name).rtcp.tsv").split(separator: "\n").dropFirst()
    let capture = try Capture("rtp/\(name).pcap")
    var reports = 0
    for row in rows {
      let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let datagram = capture.datagrams[try #require(Int(columns[0])) - 1]
      let packets = try RTCPCompound.parse(datagram.payload.span)
      var transport: [String] = []
      var payload: [String] = []
      for case .feedback(let feedback) in packets {
        switch feedback.layer {
        case .transport: transport.append("\(feedback.format)")
        case .payload: payload.append("\(feedback.format)")
        }
        if feedback.format == 15, feedback.layer == .transport {
          let report = try #require(TransportFeedback(feedback), "\(row)")
          #expect(TransportFeedback(report.feedback) == report)
          try Self.expectSent(report, before: datagram, in: capture)
          reports += 1
        }
      }
      #expect(transport.joined(separator: ",") == columns[5], "\(row)")
      #expect(payload.joined(separator: ",") == columns[6], "\(row)")
    }
    #expect(reports > 20)
  }

  /// What a report says to have come was sent by the other side, under that number, before.
  private static func expectSent(
    _ report: TransportFeedback, before datagram: Capture.Datagram, in capture: Capture
  ) throws {
    var sent: Set<UInt16> = []
    for other in capture.datagrams where other.source != datagram.source && other.at <= datagram.at {
      guard PacketKind.classify(other.payload.span) == .rtp else { continue }
      let header = try RTPHeader.parse(other.payload.span)
      if let number = header.transportSequence(3, in: other.payload.span) { sent.insert(number) }
    }
    guard !sent.isEmpty else { return }
    for (index, delta) in report.deltas.enumerated() where delta != nil {
      let number = report.baseSequence &+ UInt16(index)
      #expect(sent.contains(number), "\(number)")
    }
  }

  @Test func arrivalsAreToldEveryTenthOfASecond() throws {
    var arrivals = TransportArrivals(sender: 9)
    #expect(arrivals.deadline == nil)
    var told: [UInt16: Int64] = [:]
    var sent: [UInt16: Int64] = [:]
    var messages = 0
    for index in 0..<1_000 where index % 10 != 3 {
      let number = UInt16(truncatingIfNeeded: 65_200 + index)
      let now = Instant(nanoseconds: 5_000_000_000 + Int64(index) * 7_000_000)
      arrivals.receive(number, media: 1, at: now)
      sent[number] = now.nanoseconds
      guard let deadline = arrivals.deadline, deadline <= now else { continue }
      let message = arrivals.feedback(at: now)
      let report = try #require(message)
      #expect(report.number == UInt8(truncatingIfNeeded: messages))
      messages += 1
      var ticks = Int64(report.referenceTime) * 256
      for (place, delta) in report.deltas.enumerated() {
        guard let delta else { continue }
        ticks += Int64(delta)
        told[report.baseSequence &+ UInt16(place)] = ticks * 250_000
      }
    }
    #expect((60...72).contains(messages))
    #expect(told.count > 880)
    for (number, time) in told { #expect(abs(time - (sent[number] ?? 0)) < 500_000) }
  }

  @Test func aLateArrivalIsToldWithItsFollowers() throws {
    var arrivals = TransportArrivals(sender: 9)
    for number: UInt16 in [1, 2, 4, 5] { arrivals.receive(number, media: 1, at: .zero) }
    let first = arrivals.feedback(at: Instant(nanoseconds: 100_000_000))
    #expect(first?.deltas == [0, 0, nil, 0, 0])
    arrivals.receive(3, media: 1, at: Instant(nanoseconds: 101_000_000))
    let second = arrivals.feedback(at: Instant(nanoseconds: 201_000_000))
    let late = try #require(second)
    #expect(late.baseSequence == 3 && late.deltas.count == 3 && late.deltas.allSatisfy { $0 != nil })
  }

  @Test func lossBetweenTwoMessagesIsTold() throws {
    var arrivals = TransportArrivals(sender: 9)
    arrivals.receive(1, media: 1, at: .zero)
    let first = arrivals.feedback(at: Instant(nanoseconds: 100_000_000))
    #expect(first?.deltas == [0])
    arrivals.receive(4, media: 1, at: Instant(nanoseconds: 128_000_000))
    let second = arrivals.feedback(at: Instant(nanoseconds: 228_000_000))
    #expect(second?.baseSequence == 2 && second?.deltas == [nil, nil, 0])
  }

  static func overTheWire(_ feedback: Feedback) throws -> Feedback {
    let datagram = RTCPCompound.encode([.feedback(feedback)])
    let packets = try RTCPCompound.parse(datagram.span)
    let found = packets.compactMap { if case .feedback(let again) = $0 { again } else { nil } }
    return try #require(found.first)
  }
}
