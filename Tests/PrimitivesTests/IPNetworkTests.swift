import Primitives
import Testing

@Suite struct IPNetworkTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true),
    ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false), ("192.0.2.128/25", "192.0.2.127", false),
    ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false), ("::/0", "::1", true),
    ("::/0", "127.0.0.1", false),
    ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false), ("2001:db8::/64", "2001:db8::ffff:1", true),
    ("2001:db8::/64", "2001:db8:0:1::", false), ("2001:db8::/127", "2001:db8::1", true),
    ("2001:db8::/127", "2001:db8::2", false), ("::1", "::1", true), ("::1", "::", false),
    // A mapped address is where its IPv4 address is.
    ("127.0.0.0/8", "::ffff:127.0.0.1", true), ("::ffff:10.0.0.0", "10.0.0.0", true),
  ])
  func blocksHoldTheirAddresses(_ block: String, _ address: String, _ isInside: Bool) throws {
    let network = try #require(IPNetwork(block))
    #expect(network.contains(try #require(IPAddress(address))) == isInside)
  }

  @Test(arguments: [
    "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0/8", "::/129", "::/x", "::/8/8", "host/8",
    "10.0.0.0/0008", "10.0.0.0/ 8",
  ])
  func whatIsNoBlockIsRefused(_ text: String) { #expect(IPNetwork(text) == nil) }

  @Test func itPrintsWhatItMeans() throws {
    #expect(try #require(IPNetwork("10.1.2.3/8")).description == "10.0.0.0/8")
    #expect(try #require(IPNetwork("2001:db8::1/32")).description == "2001:db8::/32")
  }
}
