import Primitives
import SDP
import TestSupport
import Testing

@Suite struct NegotiationTests {
  static let capabilities = MediaCapabilities(audio: [
    AudioCapability(encodingName: "opus", clockRate: 48_000, channels: 2, fmtp: "useinbandfec=1"),
    AudioCapability(encodingName: "G722", clockRate: 8_000, staticPayloadType: 9),
    AudioCapability(encodingName: "PCMU", clockRate: 8_000, staticPayloadType: 0),
    AudioCapability(encodingName: "PCMA", clockRate: 8_000, staticPayloadType: 8),
  ])
  static let local = LocalMedia(
    rtp: TransportAddress(.v4(0xC000_0201), port: 20_000), rtcp: TransportAddress(.v4(0xC000_0201), port: 20_001),
    sessionID: 42, capabilities: capabilities)

  func parse(_ lines: String...) throws -> SessionDescription {
    try SessionDescription(
      parsing: (["v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0"] + lines)
        .joined(separator: "\r\n"))
  }

  func audio(_ agreed: [AgreedMedia]) throws -> AgreedAudio {
    try #require(agreed.lazy.compactMap(\.audio).first)
  }

  @Test func answersWithTheOffersNumbersInOurOrder() throws {
    let offer = try parse(
      "m=audio 4000 RTP/AVP 0 8 111 101 110 13", "a=rtpmap:111 OPUS/48000/2", "a=fmtp:111 stereo=1",
      "a=rtpmap:101 telephone-event/8000", "a=rtpmap:110 telephone-event/48000", "a=ptime:40", "a=maxptime:60")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    let result = try audio(agreed)
    #expect(result.formats.map(\.payloadType) == [111, 0, 8])
    #expect(result.formats.first?.fmtp == "stereo=1")
    #expect(result.telephoneEvent?.payloadType == 110)
    #expect(result.comfortNoise == nil)
    #expect(result.ptime == 40)
    #expect(result.maxptime == 60)
    #expect(result.remoteRTP == TransportAddress("198.51.100.7:4000"))
    #expect(result.remoteRTCP == TransportAddress("198.51.100.7:4001"))
    #expect(answer.media.first?.formats == ["111", "0", "8", "110"])
    #expect(answer.media.first?.fmtp(111) == "useinbandfec=1")
    #expect(answer.media.first?.port == 20_000)
    #expect(answer.connection?.address == "192.0.2.1")
  }

  @Test func numbersThatAreRepeatedCountOnce() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0 0 8 0 96 8 96", "a=rtpmap:96 opus/48000/2", "a=rtpmap:96 PCMU/8000")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(try audio(agreed).formats.map(\.payloadType) == [96, 0, 8])
    #expect(answer.media.first?.formats == ["96", "0", "8"])
    let repeated = try parse("m=audio 4000 RTP/AVP 0 0 0")
    let accepted = try Negotiation.accept(repeated, to: Negotiation.offer(Self.local), local: Self.local)
    #expect(try audio(accepted).formats.count == 1)
  }

  @Test func offersOrderCanBeKept() throws {
    var local = Self.local
    local.capabilities.prefersOwnOrder = false
    let offer = try parse("m=audio 4000 RTP/AVP 8 0 101 13", "a=rtpmap:101 telephone-event/8000")
    let result = try audio(try Negotiation.answer(to: offer, local: local).agreed)
    #expect(result.formats.map(\.payloadType) == [8, 0])
    #expect(result.telephoneEvent?.payloadType == 101)
    #expect(result.comfortNoise == 13)
  }

  @Test func refusesEverySectionButTheFirstUsableAudio() throws {
    let offer = try parse(
      "m=video 5000 RTP/AVP 96", "a=rtpmap:96 VP8/90000", "m=audio 5002 RTP/AVP 18", "m=audio 5004 RTP/AVP 0",
      "a=mid:a", "m=audio 5006 RTP/AVP 0", "m=image 5008 udptl t38")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(agreed.map { $0.audio != nil } == [false, false, true, false, false])
    #expect(answer.media.map(\.port) == [0, 0, 20_000, 0, 0])
    #expect(answer.media.map(\.media) == ["video", "audio", "audio", "audio", "image"])
    #expect(answer.media.map(\.transport) == offer.media.map(\.transport))
    #expect(answer.media[2].mid == "a")
  }

  @Test func secureTransportsAreTakenOnlyIfConfigured() throws {
    let secure = try parse("m=audio 4000 RTP/SAVP 0")
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.answer(to: secure, local: Self.local) }
    var local = Self.local
    local.capabilities.transports.append("RTP/SAVP")
    #expect(try Negotiation.answer(to: secure, local: local).answer.media.first?.transport == "RTP/SAVP")
    let feedback = try parse("m=audio 4000 RTP/AVPF 0")
    #expect(try Negotiation.answer(to: feedback, local: Self.local).answer.media.first?.transport == "RTP/AVPF")
    local.capabilities.transports = ["RTP/AVP"]
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.answer(to: feedback, local: local) }
  }

  @Test(arguments: [
    ("sendrecv", Direction.sendrecv), ("sendonly", .recvonly), ("recvonly", .sendonly), ("inactive", .inactive),
  ])
  func directionIsTurnedAround(theirs: String, ours: Direction) throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0", "a=\(theirs)")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(try audio(agreed).direction == ours)
    #expect(answer.media.first?.direction == ours)
  }

  @Test func theZeroAddressIsHold() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0", "c=IN IP4 0.0.0.0")
    let result = try audio(try Negotiation.answer(to: offer, local: Self.local).agreed)
    #expect(result.direction == .recvonly)
    #expect(result.remoteRTP == nil)
  }

  @Test func multiplexedControlGoesToTheMediaPort() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0", "a=rtcp:4009 IN IP4 198.51.100.8", "a=rtcp-mux")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(try audio(agreed).remoteRTCP == TransportAddress("198.51.100.7:4000"))
    #expect(answer.media.first?.hasRTCPMux == true)
    var local = Self.local
    local.capabilities.rtcpMux = false
    let plain = try audio(try Negotiation.answer(to: offer, local: local).agreed)
    #expect(plain.remoteRTCP == TransportAddress("198.51.100.8:4009"))
    #expect(!plain.rtcpMux)
  }

  @Test func levelsAreAgreedWithTheOffersNumber() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0", "a=extmap:7/sendonly \(ExtensionMap.audioLevel)")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.local)
    #expect(try audio(agreed).audioLevelExtension == 7)
    #expect(answer.media.first?.extensionMaps.first?.direction == .recvonly)
  }

  @Test func mediaToAGroupIsRefused() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0", "c=IN IP4 233.252.0.1/127")
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.answer(to: offer, local: Self.local) }
  }

  @Test func speaksIPv6() throws {
    var local = Self.local
    let ip = try #require(IPAddress("2001:db8::9"))
    local.rtp = TransportAddress(ip, port: 20_000)
    local.rtcp = TransportAddress(ip, port: 20_001)
    let offer = try parse("m=audio 4000 RTP/AVP 0", "c=IN IP6 2001:db8::1")
    let (answer, agreed) = try Negotiation.answer(to: offer, local: local)
    #expect(answer.connection?.description == "IN IP6 2001:db8::9")
    #expect(try audio(agreed).remoteRTP == TransportAddress("[2001:db8::1]:4000"))
  }

  @Test func versionGoesUpOnlyWhenSomethingChanged() throws {
    let offer = try parse("m=audio 4000 RTP/AVP 0")
    let first = try Negotiation.answer(to: offer, local: Self.local).answer
    let again = try Negotiation.answer(to: offer, local: Self.local, previous: first).answer
    #expect(again == first)
    let hold = try parse("m=audio 4000 RTP/AVP 0", "a=sendonly")
    let held = try Negotiation.answer(to: hold, local: Self.local, previous: again).answer
    #expect(held.origin.sessionVersion == "43")
    #expect(held.origin.sessionID == "42")
  }

  @Test func offerAndAnswerMeet() throws {
    let offer = Negotiation.offer(Self.local)
    var peer = Self.local
    peer.capabilities.audio = [AudioCapability(encodingName: "PCMA", clockRate: 8_000, staticPayloadType: 8)]
    let parsed = try SessionDescription(parsing: offer.encoded())
    #expect(parsed == offer)
    let (answer, _) = try Negotiation.answer(to: parsed, local: peer)
    let result = try audio(try Negotiation.accept(answer, to: offer, local: Self.local))
    #expect(result.formats.map(\.encodingName) == ["PCMA"])
    #expect(result.telephoneEvent?.clockRate == 8_000)
    #expect(result.comfortNoise == 13)
    #expect(result.audioLevelExtension == 1)
  }

  @Test func anAnswerMayUseItsOwnNumbers() throws {
    let offer = Negotiation.offer(Self.local)
    let answer = try parse(
      "m=audio 4000 RTP/AVP 120 121", "a=rtpmap:120 opus/48000/2", "a=rtpmap:121 telephone-event/48000")
    let result = try audio(try Negotiation.accept(answer, to: offer, local: Self.local))
    #expect(result.formats.first?.payloadType == 120)
    #expect(result.formats.first?.receivePayloadType == 96)
    #expect(result.telephoneEvent?.payloadType == 121)
  }

  @Test func answersThatDoNotFitAreRefused() throws {
    let offer = Negotiation.offer(Self.local)
    for lines in ["m=video 4000 RTP/AVP 0", "m=audio 4000 RTP/AVP 0\r\nm=audio 4000 RTP/AVP 0"] {
      let answer = try parse(lines)
      #expect(throws: NegotiationError.mismatch) { try Negotiation.accept(answer, to: offer, local: Self.local) }
    }
    let refused = try parse("m=audio 0 RTP/AVP 0")
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.accept(refused, to: offer, local: Self.local) }
  }

  @Test func aNewOfferKeepsPlacesAndNumbers() throws {
    let offer = try parse(
      "m=video 5000 RTP/AVP 99", "m=audio 4000 RTP/AVP 118 0 105", "a=rtpmap:118 opus/48000/2",
      "a=rtpmap:105 telephone-event/48000")
    let (answer, _) = try Negotiation.answer(to: offer, local: Self.local)
    var hold = Self.local
    hold.direction = .sendonly
    let reoffer = Negotiation.offer(hold, previous: answer)
    #expect(reoffer.media.map(\.port) == [0, 20_000])
    #expect(reoffer.media[1].rtpmaps.first { $0.encodingName == "opus" }?.payloadType == 118)
    #expect(
      reoffer.media[1].rtpmaps.first { $0.codes("telephone-event", clockRate: 48_000, channels: 1) }?.payloadType == 105
    )
    #expect(Set(reoffer.media[1].formats).count == reoffer.media[1].formats.count)
    #expect(reoffer.media[1].direction == .sendonly)
    #expect(reoffer.origin.sessionVersion == "43")
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: ["chromium156", "firefox153"])
  func answersBrowsersOverPlainTransportOnceTheirsIsTaken(browser: String) throws {
    var local = Self.local
    local.capabilities.transports.append("UDP/TLS/RTP/SAVPF")
    let offer = try SessionDescription(parsing: try Vectors.bytes("sdp/browsers/\(browser).audio-video.offer.sdp"))
    let result = try audio(try Negotiation.answer(to: offer, local: local).agreed)
    #expect(result.formats.first?.encodingName == "opus")
    #expect(result.rtcpMux)
    #expect(result.audioLevelExtension != nil)
  }
}
