import Primitives
import SDP
import Testing

/// Parameters of `a=fmtp` that both ends must mean alike, and bandwidth.
@Suite struct FormatParameterTests {
  static let local = LocalMedia(
    rtp: TransportAddress(.v4(0xC000_0201), port: 20_000), rtcp: TransportAddress(.v4(0xC000_0201), port: 20_001),
    sessionID: 42,
    capabilities: MediaCapabilities(audio: [
      AudioCapability(
        encodingName: "AMR", clockRate: 8_000, fmtp: "octet-align=1", mirrored: ["octet-align", "mode-set"],
        refused: ["crc", "interleaving"]),
      AudioCapability(encodingName: "iLBC", clockRate: 8_000, fmtp: "mode=20", mirrored: ["mode"]),
      AudioCapability(encodingName: "G726-16", clockRate: 8_000, isOffered: false),
      AudioCapability(encodingName: "PCMU", clockRate: 8_000, staticPayloadType: 0),
    ]))

  func parse(_ lines: String...) throws -> SessionDescription {
    try SessionDescription(
      parsing: (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
        .joined(separator: "\r\n"))
  }

  @Test func anAnswerRepeatsWhatBothEndsMustMeanAlike() throws {
    let offer = try parse(
      "m=audio 4000 RTP/AVP 96 97", "a=rtpmap:96 AMR/8000", "a=fmtp:96 mode-set=0,2,4; octet-align=1; max-red=0",
      "a=rtpmap:97 iLBC/8000", "a=fmtp:97 mode=30")
    let section = try #require(try Negotiation.answer(to: offer, local: Self.local).answer.media.first)
    #expect(section.fmtp(96) == "mode-set=0,2,4; octet-align=1" || section.fmtp(96) == "mode-set=0,2,4;octet-align=1")
    #expect(section.fmtp(97) == "mode=30")
  }

  @Test func whatTheOfferDoesNotSayTheAnswerDoesNotEither() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 96 97", "a=rtpmap:96 AMR/8000", "a=rtpmap:97 iLBC/8000")
    let section = try #require(try Negotiation.answer(to: offer, local: Self.local).answer.media.first)
    #expect(section.formats == ["96", "97"])
    #expect(section.fmtp(96) == nil)
    #expect(section.fmtp(97) == nil)
  }

  @Test func aFormatInAMannerThatIsNotSpokenIsPassedOver() throws {
    let offer = try parse(
      "m=audio 4000 RTP/AVP 96 98 0", "a=rtpmap:96 AMR/8000", "a=fmtp:96 octet-align=1; CRC=1",
      "a=rtpmap:98 AMR/8000", "a=fmtp:98 octet-align=1; crc=0")
    let agreed = try Negotiation.answer(to: offer, local: Self.local).agreed
    #expect(agreed.first?.audio?.formats.map(\.payloadType) == [98, 0])
  }

  @Test func anOfferNamesOnlyWhatItShallButAnAnswerTakesAll() throws {
    let section = try #require(Negotiation.offer(Self.local).media.first)
    #expect(section.rtpmaps.map(\.encodingName) == ["AMR", "iLBC", "PCMU", "CN", "telephone-event"])
    let theirs = try parse("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 G726-16/8000")
    let (answer, _) = try Negotiation.answer(to: theirs, local: Self.local)
    #expect(answer.media.first?.formats == ["96"])
    // What was agreed on stays in later offers.
    #expect(
      Negotiation.offer(Self.local, previous: answer).media.first?.rtpmaps.contains { $0.encodingName == "G726-16" }
        == true)
  }

  @Test(arguments: [("b=AS:40", 40), ("b=TIAS:40000", nil), ("b=AS:-1", nil), ("b=AS:99999999999999999999", nil)])
  func bandwidthIsReadOfTheSectionElseOfTheSession(line: String, expected: Int?) throws {
    let section = try parse("m=audio 4000 RTP/AVP 0", line)
    #expect(try Negotiation.answer(to: section, local: Self.local).agreed.first?.audio?.bandwidth == expected)
    let session = try SessionDescription(
      parsing: [
        "v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", line, "t=0 0", "m=audio 4000 RTP/AVP 0",
      ]
      .joined(separator: "\r\n"))
    #expect(try Negotiation.answer(to: session, local: Self.local).agreed.first?.audio?.bandwidth == expected)
  }
}
