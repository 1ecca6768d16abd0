import Application
import Testing

@Suite struct SpokenLanguageTests {
  private static func say(_ language: SpokenLanguage, _ part: String) -> String {
    guard let part = SpokenPart(part) else { return "no part" }
    return language.prompts(of: part, values: [:]).map {
      $0.replacing("number-", with: "").replacing("digit-", with: "")
    }
    .joined(separator: " ")
  }

  @Test(arguments: [
    ("number 0", "0"), ("number 7", "7"), ("number 19", "19"), ("number 20", "20"), ("number 21", "20 1"),
    ("number 100", "1 hundred"), ("number 105", "1 hundred and 5"), ("number 999", "9 hundred and 90 9"),
    ("number 1000", "1 thousand"), ("number 1001", "1 thousand and 1"), ("number 2026", "2 thousand and 20 6"),
    ("number 123456", "1 hundred and 20 3 thousand 4 hundred and 50 6"), ("digits 40a#", "4 0 key-hash"),
    ("date 2026-11-25", "month-11 day-25 2 thousand and 20 6"), ("date 1905-01-01", "month-1 day-1 19 hundred and 5"),
    ("time 14:00", "14 clock"), ("time 9:05", "9 0 5"), ("time 9:30", "9 30"),
  ])
  func englishSays(_ part: String, _ words: String) { #expect(Self.say(.english, part) == words) }

  @Test(arguments: [
    ("number 1", "1"), ("number 21", "one and 20"), ("number 100", "one hundred"), ("number 101", "one hundred 1"),
    ("number 121", "one hundred one and 20"), ("number 1001", "one thousand 1"),
    ("number 21000", "one and 20 thousand"),
    ("number 1000", "one thousand"), ("number 101000", "one hundred one thousand"),
    ("date 2026-11-25", "day-25 month-11 2 thousand 6 and 20"),
    ("date 1999-12-31", "day-31 month-12 19 hundred 9 and 90"),
    ("time 1:00", "one clock"), ("time 14:30", "14 clock 30"),
  ])
  func germanSays(_ part: String, _ words: String) { #expect(Self.say(.german, part) == words) }

  @Test(arguments: [
    "number -1", "number 1000000", "number x", "date 2026-13-01", "date 2026-11", "date x-y-z", "time 24:00", "time 9",
  ])
  func whatIsNoSuchValueIsNotSaid(_ part: String) {
    for language in SpokenLanguage.allCases { #expect(Self.say(language, part).isEmpty) }
  }

  @Test func textsAreFilledAndCut() throws {
    let text = try #require(FlowText("Order $order of $context.name, $$5, $x."))
    #expect(text.variables == ["order", "context.name", "x"])
    #expect(text.filled(with: ["order": "4711", "context.name": "Juliana"]) == "Order 4711 of Juliana, $5, .")
    #expect(FlowText("a $ b") == nil && FlowText("$") == nil && FlowText("$.x") == nil)
    #expect(text.filled(with: ["x": String(repeating: "ü", count: 500)]).utf8.count <= 255)
  }
}
