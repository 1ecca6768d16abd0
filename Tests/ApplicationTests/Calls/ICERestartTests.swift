import Application
import Codecs
import Conference
import ICE
import Primitives
import SDP
import SecureRTP
import Testing

/// What our answers say when a browser comes by another network: RFC 8839, section 4.4.1.1.1.
@Suite struct ICERestartTests {
  private static func offer(ufrag: String, password: String = "0123456789012345678901", codec: Int = 0) -> String {
    """
    v=0\r
    o=- 1 1 IN IP4 192.0.2.9\r
    s=-\r
    t=0 0\r
    m=audio 9 UDP/TLS/RTP/SAVPF \(codec)\r
    c=IN IP4 0.0.0.0\r
    a=ice-ufrag:\(ufrag)\r
    a=ice-pwd:\(password)\r
    a=fingerprint:\(fingerprint)\r
    a=setup:actpass\r
    a=rtcp-mux\r

    """
  }

  private static let fingerprint = "sha-256 " + Array(repeating: "AA", count: 32).joined(separator: ":")

  private var random = RandomSource.seeded(3)

  private mutating func negotiation() throws -> OfferAnswer {
    let address = TransportAddress(.v4(0xC000_0201), port: 20_000)
    var ports = LegPorts(rtp: address, rtcp: address)
    ports.ice = ICECredentials(random: &random)
    ports.fingerprint = Fingerprint(Self.fingerprint)
    return OfferAnswer(ports: ports, planner: MediaPlanner(codecs: [.pcmu]), random: &random)
  }

  private func dtls(_ media: OfferAnswer) throws -> DTLSPlan {
    guard case .dtls(let plan) = try media.plan().audio.security else { throw Missing() }
    return plan
  }

  private struct Missing: Error {}

  @Test mutating func aReOfferOfTheSameGenerationKeepsOurCredentials() throws {
    var media = try negotiation()
    let offer = try SessionDescription(parsing: Self.offer(ufrag: "abcd"))
    let first = try media.answer(offer, using: &random)
    let plan = try dtls(media)
    #expect(try media.answer(offer, using: &random).media == first.media)
    #expect(try dtls(media) == plan)
  }

  @Test(arguments: [("efgh", "0123456789012345678901"), ("abcd", "abcdefghijklmnopqrstuv")])
  mutating func anotherGenerationIsAnsweredByAnotherOfOurs(_ ufrag: String, _ password: String) throws {
    var media = try negotiation()
    _ = try media.answer(try SessionDescription(parsing: Self.offer(ufrag: "abcd")), using: &random)
    let former = try dtls(media)
    let answer = try media.answer(
      try SessionDescription(parsing: Self.offer(ufrag: ufrag, password: password)), using: &random)
    let plan = try dtls(media)
    #expect(plan.remoteCredentials.ufrag == ufrag && plan.remoteCredentials.password == password)
    let ours = try #require(plan.localCredentials)
    #expect(ours != former.localCredentials)
    #expect(answer.encoded().contains("a=ice-ufrag:\(ours.ufrag)\r\n"))
    #expect(answer.encoded().contains("a=ice-pwd:\(ours.password)\r\n"))
    #expect(plan.fingerprints == former.fingerprints && plan.isClient == former.isClient, "keys and roles stay")
    // The next offer of ours says the same.
    #expect(media.offer().encoded().contains("a=ice-ufrag:\(ours.ufrag)\r\n"))
  }

  /// What a browser says that has no candidate yet: nobody is held.
  @Test mutating func anUnknownAddressWithICEIsNoHold() throws {
    var media = try negotiation()
    let answer = try media.answer(try SessionDescription(parsing: Self.offer(ufrag: "abcd")), using: &random)
    #expect(answer.encoded().contains("a=sendrecv\r\n"))
    #expect(try media.plan().audio.direction == .sendReceive)
  }

  @Test mutating func aRestartThatIsRefusedChangesNothing() throws {
    var media = try negotiation()
    _ = try media.answer(try SessionDescription(parsing: Self.offer(ufrag: "abcd")), using: &random)
    let former = try dtls(media)
    let strange = try SessionDescription(parsing: Self.offer(ufrag: "efgh", codec: 99))
    #expect(throws: MediaRefusal.self) { try media.answer(strange, using: &random) }
    #expect(try dtls(media) == former)
  }
}
