import Primitives
import SDP
import TestSupport
import Testing

@Suite struct SessionDescriptionTests {
  static let phone = """
    v=0
    o=alice 2890844526 2890844526 IN IP4 host.example
    s=A call
    i=Information
    u=https://host.example/
    e=alice@host.example
    p=+1 617 555-6011
    c=IN IP4 192.0.2.1
    b=AS:64
    t=0 0
    r=7d 1h 0 25h
    a=recvonly
    m=audio 49170/2 RTP/AVP 0 96
    i=Voice
    c=IN IP6 2001:db8::1
    a=rtpmap:96 opus/48000/2
    a=fmtp:96 useinbandfec=1;stereo=0
    a=ptime:30.5
    a=maxptime:60
    a=rtcp:53020 IN IP6 2001:db8::1
    a=ssrc:314159 cname:x
    a=extmap:1/sendonly urn:ietf:params:rtp-hdrext:ssrc-audio-level
    """

  @Test func readsEveryLine() throws {
    let description = try SessionDescription(parsing: Self.phone)
    #expect(description.origin.sessionID == "2890844526")
    #expect(description.sessionName == "A call")
    #expect(description.timing == [TimeDescription("0 0", repeats: ["7d 1h 0 25h"])])
    let audio = try #require(description.media.first)
    #expect(audio.port == 49_170)
    #expect(audio.portCount == 2)
    #expect(audio.payloadTypes == [0, 96])
    #expect(audio.rtpmap(0)?.encodingName == "PCMU")
    #expect(audio.rtpmap(96) == RTPMap(payloadType: 96, encodingName: "opus", clockRate: 48_000, channels: 2))
    #expect(audio.fmtp(96) == "useinbandfec=1;stereo=0")
    #expect(audio.ptime == 30)
    #expect(audio.maxptime == 60)
    #expect(audio.rtcp?.port == 53_020)
    #expect(audio.ssrcs == [314_159])
    #expect(audio.extensionMaps.first?.direction == .sendonly)
    #expect(description.direction(of: audio) == .recvonly)
    #expect(description.connection(of: audio)?.ip == IPAddress("2001:db8::1"))
  }

  @Test func takesAnyLineEndingAndForeignLines() throws {
    for ending in ["\n", "\r\n", "\r", "\r\n\r\n"] {
      let text = ["v=0", "; a comment", "x=unknown", "m=audio 9 RTP/AVP 0", "a=sendonly  "].joined(separator: ending)
      let description = try SessionDescription(parsing: text)
      #expect(description.media.first?.direction == .sendonly)
    }
  }

  @Test func tabsSeparateAsSpacesDo() throws {
    let text = "v=0\r\no=- 3 3 IN IP4 \t h\t x\r\nc=IN\tIP4 h\t y\r\nm=audio\t9 RTP/AVP\t0 \t8\r\n"
    let description = try SessionDescription(parsing: text)
    #expect(description.origin.address == "h")
    #expect(description.connection?.address == "h")
    #expect(description.media.first?.formats == ["0", "8"])
    #expect(try SessionDescription(parsing: description.encoded()) == description)
  }

  @Test(arguments: [
    "", "m=audio 1 RTP/AVP 0", "v=x\r\n", "v=0\r\nm=audio\r\n", "v=0\r\nm=audio 99999 RTP/AVP 0\r\n",
    "v=0\r\nm=audio -1 RTP/AVP 0\r\n", "v=0\r\nc=IN IP4\r\n", "v=0\r\nm=audio 1/0 RTP/AVP 0\r\n",
  ])
  func refusesWhatCannotBeMeant(text: String) {
    #expect(throws: SDPParseError.self) { try SessionDescription(parsing: text) }
  }

  @Test func namesTheLineOfAnError() {
    #expect(throws: SDPParseError(line: 3, reason: "m= line cannot be read")) {
      try SessionDescription(parsing: "v=0\r\ns=-\r\nm=audio\r\n")
    }
  }

  @Test func capsBoundWhatAPeerCanSend() {
    let start = "v=0\r\n"
    let bombs = [
      start + String(repeating: "m=audio 9 RTP/AVP 0\r\n", count: 65),
      start + String(repeating: "a=x\r\n", count: 1_025),
      start + String(repeating: "b=AS:1\r\n", count: 257),
      start + String(repeating: "a", count: 65_536),
      start + "m=audio 9 RTP/AVP" + String(repeating: " 0", count: 257) + "\r\n",
    ]
    for bomb in bombs { #expect(throws: SDPParseError.self) { try SessionDescription(parsing: bomb) } }
  }

  /// A product of formats and attributes would be a quarter of a million readings.
  @Test func everyFormatIsExplainedByOneReadingOfTheAttributes() throws {
    let formats = (0..<250).map { " \($0 % 128)" }.joined()
    let attributes = (0..<1_000).map { "a=rtpmap:\($0 % 100) x\($0)/8000\r\n" }.joined()
    let text = "v=0\r\nm=audio 4000 RTP/AVP\(formats)\r\n\(attributes)"
    let section = try #require(try SessionDescription(parsing: text).media.first)
    let codings = section.codings()
    #expect(codings.map(\.payloadType) == (0..<100).map { UInt8($0) })
    #expect(codings.map(\.encodingName) == (0..<100).map { "x\($0)" })
  }

  @Test func whatAnAnswerDoesNotExplainItsOfferDoes() throws {
    let offer = try SessionDescription(
      parsing: "v=0\r\nm=audio 1 RTP/AVP 96 97\r\na=rtpmap:96 opus/48000/2\r\na=rtpmap:97 L16/16000\r\n")
    let answer = try SessionDescription(
      parsing: "v=0\r\nm=audio 1 RTP/AVP 96 97 96 0 98\r\na=rtpmap:97 speex/8000\r\n")
    let codings = answer.media.first?.codings(answering: offer.media.first) ?? []
    #expect(codings.map(\.description) == ["96 opus/48000/2", "97 speex/8000", "0 PCMU/8000"])
  }

  @Test func hugeDescriptionsCostLessThanFiveMilliseconds() throws {
    var text = "v=0\r\n"
    let filler = String(repeating: "x", count: 50)
    for index in 0..<1_000 { text += "a=x\(index):\(filler)\r\n" }
    // Debug builds check every step and are some ten times slower.
    #if DEBUG
      let limit = Duration.milliseconds(100)
    #else
      let limit = Duration.milliseconds(5)
    #endif
    let inputs = [
      Array(text.utf8), Array(repeating: UInt8(ascii: "a"), count: 65_536),
      Array("v=0\r\n".utf8) + Array(repeating: 13, count: 60_000),
    ]
    for bytes in inputs {
      var best = Duration.seconds(1)
      for _ in 0..<10 {
        best = min(best, ContinuousClock().measure { _ = try? SessionDescription(parsing: bytes) })
      }
      #expect(best < limit)
    }
  }

  static func files() -> [String] {
    ["browsers", "mozilla-webrtc-sdp", "sdp-transform", "sofia-sip"].flatMap { folder in
      ((try? Vectors.list("sdp/\(folder)")) ?? []).filter { $0.hasSuffix(".sdp") }.map { "sdp/\(folder)/\($0)" }
    }
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: files())
  func vectorsParseAndPrintTheSame(file: String) throws {
    let description = try SessionDescription(parsing: try Vectors.bytes(file))
    #expect(try SessionDescription(parsing: description.encoded()) == description)
  }

  @Test(.enabled(if: Vectors.isPresent)) func allVectorsAreThere() { #expect(Self.files().count == 84) }

  @Test(.enabled(if: Vectors.isPresent)) func mutationsNeverTrap() throws {
    var random = RandomSource.seeded(1)
    let local = NegotiationTests.local
    for file in Self.files() {
      let original = try Vectors.bytes(file)
      for _ in 0..<30 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          guard let index = bytes.indices.randomElement(using: &random) else { break }
          switch UInt8.random(in: 0..<4, using: &random) {
          case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
          case 1: bytes.remove(at: index)
          case 2: bytes.insert(bytes[index], at: index)
          default: bytes.removeSubrange(index..<min(index + 20, bytes.count))
          }
        }
        guard let description = try? SessionDescription(parsing: bytes) else { continue }
        #expect(try SessionDescription(parsing: description.encoded()) == description)
        for media in description.media { _ = (media.rtcp, media.ssrcs, media.extensionMaps, media.ptime) }
        _ = try? Negotiation.answer(to: description, local: local)
        _ = try? Negotiation.accept(description, to: Negotiation.offer(local), local: local)
      }
    }
  }
}
