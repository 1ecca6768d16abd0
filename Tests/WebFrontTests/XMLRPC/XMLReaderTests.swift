import Testing

@testable import WebFront

@Suite struct XMLReaderTests {
  private static func read(_ text: String) throws(XMLProblem) -> XMLElement { try XMLReader.read(Array(text.utf8)) }

  @Test func elementsTextAndReferencesAreRead() throws {
    let element = try Self.read(
      "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><a>\n <b>x &lt;&amp;&#65;&#x20AC;ü</b><c/><!-- no -->"
        + "<d><![CDATA[<raw> & ]]></d ></a>\n<!-- b -->\n")
    #expect(element.name == "a" && element.text.isEmpty)
    #expect(element.children.map(\.name) == ["b", "c", "d"])
    #expect(element["b"]?.text == "x <&A€ü" && element["c"]?.text == "" && element["d"]?.text == "<raw> & ")
    #expect(try Self.read("<x>  text </x>").text == "  text ")
  }

  /// THREATS 20: nothing is looked up, nothing grows, nothing is guessed.
  static let bombs = [
    "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
    "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]><lolz>&lol2;</lolz>",
    "<a><!ENTITY x SYSTEM \"http://127.0.0.1/\"></a>",
    "<a>&x;</a>", "<a>&#0;</a>", "<a>&#x110000;</a>", "<a>&#xD800;</a>", "<a>&#99999999999;</a>", "<a>&</a>",
    "<a>\u{0}</a>", "<a>\u{1}</a>", "<a>\u{FFFF}</a>",
    "<a b=\"c\"/>", "<a xmlns:x='y'></a>",
    String(repeating: "<a>", count: 100_000),
    String(repeating: "<a>", count: 33) + String(repeating: "</a>", count: 33),
    "<a>" + String(repeating: "<b/>", count: 10_000) + "</a>",
    "<a><?php x?></a>", "<?xml version", "<a><!-- never", "<a><![CDATA[ never", "<a></b>", "<a></ab>", "</a>",
    "<a/><b/>",
    "<a>x", "x", "", " ", "<", "<>", "< a/>", "<ü/>", "<a/>x", "<![CDATA[x]]>", "<![CDATA[x]]><a/>",
    "<a/><![CDATA[x]]>", "<\(String(repeating: "n", count: 65))/>",
  ]

  @Test(arguments: bombs) func whatIsNoPlainDocumentIsRefused(_ text: String) {
    #expect(throws: XMLProblem.self) { try Self.read(text) }
  }

  @Test func whatIsNoUTF8IsRefused() {
    #expect(throws: XMLProblem.self) { try XMLReader.read([0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E]) }
    #expect(throws: XMLProblem.self) { try XMLReader.read([0xFE, 0xFF, 0x00, 0x3C]) }
  }

  @Test func asDeepAndAsManyAsAreAllowedAreRead() throws {
    let deep = String(repeating: "<a>", count: 32) + String(repeating: "</a>", count: 32)
    _ = try Self.read(deep)
    #expect(try Self.read("<a>" + String(repeating: "<b/>", count: 9_999) + "</a>").children.count == 9_999)
  }
}
