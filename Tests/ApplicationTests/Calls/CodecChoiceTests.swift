import Application
import Codecs
import Conference
import Primitives
import SDP
import Testing

/// Which codec a call is sent with: by order, filter, bandwidth and packet time.
@Suite struct CodecChoiceTests {
  static let all = CodecTable.rows.map(\.format)

  func plan(_ planner: MediaPlanner, _ lines: String...) throws -> AudioPlan { try plan(planner, lines) }

  func plan(_ planner: MediaPlanner, _ lines: [String]) throws -> AudioPlan {
    let offer = try SessionDescription(
      parsing: (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
        .joined(separator: "\r\n"))
    let address = TransportAddress(.v4(0xC000_0201), port: 20_000)
    let local = planner.local(ports: LegPorts(rtp: address, rtcp: address), sessionID: 1)
    let audio = try #require(try Negotiation.answer(to: offer, local: local).agreed.first?.audio)
    return try #require(planner.plan(audio)).audio
  }

  @Test func aFilterAllowsDeniesAndOrders() {
    let formats: [CodecFormat] = [.opus, .g722, .pcma, .pcmu]
    #expect(CodecFilter.all.apply(to: formats) == formats)
    #expect(CodecFilter(allowed: [.pcmu, .opus]).apply(to: formats) == [.pcmu, .opus])
    #expect(CodecFilter(denied: [.opus, .pcma]).apply(to: formats) == [.g722, .pcmu])
    #expect(CodecFilter(allowed: [.pcmu, .opus], denied: [.opus]).apply(to: formats) == [.pcmu])
  }

  @Test func aFilterThatLeavesNothingIsPassedOver() {
    let planner = MediaPlanner(codecs: [.pcmu])
    #expect(planner.filtered(by: CodecFilter(denied: [.pcmu])) == planner)
  }

  @Test func theFilterDecidesWhatIsSent() throws {
    let planner = MediaPlanner(codecs: Self.all).filtered(by: CodecFilter(allowed: [.pcma, .gsm]))
    let audio = try plan(planner, "m=audio 4000 RTP/AVP 0 3 8 111", "a=rtpmap:111 opus/48000/2")
    #expect(audio.send.format == .pcma)
    #expect(audio.receive.map(\.format) == [.pcma, .gsm])
  }

  static let opus = ["m=audio 4000 RTP/AVP 111", "a=rtpmap:111 opus/48000/2"]

  /// 16 kbit/s of it are headers at 20 ms a packet, 5.3 at 60; Opus is not starved below what it can do.
  @Test(arguments: [
    ("b=AS:200", 184_000, 20), ("b=AS:30", 14_000, 20), ("b=AS:20", 12_000, 40), ("b=AS:18", 12_667, 60),
    ("b=AS:10", 6_000, 60), ("b=TIAS:16000", 16_000, 20), ("b=TIAS:10000", 10_000, 20), ("b=CT:5", nil, 20),
    ("b=AS:0", nil, 20), ("b=AS:many", nil, 20), ("b=AS:99999999999999999999", nil, 20), ("b=TIAS:-1", nil, 20),
    ("b=AS:9223372036854775807", nil, 20),
  ])
  func bandwidthLimitsOpusAndItsHeaders(line: String, bitRate: Int?, packetTime: Int) throws {
    let audio = try plan(MediaPlanner(codecs: [.opus]), Self.opus + [line])
    #expect(audio.send.format.opus.maxAverageBitRate == bitRate)
    #expect(audio.send.format.opus.peakBitRate == bitRate)
    #expect(audio.packetTime == packetTime)
  }

  @Test func theLowestOfAllLimitsHolds() throws {
    let planner = MediaPlanner(codecs: [.opus])
    func rate(_ lines: String...) throws -> Int? {
      try plan(planner, Self.opus + lines).send.format.opus.maxAverageBitRate
    }
    #expect(try rate("b=AS:40", "b=TIAS:18000") == 18_000)
    #expect(try rate("b=AS:30", "b=TIAS:18000") == 14_000)
    #expect(try rate("b=AS:40", "a=fmtp:111 maxaveragebitrate=16000") == 16_000)
    #expect(try rate("b=AS:40", "a=fmtp:111 maxaveragebitrate=64000") == 24_000)
  }

  @Test func headersOfIPv6AndOfProtectionCount() throws {
    let planner = MediaPlanner(codecs: [.opus], transports: ["RTP/AVP", "RTP/SAVP"])
    let wide = try plan(planner, Self.opus + ["b=AS:40", "c=IN IP6 2001:db8::7"])
    #expect(wide.send.format.opus.maxAverageBitRate == 16_000)
  }

  @Test func longerPacketsKeepWithinTheirMaximum() throws {
    let audio = try plan(MediaPlanner(codecs: [.opus]), Self.opus + ["b=AS:20", "a=maxptime:20"])
    #expect(audio.packetTime == 20)
    #expect(audio.send.format.opus.maxAverageBitRate == 6_000)
  }

  @Test(arguments: [
    ("a=ptime:10", 10), ("a=ptime:40", 40), ("a=ptime:60", 60), ("a=ptime:120", 60), ("a=ptime:50", 40),
    ("a=ptime:5", 10), ("a=maxptime:10", 10), ("a=maxptime:30", 20), ("a=ptime:0", 20),
  ])
  func opusAndG711GoInPacketsOfTheTimeThatIsAskedFor(line: String, packetTime: Int) throws {
    let planner = MediaPlanner(codecs: [.opus, .pcmu])
    #expect(try plan(planner, Self.opus + [line]).packetTime == packetTime)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", line).packetTime == packetTime)
  }

  /// An Opus frame is never so long.
  @Test func thirtyMillisecondsAreTwentyOfOpus() throws {
    let planner = MediaPlanner(codecs: [.opus, .pcmu])
    #expect(try plan(planner, Self.opus + ["a=ptime:30"]).packetTime == 20)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", "a=ptime:30").packetTime == 30)
  }

  @Test func theMaximumGoesBeforeTheWish() throws {
    #expect(try plan(MediaPlanner(codecs: [.opus]), Self.opus + ["a=ptime:60", "a=maxptime:40"]).packetTime == 40)
  }

  @Test func g711OnANarrowLineGoesInLongPacketsOrAsItAlwaysDoes() throws {
    let planner = MediaPlanner(codecs: [.pcmu])
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", "b=AS:80").packetTime == 20)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", "b=AS:72").packetTime == 40)
    // Devices say 64 and mean the codec without its headers.
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", "b=AS:64").packetTime == 20)
  }

  /// What an average is asked for may have peaks; it needs no line of its own.
  @Test func anAverageIsNoPeak() throws {
    let audio = try plan(MediaPlanner(codecs: [.opus]), Self.opus + ["a=fmtp:111 maxaveragebitrate=16000"])
    #expect(audio.send.format.opus.peakBitRate == nil)
  }

  @Test(arguments: [
    ("RTP/AVP 10", "", CodecFormat.l16(44_100, channels: 2), 10, "10"), ("RTP/AVP 11", "", .l16(44_100), 10, "20"),
    ("RTP/AVP 96", "a=rtpmap:96 L16/48000/2", .l16(48_000, channels: 2), 10, "10"),
    ("RTP/AVP 96", "a=rtpmap:96 L16/16000/2", .l16(16_000, channels: 2), 20, "30"),
    ("RTP/AVP 96", "a=rtpmap:96 L16/8000", .l16(8_000), 20, "60"),
  ])
  func linearSamplesInStereoAndAtAnyRateAreTaken(
    line: String, map: String, format: CodecFormat, packetTime: Int, longest: String
  ) throws {
    let planner = MediaPlanner(codecs: Self.all)
    let audio = try plan(planner, ["m=audio 4000 \(line)", map].filter { !$0.isEmpty })
    #expect(audio.send.format == format && audio.receive.map(\.format) == [format])
    #expect(audio.packetTime == packetTime)
    let answer = try Self.answer(planner, ["m=audio 4000 \(line)", map].filter { !$0.isEmpty })
    // No longer packets may come than can be taken.
    #expect(answer.attributes["maxptime"] == longest)
    #expect(answer.attributes["ptime"] == (longest == "10" ? "10" : "20"))
  }

  static func answer(_ planner: MediaPlanner, _ lines: [String]) throws -> MediaDescription {
    let offer = try SessionDescription(
      parsing: (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
        .joined(separator: "\r\n"))
    let address = TransportAddress(.v4(0xC000_0201), port: 20_000)
    let local = planner.local(ports: LegPorts(rtp: address, rtcp: address), sessionID: 1)
    return try #require(try Negotiation.answer(to: offer, local: local).answer.media.first)
  }

  @Test func whoCouldPlayStereoSharesTheEncodingOfWhoCouldNot() throws {
    let planner = MediaPlanner(codecs: [.opus])
    let stereo = try plan(planner, Self.opus + ["a=fmtp:111 stereo=1;sprop-stereo=1;useinbandfec=1"])
    let mono = try plan(planner, Self.opus + ["a=fmtp:111 useinbandfec=1"])
    #expect(stereo.send.format == mono.send.format)
  }

  @Test func aCodecThatFitsIsTakenBeforeOneThatDoesNot() throws {
    let planner = MediaPlanner(codecs: [.pcma, .g726(.kilobits32)])
    let lines = ["m=audio 4000 RTP/AVP 8 96", "a=rtpmap:96 G726-32/8000"]
    #expect(try plan(planner, lines[0], lines[1]).send.format == .pcma)
    #expect(try plan(planner, lines[0], lines[1], "b=AS:64").send.format == .g726(.kilobits32))
  }

  @Test func packetsAreWholeFramesOfTheCodec() throws {
    let planner = MediaPlanner(codecs: Self.all)
    let ilbc = "a=rtpmap:96 iLBC/8000"
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 96", ilbc, "a=ptime:20").packetTime == 30)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 96", ilbc, "a=fmtp:96 mode=20", "a=ptime:30").packetTime == 20)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 96", ilbc, "a=fmtp:96 mode=20", "a=ptime:60").packetTime == 60)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 3", "a=ptime:10").packetTime == 20)
    #expect(try plan(planner, "m=audio 4000 RTP/AVP 0", "a=ptime:10").packetTime == 10)
  }

  @Test func amrIsReceivedInThePackingThatItWasOfferedIn() throws {
    let planner = MediaPlanner(codecs: [.amr])
    let aligned = try plan(
      planner, "m=audio 4000 RTP/AVP 96", "a=rtpmap:96 AMR/8000", "a=fmtp:96 octet-align=1")
    #expect(aligned.receive.first?.format.parameters == aligned.send.format.parameters)
    let efficient = try plan(planner, "m=audio 4000 RTP/AVP 96", "a=rtpmap:96 AMR/8000")
    #expect(efficient.send.format == .amr)
  }
}
