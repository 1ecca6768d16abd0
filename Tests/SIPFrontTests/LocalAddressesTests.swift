import Primitives
import SIP
import Testing

@testable import SIPFront

/// Which address we give to whom.
@Suite struct LocalAddressesTests {
  static func ip(_ text: String) throws -> IPAddress { try present(IPAddress(text)) }

  static func addresses(publicly: [String] = [], bound: String = "0.0.0.0:5060") throws -> LocalAddresses {
    LocalAddresses(
      bound: [.init(.udp, try present(TransportAddress(bound))), .init(.udp, TransportAddress(.anyV6, port: 5_060))],
      publicAddresses: try publicly.map { try ip($0) },
      interfaces: [
        .init(ip: .loopbackV4, prefix: 8), .init(ip: .loopbackV6, prefix: 128),
        .init(ip: try ip("192.168.1.10"), prefix: 24), .init(ip: try ip("2001:db8:1::10"), prefix: 64),
      ])
  }

  static func toward(_ remote: String, in addresses: LocalAddresses) throws -> String? {
    addresses.address(toward: try ip(remote), transport: .udp)?.description
  }

  @Test func aNeighbourGetsTheAddressOfItsNetworkAndTheWorldThePublicOne() throws {
    let addresses = try Self.addresses(publicly: ["203.0.113.1"])
    #expect(try Self.toward("192.168.1.77", in: addresses) == "192.168.1.10:5060")
    #expect(try Self.toward("127.0.0.1", in: addresses) == "127.0.0.1:5060")
    #expect(try Self.toward("198.51.100.7", in: addresses) == "203.0.113.1:5060")
    #expect(try Self.toward("2001:db8:1::99", in: addresses) == "[2001:db8:1::10]:5060")
    #expect(try Self.toward("2001:db8:2::99", in: addresses) == "[2001:db8:1::10]:5060")
    #expect(try Self.toward("::1", in: addresses) == "[::1]:5060")
  }

  @Test func withoutAPublicAddressTheFirstInterfaceSpeaks() throws {
    #expect(try Self.toward("198.51.100.7", in: Self.addresses()) == "192.168.1.10:5060")
  }

  @Test func aListenerOnOneAddressKeepsIt() throws {
    let addresses = try Self.addresses(bound: "10.1.2.3:5070")
    #expect(try Self.toward("198.51.100.7", in: addresses) == "10.1.2.3:5070")
    #expect(addresses.address(toward: .loopbackV4, transport: .tcp) == nil)
  }
}
