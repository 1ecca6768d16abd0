import Application
import HTTPTypes
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Who gets to the files of recordings, and what is kept of it.
@Suite struct RecordingAccessTests {
  private let door: Door
  private let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".wav").path

  init() throws {
    door = Door(tokens: AccessTests.tokens)
    try Data("0123456789".utf8).write(to: URL(filePath: file))
    door.control.serve(file)
  }

  private func ticket(_ role: Access.Role = .supervisor, recording: String = "r1") async throws -> RecordingTicket {
    let answer = try await door.ask(
      .post, "/api/v1/recordings/\(recording)/tickets", token: AccessTests.token(role))
    #expect(answer.status == 201)
    return try JSONDecoder().decode(RecordingTicket.self, from: Data(answer.body))
  }

  @Test func aTicketOpensTheFilesOfItsRecordingAlone() async throws {
    let ticket = try await ticket()
    #expect(ticket.ticket.count == 32 && ticket.lifetime > 0)
    let path = "/api/v1/recordings/r1/files/mix.wav"
    #expect(try await door.ask(.get, path).status == 401)
    let answer = try await door.ask(.get, "\(path)?ticket=\(ticket.ticket)", headers: [.range: "bytes=2-4"])
    #expect(answer.status == 206 && answer.text == "234")
    for other in [
      "\(path)?ticket=", "\(path)?ticket=0\(ticket.ticket)",
      "/api/v1/recordings/r2/files/mix.wav?ticket=\(ticket.ticket)",
    ] {
      #expect(try await door.ask(.get, other).status == 403, "\(other)")
    }
    #expect(try await door.ask(.get, "/api/v1/recordings/r1/export?ticket=\(ticket.ticket)").status == 200)
    #expect(try await door.ask(.get, "/api/v1/recordings/r1?ticket=\(ticket.ticket)").status == 401)
  }

  @Test func whoListensAndWhoDownloadsIsTold() async throws {
    let supervisor = try #require(AccessTests.token(.supervisor))
    let path = "/api/v1/recordings/r1/files/mix.wav"
    let played = try await door.ask(.get, path, token: supervisor)
    let person = PersonName.ofToken(supervisor)
    #expect(door.control.listener == "\(person) listened" && played.headers[.contentDisposition] == nil)
    #expect(person.hasPrefix("token ") && !person.contains(supervisor) && person.count == 14)
    let kept = try await door.ask(.get, path + "?download=1", token: supervisor)
    #expect(door.control.listener == "\(person) downloaded")
    #expect(kept.headers[.contentDisposition] == "attachment; filename=\"r1-mix.wav\"")
    let ticket = try await ticket(.admin)
    _ = try await door.ask(.get, "\(path)?ticket=\(ticket.ticket)")
    #expect(door.control.listener == "\(PersonName.ofToken(try #require(AccessTests.token(.admin)))) listened")
    let open = Door()
    open.control.serve(file)
    _ = try await open.ask(.get, path)
    #expect(open.control.listener == "local listened")
  }

  @Test func ticketsRunOutAndAreBounded() {
    let tickets = RecordingTickets()
    let now = ContinuousClock.now
    let first = tickets.give(for: "r1", to: "a", at: now)
    #expect(tickets.person(first, recording: "r1", at: now + .seconds(60)) == "a")
    #expect(tickets.person(first, recording: "r2", at: now) == nil)
    #expect(tickets.person(first, recording: "r1", at: now + RecordingTickets.lifetime) == nil)
    for _ in 0..<RecordingTickets.capacity { _ = tickets.give(for: "r1", to: "b", at: now) }
    #expect(tickets.person(first, recording: "r1", at: now) == nil, "the oldest goes first")
    let last = tickets.give(for: "r1", to: "c", at: now)
    #expect(tickets.person(last, recording: "r1", at: now) == "c")
  }

  @Test func tagsAndHoldsAreForSupervisors() async throws {
    let path = "/api/v1/recordings/r1"
    for body in [#"{"tags": ["a"]}"#, #"{"legalHold": true}"#, #"{"action": "stop", "legalHold": false}"#] {
      #expect(try await door.ask(.patch, path, body: body, token: AccessTests.token(.agent)).status == 403)
      #expect(door.control.takeAsked().isEmpty)
    }
    let answer = try await door.ask(
      .patch, path, body: #"{"tags": ["a"], "legalHold": true, "reason": "court"}"#,
      token: AccessTests.token(.supervisor))
    #expect(answer.status == 200)
    #expect(door.control.annotation == RecordingAnnotation(tags: ["a"], legalHold: true, reason: "court"))
    let both = try await door.ask(
      .patch, path, body: #"{"tags": [], "action": "stop"}"#, token: AccessTests.token(.supervisor))
    #expect(both.status == 200 && door.control.takeAsked() == ["annotate r1", "annotate r1", "stop r1"])
    let mark = try await door.ask(
      .patch, path, body: #"{"mark": "complaint", "action": "pause"}"#, token: AccessTests.token(.agent))
    #expect(mark.status == 200 && door.control.takeAsked() == ["mark r1 complaint", "pause r1"])
    let nothing = try await door.ask(.patch, path, body: "{}", token: AccessTests.token(.admin))
    #expect(nothing.status == 400 && nothing.problem?.field == "action")
  }

  @Test func anEndThatWasNotedIsPassedOn() async throws {
    let token = AccessTests.token(.supervisor)
    let path = "/api/v1/verification"
    #expect(try await door.ask(.post, path, body: #"{"number": 7, "hash": "ab"}"#, token: token).status == 202)
    #expect(door.control.head == LedgerHead(number: 7, hash: "ab"))
    #expect(try await door.ask(.post, path, token: token).status == 202)
    #expect(door.control.head == nil)
    for half in [#"{"number": 7}"#, #"{"hash": "ab"}"#] {
      #expect(try await door.ask(.post, path, body: half, token: token).problem?.field == "number")
    }
  }
}
