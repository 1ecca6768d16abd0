import Conference
import Testing

@testable import Application

/// Somebody marks a moment of the recording that is being made.
@Suite struct MarkTests {
  @Test func aMarkIsForARecordingThatRunsAndHasFewWords() async throws {
    let bench = try await ConsentTests.Bench(record: true)
    let seat = try await bench.call("sip:a@x")
    try await bench.finish(.member(seat.leg), in: seat.room)
    while bench.plan == nil { await Task.yield() }
    let id = try #require(bench.plan).id
    while await bench.directory.rooms[seat.room]?.recording?.id == nil { await Task.yield() }
    try await bench.directory.mark(recording: id, "torn knee")
    let marks = try await bench.archive.archive.description(id.rawValue).markers.filter { $0.kind == .mark }
    #expect(marks.map(\.name) == ["torn knee"])
    for bad in ["two\nlines", String(repeating: "x", count: 256)] {
      let error = await #expect(throws: ControlError.self) { try await bench.directory.mark(recording: id, bad) }
      #expect(error?.field == "mark")
    }
    let none = await #expect(throws: ControlError.self) {
      try await bench.directory.mark(recording: RecordingID("none"), "")
    }
    #expect(none?.kind == .conflict)
  }
}
