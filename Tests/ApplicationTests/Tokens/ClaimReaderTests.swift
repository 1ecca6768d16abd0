import Application
import Testing

/// JSON as tokens may have it, and no other.
@Suite struct ClaimReaderTests {
  static func read(_ text: String) -> [String: ClaimValue]? { ClaimReader.object(in: Array(text.utf8)) }

  @Test func everyKindOfValueIsRead() {
    let text = """
       {"a":"x","b":-12,"c":[1,"y",true],"d":{"e":null},"f":1.8e9,"g":1800000000.75,"h":"\\u00e4\\ud83d\\ude00\\n\\/","":0}\r\n
      """
    #expect(
      Self.read(text) == [
        "a": .text("x"), "b": .number(-12), "c": .list([.number(1), .text("y"), .other]), "d": .object(["e": .other]),
        "f": .number(1_800_000_000), "g": .number(1_800_000_000), "h": .text("ä😀\n/"), "": .number(0),
      ])
    #expect(Self.read("{}") == [:])
  }

  @Test(arguments: [
    "", " ", "{", "}", "[]", "\"a\"", "1", "{} x", "{}{}", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
    "{\"a\":1 \"b\":2}",
    "{a:1}", "{'a':1}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "{\"a\":01}", "{\"a\":+1}", "{\"a\":.5}",
    "{\"a\":1.}",
    "{\"a\":1e}", "{\"a\":-}", "{\"a\":1e999}", "{\"a\":9007199254740993000}", "{\"a\":NaN}", "{\"a\":True}",
    "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\u+123\"}", "{\"a\":\"\\u-000\"}", "{\"a\":\"\\ud800\"}",
    "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\n\"}", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":[1,]}",
    "{\"a\":[[[[1]]]]}", "\u{FEFF}{}",
  ])
  func whatIsNoObjectIsNone(text: String) { #expect(Self.read(text) == nil) }

  @Test func whatIsNoUTF8IsNone() {
    for octets: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE4]] {
      #expect(ClaimReader.object(in: Array("{\"a\":\"".utf8) + octets + Array("\"}".utf8)) == nil)
    }
  }

  @Test func anObjectIsBounded() {
    let members = (0..<65).map { "\"m\($0)\":0" }
    #expect(Self.read("{" + members.prefix(64).joined(separator: ",") + "}")?.count == 64)
    #expect(Self.read("{" + members.joined(separator: ",") + "}") == nil)
    #expect(Self.read("{\"a\":[" + (0..<65).map { "\($0)" }.joined(separator: ",") + "]}") == nil)
  }

  @Test(arguments: ["", "A", "AA=", "AA==", "AB", "A+", "A/", "A A", "AA\n", "ä"])
  func aSpellingThatIsNotTheOneIsRefused(text: String) {
    #expect((Base64URL.decode(text.utf8) == nil) == !text.isEmpty)
  }

  @Test func octetsComeBack() {
    for count in 0..<70 {
      let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
      #expect(Base64URL.decode(Base64URL.encode(octets).utf8) == octets)
    }
  }
}
