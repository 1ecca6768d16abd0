import Primitives
import Testing

/// Address literals: what is read, what is refused, what is printed.
@Suite struct IPAddressTests {
  @Test(arguments: [
    ("0.0.0.0", IPAddress.v4(0)), ("127.0.0.1", .v4(0x7F00_0001)), ("255.255.255.255", .v4(0xFFFF_FFFF)),
    ("192.0.2.33", .v4(0xC000_0221)), ("::", .v6(0, 0)), ("::1", .v6(0, 1)), ("[::1]", .v6(0, 1)),
    ("1::", .v6(0x0001_0000_0000_0000, 0)), ("2001:db8::1", .v6(0x2001_0db8_0000_0000, 1)),
    ("2001:DB8:0:0:8:800:200C:417A", .v6(0x2001_0db8_0000_0000, 0x0008_0800_200c_417a)),
    ("::ffff:192.0.2.1", .v6(0, 0xFFFF_C000_0201)), ("64:ff9b::192.0.2.1", .v6(0x0064_ff9b_0000_0000, 0xC000_0201)),
    ("1:2:3:4:5:6:1.2.3.4", .v6(0x0001_0002_0003_0004, 0x0005_0006_0102_0304)),
    ("1:2:3:4:5:6:7::", .v6(0x0001_0002_0003_0004, 0x0005_0006_0007_0000)),
    ("::2:3:4:5:6:7:8", .v6(0x0000_0002_0003_0004, 0x0005_0006_0007_0008)),
  ]) func literalsAreRead(text: String, address: IPAddress) {
    #expect(IPAddress(text) == address)
  }

  /// RFC 3261's grammar allows leading zeros; they are decimal, never octal.
  @Test func leadingZerosAreDecimal() {
    #expect(IPAddress("010.001.08.099") == .v4(0x0A01_0863))
    #expect(IPAddress("0010.1.1.1") == nil)
  }

  @Test(arguments: [
    "", " ", ".", "1", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.5", "1..2.3", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4",
    "1.2.3.-4",
    "1.2.3.+4", "1.2.3.0x4", "1.2.3.４", "[1.2.3.4]", "[]", "[", "]", ":", ":::", "1:", ":1", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1::2::3", "::1::", "12345::", "g::", "::+1", "::-1",
    "::1%eth0", "[::1", "::1]", "[[::1]]", "1.2.3.4::", "::1.2.3.4:5", "1:1.2.3.4::5", "::1.2.3", "::1.2.3.4.5",
    "1:2:3:4:5:6:7:1.2.3.4", "::ffff:256.0.0.1", "example.com", "::\u{301}", "::1\0", "1.2.3.4\r\n",
  ]) func anythingElseIsRefused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func hugeTextIsRefused() {
    #expect(IPAddress(String(repeating: "1.", count: 100_000)) == nil)
    #expect(IPAddress(String(repeating: "1:", count: 100_000)) == nil)
    #expect(IPAddress("[" + String(repeating: ":", count: 100_000) + "]") == nil)
  }

  /// RFC 5952, section 4: lower case, no leading zeros, the longest run of zeros shortened, the first of two as long,
  /// a single zero not.
  @Test(arguments: [
    ("2001:0DB8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:0:0:0:0:0:0", "::"), ("1:0:0:0:0:0:0:0", "1::"),
    ("0:0:0:0:0:0:0:1", "::1"), ("0:0:0:0:0:0:1:0", "::1:0"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
    ("::ffff:0:0", "::ffff:0.0.0.0"), ("203.0.113.255", "203.0.113.255"), ("007.0.0.1", "7.0.0.1"),
  ]) func printedInCanonicalForm(text: String, canonical: String) {
    #expect(IPAddress(text)?.description == canonical)
  }

  @Test func whatIsPrintedReadsTheSame() {
    var random = RandomSource.seeded(5952)
    for _ in 0..<5_000 {
      // Many zero groups, so that every place of "::" occurs.
      var halves: [UInt64] = [random.next(), random.next()]
      for half in halves.indices {
        for group in 0..<4 where random.next() % 2 == 0 { halves[half] &= ~(UInt64(0xFFFF) << UInt64(16 * group)) }
      }
      let v6 = IPAddress.v6(halves[0], halves[1])
      #expect(IPAddress(v6.description) == v6)
      #expect(IPAddress("[\(v6)]") == v6)
      let v4 = IPAddress.v4(UInt32(truncatingIfNeeded: random.next()))
      #expect(IPAddress(v4.description) == v4)
    }
  }

  @Test func whatIsReadFromRubbishPrintsAndReadsTheSame() {
    var random = RandomSource.seeded(4291)
    let characters = Array("0123456789abcdefF:::..[]% +-x\u{e9}")
    var accepted = 0
    for _ in 0..<50_000 {
      var text = ""
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        text.append(characters[Int.random(in: characters.indices, using: &random)])
      }
      guard let address = IPAddress(text) else { continue }
      accepted += 1
      #expect(IPAddress(address.description) == address)
    }
    #expect(accepted > 0)
  }

  @Test func kindsOfAddressesAreToldApart() throws {
    #expect(IPAddress.anyV4.isUnspecified && IPAddress.anyV6.isUnspecified)
    #expect(!IPAddress.loopbackV4.isUnspecified && !IPAddress.loopbackV6.isUnspecified)
    #expect(IPAddress.loopbackV4.isLoopback && IPAddress.loopbackV6.isLoopback)
    #expect(try #require(IPAddress("127.255.0.9")).isLoopback)
    #expect(try !#require(IPAddress("128.0.0.1")).isLoopback)
    #expect(try #require(IPAddress("224.0.0.1")).isMulticast)
    #expect(try #require(IPAddress("239.255.255.255")).isMulticast)
    #expect(try !#require(IPAddress("240.0.0.1")).isMulticast)
    #expect(try #require(IPAddress("ff02::1")).isMulticast)
    #expect(try !#require(IPAddress("fe80::1")).isMulticast)
    #expect(IPAddress.anyV6.isV6 && !IPAddress.anyV4.isV6)
  }

  @Test func aMappedAddressIsWhatItsIPv4AddressIs() throws {
    #expect(try #require(IPAddress("::ffff:127.0.0.1")).isLoopback)
    #expect(try #require(IPAddress("::ffff:224.0.0.1")).isMulticast)
    #expect(try #require(IPAddress("::ffff:0.0.0.0")).isUnspecified)
    #expect(try #require(IPAddress("::ffff:192.0.2.1")).unmapped == IPAddress("192.0.2.1"))
    #expect(try #require(IPAddress("::192.0.2.1")).unmapped == IPAddress("::192.0.2.1"))
    #expect(IPAddress.loopbackV6.unmapped == .loopbackV6)
  }
}
