import Primitives
import RTP
import Testing

/// Reading and writing RTP packets in place.
@Suite struct RTPHeaderTests {
  @Test func whatIsWrittenReadsTheSame() throws {
    var packet = [UInt8](repeating: 0xAA, count: 32)
    var span = packet.mutableSpan
    let count = RTPHeader.write(
      into: &span, payloadType: 111, marker: true, sequence: 0xFFFE, timestamp: 0xDEAD_BEEF, ssrc: 0x0102_0304)
    #expect(count == 12)
    let header = try RTPHeader.parse(packet.span)
    #expect(header.payloadType == 111)
    #expect(header.marker)
    #expect(header.sequence == 0xFFFE)
    #expect(header.timestamp == 0xDEAD_BEEF)
    #expect(header.ssrc == 0x0102_0304)
    #expect(header.payloadRange == 12..<32)
    #expect(header.extensionProfile == nil)
  }

  @Test func aShortBufferIsNotWritten() {
    var packet = [UInt8](repeating: 0xAA, count: 11)
    var span = packet.mutableSpan
    let count = RTPHeader.write(into: &span, payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 0)
    #expect(count == 0)
    #expect(packet.allSatisfy { $0 == 0xAA })
  }

  @Test func contributorsExtensionAndPaddingAreLeftOutOfThePayload() throws {
    // P, X, two contributors; extension of one word; 3 octets of payload; 4 of padding.
    var packet: [UInt8] = [0xB2, 0x00, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]
    packet += [0, 0, 0, 8, 0, 0, 0, 9]
    packet += [0xBE, 0xDE, 0, 1, 0x10, 0x85, 0, 0]
    packet += [7, 8, 9] + [0, 0, 0, 4]
    let header = try RTPHeader.parse(packet.span)
    #expect(header.contributorCount == 2)
    #expect(header.payloadRange == 28..<31)
    #expect(header.padding)
    let level = header.audioLevel(in: packet.span, extensionID: 1)
    #expect(level?.level == 5)
    #expect(level?.voice == true)
    #expect(header.audioLevel(in: packet.span, extensionID: 2) == nil)
  }

  @Test func theTwoByteFormIsReadToo() throws {
    var packet: [UInt8] = [0x90, 0x00, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]
    packet += [0x10, 0x00, 0, 2, 0, 3, 0, 20, 1, 0x7F, 0, 0]
    let header = try RTPHeader.parse(packet.span)
    let level = header.audioLevel(in: packet.span, extensionID: 20)
    #expect(level?.level == 127)
    #expect(level?.voice == false)
    #expect(header.element(3, in: packet.span)?.isEmpty == true)
  }

  @Test(
    arguments: [
      ([], RTPError.truncated), ([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .truncated),
      ([0x40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .version), ([0x8F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .truncated),
      ([0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .truncated),
      ([0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0xFF, 0xFF], .truncated),
      ([0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .padding), ([0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], .padding),
      ([0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], .padding),
    ] as [([UInt8], RTPError)]) func brokenPacketsAreRefused(packet: [UInt8], error: RTPError)
  {
    #expect(throws: error) { try RTPHeader.parse(packet.span) }
  }

  @Test func datagramsAreToldApartByTheirFirstOctets() {
    #expect(PacketKind.classify(first: 0, second: 1) == .stun)
    #expect(PacketKind.classify(first: 22, second: 254) == .dtls)
    #expect(PacketKind.classify(first: 0x80, second: 0x80 | 111) == .rtp)
    #expect(PacketKind.classify(first: 0x80, second: 200) == .rtcp)
    #expect(PacketKind.classify(first: 0x81, second: 223) == .rtcp)
    #expect(PacketKind.classify(first: 0x80, second: 224) == .rtp)
    #expect(PacketKind.classify(first: 192, second: 0) == .other)
    let short: [UInt8] = [0x80]
    #expect(PacketKind.classify(short.span) == .other)
  }
}
