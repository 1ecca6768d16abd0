import Application
import Codecs
import Conference
import Primitives
import SDP
import Testing

/// Which codec a call is sent with: by order, filter, bandwidth and packet time.
@Suite struct CodecChoiceTests {
  static let all = CodecTable.rows.map(\.format)

  func plan(_ planner: MediaPlanner, _ lines: String...) throws -> AudioPlan {
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

  /// 16 kbit/s of it are headers at 20 ms a packet; Opus is not starved below what it can do.
  @Test(arguments: [("b=AS:200", 184_000), ("b=AS:30", 14_000), ("b=AS:10", 6_000)])
  func bandwidthLimitsOpus(line: String, bitRate: Int) throws {
    let audio = try plan(
      MediaPlanner(codecs: [.opus]), "m=audio 4000 RTP/AVP 111", "a=rtpmap:111 opus/48000/2", line)
    #expect(audio.send.format.opus.maxAverageBitRate == bitRate)
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
