import SIP
import Testing

@testable import Application

@Suite struct LanguageWishesTests {
  private func wishes(_ lines: String, fixed: String? = nil, context: [String: String] = [:]) throws -> [String] {
    LanguageWishes.list(
      fixed: fixed, context: CallContext(values: context), headers: try CustomerContextTests.parsed(lines))
  }

  @Test(arguments: [
    ("Subject: x", []), ("Accept-Language: de-DE, en;q=0.5", ["de", "en"]),
    ("Accept-Language: fr;q=0.2, en;q=0.7, de", ["de", "en", "fr"]),
    ("Accept-Language: en;q=0, de;q=0.1", ["de"]),
    ("Accept-Language: de-AT, de;q=0.9\r\nAccept-Language: en", ["de", "en"]),
    ("Accept-Language: *, de;q=x, e1, toolong, fil", ["fil"]), ("Accept-Language: ;q=1, ,", []),
    ("Accept-Language: en;q=nan, de;q=inf, fr;q=-1", ["de"]),
  ])
  func thePhonesWishesComeByTheirWeight(_ lines: String, _ expected: [String]) throws {
    #expect(try wishes(lines) == expected)
  }

  @Test func theWayInGoesBeforeTheContextAndThatBeforeThePhone() throws {
    #expect(
      try wishes("Accept-Language: en, it;q=0.5", fixed: "fr", context: ["language": "de_CH"]) == [
        "fr", "de", "en", "it",
      ])
    #expect(try wishes("Accept-Language: en", context: ["language": "../../etc"]) == ["en"])
  }

  @Test func wishesAreFew() throws {
    let tags = (0..<26).map { "a\(Character(UnicodeScalar(UInt8(97 + $0))))" }.joined(separator: ", ")
    #expect(try wishes("Accept-Language: \(tags)", fixed: "de").count == 16)
  }

  @Test func theFirstOneThatThereArePromptsInIsSpoken() {
    let library = PromptLibrary(clips: ["en": [:], "de_CH": [:]])
    #expect(library.language(like: ["fr", "de", "en"]) == "de_CH")
    #expect(library.language(like: ["fr"]) == nil && library.language(like: []) == nil)
  }
}
