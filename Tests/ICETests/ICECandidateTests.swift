import Primitives
import TestSupport
import Testing

@testable import ICE

@Suite struct ICECandidateTests {
  @Test func aCandidateOfABrowserIsReadWhole() throws {
    let line =
      "candidate:842163049 1 udp 1677729535 192.0.2.7 46154 typ srflx raddr 10.0.0.5 rport 46154 generation 0 network-cost 999"
    let candidate = try #require(ICECandidate(line))
    #expect(candidate.foundation == "842163049")
    #expect(candidate.component == 1)
    #expect(candidate.transport == .udp)
    #expect(candidate.priority == 1_677_729_535)
    #expect(candidate.host == .ip(.v4(0xC000_0207)))
    #expect(candidate.port == 46_154)
    #expect(candidate.kind == .serverReflexive)
    #expect(candidate.relatedHost == .ip(.v4(0x0A00_0005)))
    #expect(candidate.relatedPort == 46_154)
    #expect(candidate.extensions.map(\.name) == ["generation", "network-cost"])
    #expect(
      candidate.description
        == "842163049 1 UDP 1677729535 192.0.2.7 46154 typ srflx raddr 10.0.0.5 rport 46154 generation 0 network-cost 999"
    )
  }

  @Test func hiddenAddressesAndTCPAreRead() throws {
    let hidden = try #require(
      ICECandidate("1 1 UDP 2113937151 3f3c8a5e-8b3c-4c8e-9b1f-0a1b2c3d4e5f.local 5000 typ host"))
    #expect(hidden.host == .name("3f3c8a5e-8b3c-4c8e-9b1f-0a1b2c3d4e5f.local"))
    let tcp = try #require(ICECandidate("1 1 TCP 2105524479 2001:db8::1 9 typ host tcptype active"))
    #expect(tcp.tcpType == .active)
    #expect(tcp.host == .ip(.v6(0x2001_0DB8_0000_0000, 1)))
    #expect(ICECandidate(tcp.description) == tcp)
  }

  @Test(arguments: [
    "", "1 1 UDP 1 10.0.0.1 9 typ", "1 1 UDP 1 10.0.0.1 9 type host", "1 1 UDP 1 10.0.0.1 9 typ moon",
    "1 0 UDP 1 10.0.0.1 9 typ host", "1 257 UDP 1 10.0.0.1 9 typ host", "1 1 SCTP 1 10.0.0.1 9 typ host",
    "1 1 ssltcp 1 10.0.0.1 9 typ host", "1 1 UDP 4294967296 10.0.0.1 9 typ host", "1 1 UDP -1 10.0.0.1 9 typ host",
    "1 1 UDP 1 10.0.0.1 65536 typ host", "1 1 UDP 1 10.0.0.1 +9 typ host", "1 1 UDP 1 10.0.0.1 9 typ host odd",
    "1 1 UDP 1 a/b 9 typ host", "- 1 UDP 1 10.0.0.1 9 typ host", "1 1 UDP 1 10.0.0.1 9 typ host raddr :: raddr ::",
    "1 1 TCP 1 10.0.0.1 9 typ host tcptype lazy", "1 1 UDP 1 10.0.0.1 9 typ host\r\na=x y",
    "012345678901234567890123456789012 1 UDP 1 10.0.0.1 9 typ host",
  ]) func whatTheGrammarDoesNotAllowIsPassedOver(text: String) { #expect(ICECandidate(text) == nil) }

  @Test func extensionsHaveACap() {
    let line = "1 1 UDP 1 10.0.0.1 9 typ host"
    let pairs = String(repeating: " a b", count: ICECandidate.maximumExtensions)
    #expect(ICECandidate(line + pairs)?.extensions.count == ICECandidate.maximumExtensions)
    #expect(ICECandidate(line + pairs + " a b") == nil)
    #expect(ICECandidate(line + " a " + String(repeating: "b", count: ICECandidate.maximumLength)) == nil)
  }

  /// RFC 8445, section 5.1.2, and RFC 6544's example, one type preference lower because we offer UDP beside TCP.
  @Test func prioritiesAreThoseOfTheFormula() {
    #expect(ICECandidate.priority(.host) == 2_130_706_431)
    #expect(ICECandidate.priority(.host, component: 2) == 2_130_706_430)
    #expect(ICECandidate.priority(.relayed) == 16_777_215)
    #expect(ICECandidate.priority(.serverReflexive, localPreference: 0) == 1_677_721_855)
    #expect(ICECandidate.priority(.host, tcpType: .active) == 2_128_609_279 - (1 << 24))
    #expect(ICECandidate.priority(.host, tcpType: .passive) == 2_124_414_975 - (1 << 24))
    #expect(ICECandidate.priority(.host, tcpType: .simultaneousOpen) == 2_120_220_671 - (1 << 24))
    #expect(CandidatePair.priority(controlling: 3, controlled: 2) == 2 << 32 + 6 + 1)
    #expect(CandidatePair.priority(controlling: .max, controlled: .max) == 0x7FFF_FFFF_FFFF_FFFE)
  }

  @Test func oursAreHostAndPassive() throws {
    let address = try #require(TransportAddress("192.0.2.1:10000"))
    let udp = ICECandidate(local: address, transport: .udp)
    let tcp = ICECandidate(local: address, transport: .tcp)
    #expect(udp.description == "\(udp.foundation) 1 UDP 2130706431 192.0.2.1 10000 typ host")
    #expect(tcp.description == "\(tcp.foundation) 1 TCP 2107637759 192.0.2.1 10000 typ host tcptype passive")
    #expect(udp.foundation != tcp.foundation)
    #expect(udp.foundation.utf8.count <= 10)
    #expect(ICECandidate(udp.description) == udp)
    #expect(ICECandidate(tcp.description) == tcp)
  }

  @Test(.enabled(if: Vectors.isPresent)) func candidatesOfRealDescriptionsAreReadAndPrintedTheSame() throws {
    var read = 0
    var passedOver: [String] = []
    for name in try allFiles(below: "sdp") {
      for line in try Vectors.text(name).split(whereSeparator: \.isNewline) where line.hasPrefix("a=candidate:") {
        let value = line.dropFirst(2)
        guard let candidate = ICECandidate(value) else {
          passedOver.append(String(line))
          continue
        }
        read += 1
        #expect(ICECandidate(candidate.description) == candidate)
        let words = value.split(separator: " ").map { $0.lowercased() }
        #expect("candidate:" + candidate.description.lowercased() == words.joined(separator: " "))
      }
    }
    #expect(read > 80, "\(passedOver)")
    print("candidates: \(read) read, passed over: \(passedOver)")
  }

  private func allFiles(below folder: String) throws -> [String] {
    var files: [String] = []
    for name in try Vectors.list(folder) {
      if let inner = try? Vectors.list("\(folder)/\(name)") {
        files += inner.map { "\(folder)/\(name)/\($0)" }
      } else {
        files.append("\(folder)/\(name)")
      }
    }
    return files.filter { (try? Vectors.bytes($0)) != nil }
  }
}
