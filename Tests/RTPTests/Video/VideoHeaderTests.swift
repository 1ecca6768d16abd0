import Primitives
import RTP
import TestSupport
import Testing

/// Header extensions that video needs, and packets sent once more.
@Suite struct VideoHeaderTests {
  @Test(arguments: [HeaderExtensionWriter.Form.oneByte, .twoByte])
  func elementsThatAreWrittenReadTheSame(form: HeaderExtensionWriter.Form) throws {
    var packet = [UInt8](repeating: 0xEE, count: 64)
    let mid = try #require(StreamLabel("video-7"))
    let rid = try #require(StreamLabel("0123456789abcdef"))
    var end = 0
    do {
      var written = true
      var span = packet.mutableSpan
      _ = RTPHeader.write(into: &span, payloadType: 96, marker: false, sequence: 1, timestamp: 2, ssrc: 3)
      var writer = HeaderExtensionWriter(form, at: RTPHeader.size)
      written = writer.add(4, mid, to: &span) && written
      written = writer.add(10, rid, to: &span) && written
      written = writer.add(3, 0xBEEF, octets: 2, to: &span) && written
      written = writer.add(2, 0x12_3456, octets: 3, to: &span) && written
      let fits = writer.add(15, 1, octets: 1, to: &span)
      #expect(written && fits == (form == .twoByte))
      end = writer.finish(&span)
    }
    let header = try RTPHeader.parse(packet.span)
    #expect(header.payloadOffset == end && end % 4 == 0)
    #expect(header.label(4, in: packet.span) == mid)
    #expect(header.label(10, in: packet.span)?.description == "0123456789abcdef")
    #expect(header.transportSequence(3, in: packet.span) == 0xBEEF)
    #expect(header.absoluteSendTime(2, in: packet.span) == 0x12_3456)
    #expect(packet[end...].allSatisfy { $0 == 0xEE })
  }

  @Test func withoutRoomOrElementsThereIsNoExtension() throws {
    var packet = [UInt8](repeating: 0, count: 18)
    var span = packet.mutableSpan
    _ = RTPHeader.write(into: &span, payloadType: 96, marker: false, sequence: 1, timestamp: 2, ssrc: 3)
    var empty = HeaderExtensionWriter(.oneByte, at: RTPHeader.size)
    let nothing = empty.finish(&span)
    #expect(nothing == RTPHeader.size)
    var full = HeaderExtensionWriter(.oneByte, at: RTPHeader.size)
    let tooWide = full.add(1, 1, octets: 3, to: &span)
    let fits = full.add(1, 1, octets: 1, to: &span)
    #expect(!tooWide && fits)
    // Four octets of head and two of element need a third word that is not there.
    let end = full.finish(&span)
    #expect(end == RTPHeader.size)
    #expect(packet[0] == 0x80)
  }

  @Test func sendTimesWrapAfterSixtyFourSeconds() {
    #expect(RTPHeader.absoluteSendTime(at: Instant(nanoseconds: 1_000_000_000)) == 1 << 18)
    #expect(RTPHeader.absoluteSendTime(at: Instant(nanoseconds: 64_500_000_000)) == 1 << 17)
    #expect(RTPHeader.absoluteSendTime(at: .distantFuture) <= 0xFF_FFFF)
  }

  @Test func aPacketSentOnceMoreIsRestored() throws {
    var original: [UInt8] = [0x90, 0x80 | 96, 0x12, 0x34, 0, 0, 0, 9, 1, 2, 3, 4]
    original += [0xBE, 0xDE, 0, 1, 0x10, 0x85, 0, 0] + [7, 8, 9, 10]
    let header = try RTPHeader.parse(original.span)
    var again = [UInt8](repeating: 0, count: 40)
    var count = 0
    do {
      var span = again.mutableSpan
      let written = RTXPacket.write(
        original.span, header: header, into: &span, payloadType: 97, sequence: 0xABCD, ssrc: 0x0A0B_0C0D)
      count = try #require(written)
    }
    again.removeLast(again.count - count)
    let sent = try RTPHeader.parse(again.span)
    #expect(sent.payloadType == 97 && sent.sequence == 0xABCD && sent.ssrc == 0x0A0B_0C0D && sent.timestamp == 9)
    #expect(Array(again[sent.payloadRange]) == [0x12, 0x34, 7, 8, 9, 10])
    do {
      var span = again.mutableSpan
      let restored = RTXPacket.restore(&span, header: sent, payloadType: 96, ssrc: 0x0102_0304)
      #expect(restored == original.count)
    }
    #expect(Array(again.prefix(original.count)) == original)
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ["chromium156-simulcast", "chromium156-simulcast-dd"])
  func browsersNameTheirLayers(name: String) throws {
    var labels: [UInt32: Set<String>] = [:]
    for datagram in try Capture("rtp/\(name).pcap").datagrams {
      guard PacketKind.classify(datagram.payload.span) == .rtp else { continue }
      let header = try RTPHeader.parse(datagram.payload.span)
      guard header.payloadType == 96, let rid = header.label(10, in: datagram.payload.span) else { continue }
      labels[header.ssrc, default: []].insert(rid.description)
      #expect(header.label(4, in: datagram.payload.span) != nil)
    }
    #expect(Set(labels.values) == [["q"], ["h"], ["f"]])
  }
}
