import Application
import HTTPTypes
import Testing

@testable import WebFront

/// Who may do what, at every endpoint.
@Suite struct AccessTests {
  static let tokens: [String: Access.Role] = [
    "viewer-token-0000": .viewer, "agent-token-000000": .agent, "supervisor-token-0": .supervisor,
    "admin-token-000000": .admin,
  ]
  static func token(_ role: Access.Role) -> String? { tokens.first { $0.value == role }?.key }

  @Test(arguments: Endpoint.all, Access.Role.allCases)
  func eachEndpointIsForItsRoleAndThoseAbove(_ endpoint: Endpoint, _ role: Access.Role) async throws {
    let door = Door(tokens: Self.tokens)
    let answer = try await door.ask(
      endpoint.method, "/api/v1/\(endpoint.path)", body: endpoint.body, token: Self.token(role))
    if role >= endpoint.role {
      #expect(answer.status != 401 && answer.status != 403)
      #expect(door.control.takeAsked() == [endpoint.asks])
    } else {
      #expect(answer.status == 403)
      #expect(answer.problem?.detail.contains("'\(endpoint.role)'") == true)
      #expect(door.control.takeAsked().isEmpty)
    }
  }

  /// Dialling is for agents, but not into a seat from which one listens in.
  @Test(arguments: Access.Role.allCases)
  func onlyWhoMayListenInCallsASupervisor(_ role: Access.Role) async throws {
    let door = Door(tokens: Self.tokens)
    let answer = try await door.ask(
      .post, "/api/v1/calls", body: #"{"uri": "sip:a@b", "room": "3000", "role": "supervisor"}"#,
      token: Self.token(role))
    #expect(answer.status == (role >= .supervisor ? 201 : 403))
    #expect(door.control.takeAsked() == (role >= .supervisor ? ["dial sip:a@b"] : []))
  }

  @Test(arguments: Endpoint.all) func withoutATokenThatIsKnownNothingIsDone(_ endpoint: Endpoint) async throws {
    let door = Door(tokens: Self.tokens)
    for token in [nil, "", "viewer-token-000", "viewer-token-00000", "VIEWER-TOKEN-0000"] {
      let answer = try await door.ask(
        endpoint.method, "/api/v1/\(endpoint.path)", body: endpoint.body, token: token)
      #expect(answer.status == 401)
      #expect(answer.headers[.wwwAuthenticate] == "Bearer realm=\"trialogue\"")
      #expect(answer.problem?.code == 401)
    }
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test func aTokenIsNoBasicPasswordAndNoQueryParameter() async throws {
    let door = Door(tokens: Self.tokens)
    let token = try #require(Self.token(.admin))
    #expect(try await door.ask(.get, "/api/v1/rooms", headers: [.authorization: "Basic \(token)"]).status == 401)
    #expect(try await door.ask(.get, "/api/v1/rooms?token=\(token)").status == 401)
    #expect(try await door.ask(.get, "/api/v1/rooms", headers: [.authorization: "bearer \(token)"]).status == 200)
  }

  /// A page that the browser of this machine's user has open: it sends an Origin.
  @Test(arguments: Endpoint.all) func pagesOfOthersDoNothingWithoutAToken(_ endpoint: Endpoint) async throws {
    let door = Door()
    for origin in [
      "https://evil.example", "null", "http://127.0.0.1:9091", "http://127.0.0.1", "http://localhost:9090", "",
    ] {
      let answer = try await door.ask(
        endpoint.method, "/api/v1/\(endpoint.path)", body: endpoint.body, headers: [.origin: origin])
      #expect(answer.status == 403)
      #expect(answer.problem?.detail.contains("api.tokens") == true)
    }
    #expect(door.control.takeAsked().isEmpty)
  }

  /// The console sends its own origin; under another name than this machine's even that opens nothing.
  @Test func ourOwnPagesMayWhatTheirUserMay() async throws {
    let door = Door()
    #expect(try await door.ask(.get, "/api/v1/rooms", headers: [.origin: "http://127.0.0.1:9090"]).status == 200)
    let rebound = try await door.ask(
      .get, "/api/v1/rooms", headers: [.origin: "http://evil.example:9090"], authority: "evil.example:9090")
    #expect(rebound.status == 403)
  }

  /// DNS rebinding: the page's own name points at this machine.
  @Test func aNameThatPointsHereOpensNothing() async throws {
    let door = Door()
    for authority in ["evil.example:9090", "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", nil]
    {
      #expect(try await door.ask(.get, "/api/v1/rooms", authority: authority).status == 403)
    }
    #expect(door.control.takeAsked().isEmpty)
    for authority in ["127.0.0.1:9090", "[::1]:9090", "localhost:9090", "LOCALHOST", "192.0.2.7"] {
      #expect(try await door.ask(.get, "/api/v1/rooms", authority: authority).status == 200)
    }
  }

  @Test func withATokenAPageMay() async throws {
    let door = Door(tokens: Self.tokens)
    let answer = try await door.ask(
      .get, "/api/v1/rooms", headers: [.origin: "https://shop.example"], token: Self.token(.viewer),
      authority: "conf.example")
    #expect(answer.status == 200)
  }
}
