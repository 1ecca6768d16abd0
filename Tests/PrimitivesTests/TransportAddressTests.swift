import Primitives
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Address and port as text.
@Suite struct TransportAddressTests {
  @Test(arguments: [
    ("192.0.2.1:5060", TransportAddress(.v4(0xC000_0201), port: 5060)),
    ("[2001:db8::1]:5060", TransportAddress(.v6(0x2001_0db8_0000_0000, 1), port: 5060)),
    ("0.0.0.0:0", TransportAddress(.anyV4, port: 0)), ("[::]:65535", TransportAddress(.anyV6, port: 65_535)),
  ]) func readAndPrinted(text: String, address: TransportAddress) {
    #expect(TransportAddress(text) == address)
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ":", ":5060", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1", "192.0.2.1:+1", "192.0.2.1: 1",
    "192.0.2.1:5060 ", "192.0.2.1:5060:5060", "192.0.2.1:٣", "::1:5060", "[::1]5060", "[::1]", "[::1]:",
    "[192.0.2.1]:5060",
    "[[::1]]:5060", "[::1:5060", "::1]:5060", "localhost:5060", "[]:5060", "192.0.2.1:99999999999999999999999",
  ]) func anythingElseIsRefused(text: String) {
    #expect(TransportAddress(text) == nil)
  }

  @Test func aJournalKeepsAddressesAndInstants() throws {
    struct Entry: Codable, Equatable {
      var peer: TransportAddress
      var deadline: Instant
    }
    for text in ["192.0.2.1:5060", "[2001:db8::1]:65535"] {
      let entry = Entry(peer: try #require(TransportAddress(text)), deadline: .distantFuture)
      let stored = try JSONEncoder().encode(entry)
      #expect(try JSONDecoder().decode(Entry.self, from: stored) == entry)
    }
  }
}
