import Primitives
import Testing

@testable import Application

/// THREATS 22: where a URL may lead.
@Suite struct AddressGuardTests {
  @Test(arguments: [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "fe80::1",
    "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2002:7f00:1::", "2001::1", "2001:10::1", "2001:db8::1",
    "3fff::1",
    "4000::1",
  ])
  func whatIsNotPublicIsClosed(_ text: String) throws {
    #expect(!AddressGuard().permits(try #require(IPAddress(text))))
  }

  @Test(arguments: [
    "1.1.1.1", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.0.1", "192.169.0.1", "100.63.0.1",
    "100.128.0.1", "223.255.255.255", "2a00:1450::1", "2606:4700::1111", "2001:200::1", "::ffff:1.1.1.1",
  ])
  func whatIsPublicIsOpen(_ text: String) throws {
    #expect(AddressGuard().permits(try #require(IPAddress(text))))
  }

  @Test func theOperatorsOwnNetworksAreOpenToo() throws {
    let limits = AddressGuard(own: try [#require(IPNetwork("10.1.0.0/16")), #require(IPNetwork("::1"))])
    #expect(limits.permits(try #require(IPAddress("10.1.2.3"))) && limits.permits(.loopbackV6))
    #expect(limits.permits(try #require(IPAddress("::ffff:10.1.2.3"))))
    #expect(!limits.permits(try #require(IPAddress("10.2.0.1"))) && !limits.permits(.loopbackV4))
    #expect(!limits.isOwn(try #require(IPAddress("1.1.1.1"))))
  }

  @Test func noBlockOfTheTableIsMisspelt() {
    #expect(AddressGuard.closed.count == 19 && AddressGuard.open != nil)
  }
}
