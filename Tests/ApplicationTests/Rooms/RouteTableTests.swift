import Application
import SIP
import Testing

@Suite struct RouteTableTests {
  static let table = RouteTable(
    announcements: ["9197": "demo"], rooms: [NamePattern("3000-3009"), NamePattern("support"), NamePattern("team-*")],
    routes: [
      Route(pattern: NamePattern("0900*"), action: .block),
      Route(pattern: NamePattern("help"), action: .room("support")),
      Route(pattern: NamePattern("49*"), action: .dial), Route(pattern: NamePattern("4930*"), action: .block),
    ])

  static func target(_ text: String) -> RouteTarget? { SIPURI(text).map { table.target(for: $0) } }

  @Test(arguments: ["3000", "3009", "support", "team-a", "conf=3001", "conf=support"])
  func roomsAreFound(user: String) {
    let name = user.hasPrefix("conf=") ? String(user.dropFirst(5)) : user
    #expect(Self.target("sip:\(user)@h") == .room(name))
  }

  @Test(arguments: [
    "2999", "3010", "30000", "0300", "Support", "team-../../etc", "team-a%2Fb", "team-%00", "conf=", "conf=..",
    "conf=0900", "%20support",
  ])
  func otherNamesAreNoRooms(user: String) {
    guard case .reject(let status, _)? = Self.target("sip:\(user)@h") else {
      Issue.record("\(user) leads somewhere")
      return
    }
    #expect(status == 404)
  }

  @Test func theFirstRouteWins() throws {
    #expect(Self.target("sip:0900123@h") == .reject(status: 403, reason: "Blocked by a route"))
    #expect(Self.target("sip:help@h") == .room("support"))
    let uri = try #require(SIPURI("sip:4930123@h"))
    #expect(Self.table.target(for: uri) == .external(uri))
  }

  @Test func anEscapedNumberIsTheSameNumber() {
    #expect(Self.target("sip:%30900123@h") == .reject(status: 403, reason: "Blocked by a route"))
  }

  @Test func servicesAndAnnouncements() {
    #expect(Self.target("sip:entry@h") == .entry)
    #expect(Self.target("sip:echo@h") == .echo)
    #expect(Self.target("sip:9197@h") == .announcement("demo"))
    #expect(Self.target("sip:annc@h;play=welcome") == .announcement("welcome"))
    for bad in ["sip:annc@h", "sip:annc@h;play=../../etc/passwd", "sip:annc@h;play=", "sip:h"] {
      guard case .reject? = Self.target(bad) else {
        Issue.record("\(bad) leads somewhere")
        continue
      }
    }
  }
}

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("3000-3009", "3005", true), ("3000-3009", "3010", false), ("3000-3009", "03005", false),
    ("3000-3009", "３００５", false), ("*", "", true), ("*", "anything", true), ("a*b*c", "aXXbYYc", true),
    ("a*b*c", "aXXbYY", false), ("a?c", "abc", true), ("a?c", "ac", false), ("49*", "49", true), ("", "", true),
    ("", "a", false), ("a-b", "a-b", true), ("9-1", "9-1", true), ("9-1", "5", false), ("**a", "bba", true),
  ])
  func patternsMatchLikeFileNames(pattern: String, name: String, matches: Bool) {
    #expect(NamePattern(pattern).matches(name) == matches)
  }

  /// With a star retried for each other star this would outlast the test run.
  @Test func aHostilePatternTakesNoTime() {
    let pattern = NamePattern(String(repeating: "*a", count: 200) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 5_000)))
  }

  @Test(arguments: ["..", ".a", "a/b", "a b", "", "a\u{0}", "ä", String(repeating: "a", count: 65)])
  func anythingButPlainNamesIsRefused(name: String) { #expect(!NamePattern.isPlainName(name)) }
}
