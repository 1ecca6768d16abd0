import Primitives
import SDP
import TestSupport
import Testing

/// WebRTC offers (RFC 8839, 8842, 9143) and SDES (RFC 4568).
@Suite struct BrowserNegotiationTests {
  // Made anew for each test: the leak checker does not see through the bits that an enum keeps in a pointer of a global.
  static var browser: LocalMedia {
    LocalMedia(
      rtp: TransportAddress(.v4(0xC000_0201), port: 20_000), rtcp: TransportAddress(.v4(0xC000_0201), port: 20_000),
      sessionID: 42, capabilities: NegotiationTests.capabilities,
      security: .dtls(
        LocalDTLS(
          ufrag: "abcd", password: "0123456789012345678901", fingerprint: "sha-256 AA:BB",
          candidates: ["1 1 udp 2130706431 192.0.2.1 20000 typ host"])))
  }

  @Test(
    .enabled(if: Vectors.isPresent),
    arguments: ["chromium156.audio-only", "chromium156.audio-video", "firefox153.audio-only", "firefox153.audio-video"])
  func answersTheOffersOfBrowsers(_ name: String) throws {
    let offer = try SessionDescription(parsing: try Vectors.bytes("sdp/browsers/\(name).offer.sdp"))
    let (answer, agreed) = try Negotiation.answer(to: offer, local: Self.browser)
    let index = try #require(offer.media.firstIndex { $0.media == "audio" })
    let (theirs, ours) = (offer.media[index], answer.media[index])
    let audio = try #require(agreed[index].audio)
    guard case .dtls(let peer) = audio.security else { throw Unexpected() }
    #expect(peer.ufrag == theirs.attributes["ice-ufrag"] || peer.ufrag == offer.attributes["ice-ufrag"])
    #expect(peer.fingerprints.count == 1)
    #expect(!peer.isClient)
    #expect(audio.rtcpMux)
    #expect(audio.formats.first?.encodingName.lowercased() == "opus")
    #expect(ours.transport == "UDP/TLS/RTP/SAVPF")
    #expect(ours.attributes["setup"] == "passive")
    #expect(ours.attributes["ice-ufrag"] == "abcd")
    #expect(ours.attributes["fingerprint"] == "sha-256 AA:BB")
    #expect(ours.candidates.count == 1)
    #expect(ours.hasRTCPMux)
    #expect(ours.mid == theirs.mid)
    #expect(answer.attributes.has("ice-lite"))
    #expect(answer.attributes["group"] == ours.mid.map { "BUNDLE \($0)" })
    // Everything else is refused in its place.
    #expect(answer.media.count == offer.media.count)
    for (other, section) in answer.media.enumerated() where other != index { #expect(section.port == 0) }
    #expect(try SessionDescription(parsing: answer.encoded()) == answer)
  }

  /// Browsers hide their addresses from pages without a microphone behind names of mDNS, and Firefox says so with this address.
  @Test func aBrowserThatHidesItsAddressIsNotHeld() throws {
    var hidden = Negotiation.offer(Self.browser)
    hidden.connection = nil
    hidden.media[0].connections = [Connection(.v4(0))]
    hidden.media[0].port = 9
    let (answer, agreed) = try Negotiation.answer(to: hidden, local: Self.browser)
    #expect(agreed.first?.audio?.direction == .sendrecv)
    #expect(answer.media.first.map { answer.direction(of: $0) } == .sendrecv)
  }

  @Test func offersToBrowsersAndReadsTheirAnswers() throws {
    let offer = Negotiation.offer(Self.browser)
    let section = try #require(offer.media.first)
    #expect(section.attributes["setup"] == "actpass")
    #expect(section.mid == "0")
    #expect(offer.attributes["group"] == "BUNDLE 0")
    var answer = offer
    answer.media[0].attributes.set("setup", "active")
    answer.media[0].attributes.set("ice-ufrag", "wxyz")
    let agreed = try Negotiation.accept(answer, to: offer, local: Self.browser)
    guard case .dtls(let peer)? = agreed.first?.audio?.security else { throw Unexpected() }
    #expect(peer.ufrag == "wxyz")
    #expect(!peer.isClient)
    answer.media[0].attributes.set("setup", "passive")
    guard
      case .dtls(let passive)? = try Negotiation.accept(answer, to: offer, local: Self.browser).first?.audio?.security
    else { throw Unexpected() }
    #expect(passive.isClient)
  }

  @Test(arguments: ["ice-ufrag", "ice-pwd", "fingerprint", "rtcp-mux"])
  func anOfferThatLacksAPartIsRefused(_ name: String) throws {
    var offer = Negotiation.offer(Self.browser)
    offer.media[0].attributes.remove(name)
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.answer(to: offer, local: Self.browser) }
  }

  @Test func aPhoneWithKeysInItsOfferGetsOurs() throws {
    var local = Self.browser
    local.security = .sdes(["1 AES_CM_128_HMAC_SHA1_80 inline:ours"])
    let offer = try SessionDescription(
      parsing: [
        "v=0", "o=- 1 1 IN IP4 198.51.100.7", "s=-", "c=IN IP4 198.51.100.7", "t=0 0", "m=audio 4000 RTP/SAVP 0",
        "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:theirs",
      ].joined(separator: "\r\n"))
    let (answer, agreed) = try Negotiation.answer(to: offer, local: local)
    #expect(answer.media.first?.transport == "RTP/SAVP")
    #expect(answer.media.first?.crypto == ["1 AES_CM_128_HMAC_SHA1_80 inline:ours"])
    #expect(agreed.first?.audio?.security == .sdes(["1 AES_CM_128_HMAC_SHA1_80 inline:theirs"]))
    local.security = .none
    #expect(throws: NegotiationError.nothingInCommon) { try Negotiation.answer(to: offer, local: local) }
  }

  struct Unexpected: Error {}
}
