import Primitives
import RTP
import TestSupport
import Testing

/// Real captures: browsers, phones and test calls of other projects.
@Suite(.enabled(if: Vectors.isPresent)) struct CaptureTests {
  static let names = [
    "asterisk-40ms-alaw", "asterisk-ast-2017-012-crash", "asterisk-dtmf-4", "asterisk-opus-dtmf-2013785496",
    "asterisk-ssrc1", "asterisk-ssrc2", "asterisk-ulaw-dtmf-3125894607", "chromium156-simulcast-dd",
    "chromium156-simulcast", "chromium156-simulcast.dtmf", "firefox153-simulcast", "firefox153-simulcast.dtmf",
  ]

  @Test(arguments: names) func everyDatagramParsesOrIsRefused(name: String) throws {
    let capture = try Capture("rtp/\(name).pcap")
    var rtp = 0
    var rtcp = 0
    var refused = 0
    for datagram in capture.datagrams {
      switch PacketKind.classify(datagram.payload.span) {
      case .rtp:
        do {
          let header = try RTPHeader.parse(datagram.payload.span)
          #expect(header.payloadRange.upperBound <= datagram.payload.count)
          rtp += 1
        } catch { refused += 1 }
      case .rtcp:
        do {
          let packets = try RTCPCompound.parse(datagram.payload.span)
          rtcp += 1
          let again = try RTCPCompound.parse(RTCPCompound.encode(packets).span)
          #expect(again == packets)
        } catch { refused += 1 }
      case .stun, .dtls, .other: break
      }
    }
    #expect(rtp > 0)
    // The capture that crashed a server is broken on purpose.
    if !name.contains("crash") { #expect(refused == 0) }
    print("\(name): \(capture.datagrams.count) datagrams, RTP \(rtp), RTCP \(rtcp), refused \(refused)")
  }

  @Test(arguments: ["chromium156-simulcast", "chromium156-simulcast-dd", "firefox153-simulcast"])
  func controlPacketsAreWhatAnotherReaderFindsInThem(name: String) throws {
    let rows = try Vectors.text("rtp/\(name).rtcp.tsv").split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    let expected = rows.filter { $0.count > 3 && !$0[2].isEmpty }.map { row in
      row[2].split(separator: ",").map { Int($0) ?? 0 }
    }
    let capture = try Capture("rtp/\(name).pcap")
    var found: [[Int]] = []
    for datagram in capture.datagrams where PacketKind.classify(datagram.payload.span) == .rtcp {
      found.append(
        try RTCPCompound.parse(datagram.payload.span).map {
          switch $0 {
          case .senderReport: 200
          case .receiverReport: 201
          case .sourceDescription: 202
          case .bye: 203
          case .app: 204
          case .feedback(let feedback): Int(feedback.layer.rawValue)
          case .extendedReport: 207
          case .unknown(let type, _, _): Int(type)
          }
        })
    }
    #expect(found == expected)
  }

  @Test(arguments: ["chromium156-simulcast.dtmf", "firefox153-simulcast.dtmf"])
  func aBrowsersKeysCountOnceEach(name: String) throws {
    let table = try Vectors.text("rtp/\(name).tsv").split(separator: "\n").dropFirst()
    var expected: [Character] = []
    var stamps: Set<Substring> = []
    for row in table {
      let columns = row.split(separator: "\t")
      if stamps.insert(columns[2]).inserted, let event = UInt8(columns[4]) {
        expected += [TelephoneEvent(event: event, timestamp: 0, duration: 0).digit ?? "?"]
      }
    }
    #expect(expected.count == 3)
    #expect(try keys(in: "rtp/\(name).pcap", payloadTypes: [101, 126, 110]) == expected)
  }

  @Test func aPhonesKeysCountOnceEach() throws {
    #expect(try keys(in: "rtp/asterisk-dtmf-4.pcap", payloadTypes: [101]) == ["4"])
    #expect(try String(keys(in: "rtp/asterisk-ulaw-dtmf-3125894607.pcap", payloadTypes: [101])) == "3125894607")
    #expect(try String(keys(in: "rtp/asterisk-opus-dtmf-2013785496.pcap", payloadTypes: [101])) == "2013785496")
  }

  private func keys(in path: String, payloadTypes: Set<UInt8>) throws -> [Character] {
    var receiver = TelephoneEventReceiver()
    var found: [Character] = []
    for datagram in try Capture(path).datagrams {
      guard let header = try? RTPHeader.parse(datagram.payload.span), payloadTypes.contains(header.payloadType),
        header.payloadCount == 4
      else { continue }
      while let event = receiver.timeout(at: datagram.at) { found += [event.digit ?? "?"] }
      let payload = datagram.payload.span.extracting(header.payloadRange)
      if let event = receiver.receive(
        timestamp: header.timestamp, marker: header.marker, payload: payload, at: datagram.at)
      {
        found += [event.digit ?? "?"]
      }
    }
    while let event = receiver.timeout(at: .distantFuture) { found += [event.digit ?? "?"] }
    return found
  }

  @Test func fortyMillisecondPacketsPlayWithoutGaps() throws {
    var streams: [UInt32: (ReceiveStream, JitterBuffer, Int)] = [:]
    var played = 0
    var received = 0
    for datagram in try Capture("rtp/asterisk-40ms-alaw.pcap").datagrams {
      guard PacketKind.classify(datagram.payload.span) == .rtp,
        let header = try? RTPHeader.parse(datagram.payload.span), header.payloadType == 8
      else { continue }
      var (stream, buffer, silent) =
        streams[header.ssrc]
        ?? (
          ReceiveStream(ssrc: header.ssrc), JitterBuffer(configuration: JitterBuffer.Configuration(clockRate: 8_000)), 0
        )
      if case .accepted(let sequence, let timestamp) = stream.receive(header, arrival: datagram.at, clockRate: 8_000) {
        received += 1
        _ = buffer.insert(
          sequence: sequence, timestamp: timestamp, payloadType: header.payloadType, marker: header.marker,
          payload: datagram.payload.span.extracting(header.payloadRange), at: datagram.at)
        if case .packet = buffer.next(at: datagram.at.advanced(byMilliseconds: 5)) { played += 1 } else { silent += 1 }
      }
      #expect(stream.packetsLost == 0)
      streams[header.ssrc] = (stream, buffer, silent)
    }
    #expect(received > 100)
    #expect(played > received * 9 / 10)
  }

  static let fuzzFolders = [
    "fuzz/pjproject/rtp", "fuzz/pjproject/rtcp", "fuzz/webrtc-corpora", "fuzz/webrtc-corpora/rtp-corpus",
    "fuzz/webrtc-corpora/rtcp-corpus",
  ]

  @Test(arguments: fuzzFolders) func brokenPacketsNeverTrap(folder: String) throws {
    var random = RandomSource.seeded(99)
    for name in try Vectors.list(folder) {
      guard let seed = try? Vectors.bytes("\(folder)/\(name)") else { continue }
      try feed(seed)
      for _ in 0..<200 where !seed.isEmpty {
        var mutant = seed
        for _ in 0..<(1 + random.next() % 4) {
          let place = Int(random.next() % UInt64(mutant.count))
          mutant[place] = UInt8(truncatingIfNeeded: random.next())
        }
        if random.next() & 3 == 0 { mutant.removeLast(Int(random.next() % UInt64(mutant.count))) }
        try feed(mutant)
      }
    }
  }

  private func feed(_ octets: [UInt8]) throws {
    if let packets = try? RTCPCompound.parse(octets.span) {
      #expect(try RTCPCompound.parse(RTCPCompound.encode(packets).span) == packets)
    }
    guard let header = try? RTPHeader.parse(octets.span) else { return }
    #expect(header.payloadOffset + header.payloadCount <= octets.count)
    for id: UInt8 in 0...15 { _ = header.audioLevel(in: octets.span, extensionID: id) }
    let payload = octets.span.extracting(header.payloadRange)
    _ = TelephoneEventPayload(payload)
    _ = ComfortNoisePayload(payload)
  }
}
