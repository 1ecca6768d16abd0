import Application
import Codecs
import Conference
import ICE
import Primitives
import SDP
import SecureRTP
import Testing

/// Where our descriptions say that browsers may come by TCP: RFC 6544, section 4.5.
@Suite struct StreamCandidateTests {
  private func candidates(_ stream: TransportAddress?) throws -> [ICECandidate] {
    var random = RandomSource.seeded(3)
    let address = TransportAddress(.v4(0xC000_0201), port: 10_000)
    let ports = LegPorts(
      rtp: address, rtcp: address, ice: ICECredentials(random: &random),
      fingerprint: Fingerprint("sha-256 " + Array(repeating: "AA", count: 32).joined(separator: ":")),
      stream: stream)
    var media = OfferAnswer(ports: ports, planner: MediaPlanner(codecs: [.pcmu]), random: &random)
    return try #require(media.offer().media.first).candidates.compactMap { ICECandidate($0) }
  }

  @Test func aListenerIsAPassiveCandidateBehindThatOfUDP() throws {
    let list = try candidates(TransportAddress(.v4(0xC000_0201), port: 10_000))
    #expect(list.map(\.transport) == [.udp, .tcp])
    #expect(list.map(\.tcpType) == [nil, .passive])
    #expect(list.map(\.port) == [10_000, 10_000])
    #expect(list[0].priority > list[1].priority && list[0].foundation != list[1].foundation)
  }

  @Test func withoutAListenerThereIsNone() throws { #expect(try candidates(nil).map(\.transport) == [.udp]) }
}
