import Application
import HTTPTypes
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a request may look like, and what each wrong one is told.
@Suite struct RequestTests {
  private let door = Door()

  @Test(arguments: Endpoint.all) func rightRequestsAreAnswered(_ endpoint: Endpoint) async throws {
    let answer = try await door.ask(endpoint.method, "/api/v1/\(endpoint.path)", body: endpoint.body)
    if endpoint.asks.hasPrefix("file") {
      // The fake has no file on disk.
      #expect(answer.status == 404)
      return
    }
    #expect(answer.status == endpoint.status)
    #expect(answer.body.isEmpty == (endpoint.status == 204 || endpoint.status == 202))
  }

  @Test(arguments: Endpoint.all.filter { !$0.body.isEmpty || $0.asks.hasPrefix("record ") })
  func unknownMembersAreRefusedByName(_ endpoint: Endpoint) async throws {
    let answer = try await door.ask(endpoint.method, "/api/v1/\(endpoint.path)", body: #"{"pim": 1}"#)
    #expect(answer.status == 400)
    #expect(answer.problem?.field == "pim")
    #expect(answer.problem?.detail.contains("known are") == true)
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test(arguments: Endpoint.all.filter { !$0.body.isEmpty })
  func whatIsNoJSONObjectIsRefused(_ endpoint: Endpoint) async throws {
    for body in ["[]", "1", "\"x\"", "null", "{", "\u{0}", "{\"a\":}", String(repeating: "[", count: 20_000)] {
      let answer = try await door.ask(endpoint.method, "/api/v1/\(endpoint.path)", body: body)
      #expect(answer.status == 400, "\(body.prefix(10))")
      #expect(answer.problem?.code == 400)
    }
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test(arguments: Endpoint.all.filter { !$0.body.isEmpty })
  func bodiesThatAreTooLargeOrOfAnotherTypeAreRefused(_ endpoint: Endpoint) async throws {
    let path = "/api/v1/\(endpoint.path)"
    let large = try await door.ask(
      endpoint.method, path, body: "{\"x\": \"" + String(repeating: "x", count: JSONBody.limit) + "\"}")
    #expect(large.status == 413)
    #expect(large.problem?.detail.contains("\(JSONBody.limit)") == true)
    for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
      let answer = try await door.ask(endpoint.method, path, body: endpoint.body, headers: [.contentType: type])
      #expect(answer.status == 415)
      #expect(answer.problem?.code == 415)
    }
    #expect(door.control.takeAsked().isEmpty)
    let charset = try await door.ask(
      endpoint.method, path, body: endpoint.body, headers: [.contentType: "Application/JSON; charset=utf-8"])
    #expect(charset.status == endpoint.status)
  }

  @Test func membersThatAreMissingOrWrongAreNamed() async throws {
    let missing = try await door.ask(.post, "/api/v1/rooms", body: "{}")
    #expect(missing.status == 400 && missing.problem?.field == "name")
    let type = try await door.ask(.post, "/api/v1/calls", body: #"{"uri": "sip:a@b", "room": "1", "timeout": "x"}"#)
    #expect(type.status == 400 && type.problem?.field == "timeout")
    let word = try await door.ask(.patch, "/api/v1/recordings/r1", body: #"{"action": "rewind"}"#)
    #expect(word.status == 400 && word.problem?.field == "action")
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test func whatTheControlPlaneRefusesKeepsItsMeaning() async throws {
    let statuses: [(ControlError.Kind, Int)] = [
      (.invalid, 400), (.unauthorized, 401), (.forbidden, 403), (.notFound, 404), (.conflict, 409), (.tooMany, 429),
      (.unavailable, 503), (.failed, 500),
    ]
    for (kind, status) in statuses {
      door.control.refuse(ControlError(kind, "because", field: "name"))
      let answer = try await door.ask(.get, "/api/v1/rooms/3000")
      #expect(answer.status == status)
      let problem = try #require(answer.problem)
      #expect(problem.type == "about:blank" && problem.code == status && !problem.title.isEmpty)
      #expect(problem.detail == "because" && problem.field == "name")
      let members = try JSONDecoder().decode([String: Value].self, from: Data(answer.body))
      #expect(Set(members.keys) == ["type", "title", "status", "detail", "field"])
    }
  }

  private enum Value: Decodable {
    case text(String), number(Int)
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Int.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  @Test func unknownPathsAndMethodsAreProblemsToo() async throws {
    let path = try await door.ask(.get, "/api/v1/nothing/here")
    #expect(path.status == 404 && path.problem?.code == 404)
    let method = try await door.ask(.put, "/api/v1/rooms/3000")
    #expect(method.status == 405 && method.problem?.code == 405)
    #expect(method.headers[.allow] == "DELETE, GET, PATCH")
    #expect(door.control.takeAsked().isEmpty)
    // HEAD is answered wherever GET is.
    #expect(try await door.ask(.head, "/api/v1/rooms").status == 200)
  }

  @Test func theQueryOfRecordingsIsStrict() async throws {
    let path = "/api/v1/recordings"
    for (query, field) in [
      ("limit=0", "limit"), ("limit=201", "limit"), ("limit=ten", "limit"), ("rom=1", "rom"), ("cursor=x", "cursor"),
      ("from=yesterday", "from"), ("to=2026-13-01T00:00:00Z", "to"), ("contextValue=1", "contextValue"),
      ("cursor=-1", "cursor"), ("cursor=1~2", "cursor"), ("sort=-duration&cursor=1", "cursor"),
      ("sort=-duration&cursor=1~nan", "cursor"), ("sort=id", "sort"), ("sort=started;--", "sort"),
      ("number=abc", "number"), ("minimumDuration=-1", "minimumDuration"), ("maximumDuration=inf", "maximumDuration"),
      ("text=\(String(repeating: "x", count: 256))", "text"),
    ] {
      let answer = try await door.ask(.get, "\(path)?\(query)")
      #expect(answer.status == 400, "\(query)")
      #expect(answer.problem?.field == field)
    }
    #expect(door.control.takeAsked().isEmpty)
    let right =
      "room=3000&from=2026-01-31T13:00:00%2B01:00&to=2026-02-01T00:00:00.5Z&contextKey=order&contextValue=4%207&limit=7"
    #expect(try await door.ask(.get, "\(path)?\(right)").status == 200)
    #expect(
      door.control.query
        == RecordingQuery(
          room: "3000", from: "2026-01-31T12:00:00.000Z", to: "2026-02-01T00:00:00.500Z", contextKey: "order",
          contextValue: "4 7", limit: 7))
    let more =
      "number=030%2D12&agent=bea&order=4711&customer=J%20M&tag=a&minimumDuration=1.5&maximumDuration=60&text=jeans"
      + "&sort=duration&cursor=12~1.5"
    #expect(try await door.ask(.get, "\(path)?\(more)").status == 200)
    #expect(
      door.control.query
        == RecordingQuery(
          context: ["order": "4711", "customer": "J M"], number: "030-12", agent: "bea", tag: "a",
          minimumDuration: 1.5, maximumDuration: 60, text: "jeans", order: .shortest,
          cursor: RecordingCursor(number: 12, duration: 1.5)))
  }

  @Test func theContractIsServed() async throws {
    let answer = try await Door(contract: "openapi: 3.1.0\n").ask(.get, "/openapi.yaml")
    #expect(answer.status == 200 && answer.text == "openapi: 3.1.0\n")
    #expect(answer.headers[.contentType] == "application/yaml")
  }

  @Test func eventsAreServerSentEvents() async throws {
    let answer = try await door.ask(.get, "/api/v1/events")
    #expect(answer.headers[.contentType] == "text/event-stream")
    #expect(answer.headers[.cacheControl] == "no-store")
    let messages = answer.text.split(separator: "\n\n")
    #expect(messages.count == 3)
    #expect(messages.first == ": open")
    for (message, event) in zip(messages.dropFirst(), Samples.events) {
      // What callers can write stands in JSON: one line, whatever is in it.
      let lines = message.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0] == "id: \(event.id)")
      #expect(lines[1] == "event: \(event.name)")
      #expect(lines[2].hasPrefix("data: "))
      #expect(try JSONDecoder().decode(ServerEvent.self, from: Data(lines[2].dropFirst(6).utf8)) == event)
    }
  }
  @Test func aClientThatComesBackSaysWhatItHadLast() async throws {
    let name = try #require(HTTPField.Name("Last-Event-ID"))
    _ = try await door.ask(.get, "/api/v1/events", headers: [name: "41"])
    #expect(door.control.takeAsked() == ["events after 41"])
    for text in ["", "x", "-1", "1.5", "18446744073709551616"] {
      #expect(try await door.ask(.get, "/api/v1/events", headers: [name: text]).status == 400)
    }
    #expect(door.control.takeAsked().isEmpty)
  }

  @Test func aJumpOfTheIdentifiersIsToldAsAGap() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
    for id: UInt64 in [7, 8, 12, 11, 13] { continuation.yield(ServerEvent(id: id, time: "t", name: "x", values: [:])) }
    continuation.yield(.gap(before: 30, time: "t"))
    continuation.yield(ServerEvent(id: 30, time: "t", name: "x", values: [:]))
    continuation.finish()
    let text = try await Door.text(of: EventStream.response(stream))
    let identifiers = text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { $0.dropFirst(4) }
    #expect(identifiers == ["7", "8", "11", "12", "11", "12", "13", "29", "30"])
    #expect(text.contains(#"{"id":11,"name":"gap","time":"t","values":{"missed":"3","next":"12"}}"#))
    #expect(text.components(separatedBy: "event: gap").count == 4)
  }

  @Test func whereNothingHappensACommentTellsThatTheStreamIsAlive() async throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
    let text = try await Door.text(of: EventStream.response(stream, heartbeat: .milliseconds(1))) { text in
      if text.contains(": alive\n\n") { continuation.finish() }
    }
    #expect(text.hasPrefix(": open\n\n: alive\n\n"))
  }
}
