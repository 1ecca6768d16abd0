import Application
import Foundation
import Testing

@testable import trialogue

/// The clock and the programs elsewhere, on the terminal.
@Suite struct FlowSimulationTests {
  private static let text = """
    blocks:
      main:
        - hours: shop
          closed: night
        - http: {url: "https://crm.example/next", otherwise: people}
        - transfer: {uri: "sip:$agent@example.com"}
      people:
        - conference: support
      night:
        - play: closed
    hours:
      shop: {time_zone: Europe/Berlin, open: {mon-fri: "9:00-18:00"}, holidays: ["12-25", "2026-12-24 9:00-12:00"]}
    """

  private func last(
    at time: String, _ answers: String? = nil, isAnswered: Bool = false
  ) throws -> FlowSimulation.Event? {
    let flow = try FlowFile.read(Self.text, name: "f", file: "f.yaml")
    let zone = try #require(flow.hours["shop"]?.zone)
    let advice = try answers.map { try SimulatedAdvice(Array($0.utf8)) } ?? SimulatedAdvice()
    var simulation = FlowSimulation(
      flow, keys: "", language: "en", variables: [:], unixTime: try #require(WallTime.parse(time, zone: zone)),
      isAnswered: isAnswered, advice: advice)
    simulation.run()
    return simulation.events.last
  }

  @Test func theHoursAreThoseOfTheTimeThatIsSaid() throws {
    #expect(try last(at: "2026-12-24T20:00") == .ended("flow-ended"))
    #expect(try last(at: "2026-12-24T11:59") == .room("support"))
    #expect(try last(at: "2026-12-23T17:59") == .room("support"))
    #expect(try last(at: "2026-12-23T17:59:30Z") == .ended("flow-ended"))
  }

  @Test func answersComeFromTheFile() throws {
    let steps = #"{"steps": [{"set": {"agent": "bob"}}]}"#
    let open = "2026-12-23T12:00"
    #expect(try last(at: open, steps, isAnswered: true) == .dialled("sip:bob@example.com"))
    #expect(try last(at: open, steps) == .ended("flow-transfer-failed"))
    #expect(try last(at: open, "[\(steps)]", isAnswered: true) == .dialled("sip:bob@example.com"))
    for none in ["[null]", "[]", #"{"steps": [{"go": "nowhere"}]}"#] {
      #expect(try last(at: open, none) == .room("support"))
    }
    for wrong in ["{", "[1]", #"[{"steps": [{"saay": "x"}]}]"#] {
      #expect(throws: ConfigurationFailure.self) { try SimulatedAdvice(Array(wrong.utf8)) }
    }
  }

  @Test func aTimeIsReadOnTheClockOfItsZone() throws {
    let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
    let noon: Int64 = 1_795_521_600
    #expect(WallTime.parse("2026-11-24T12:00", zone: .gmt) == noon)
    #expect(WallTime.parse("2026-11-24T13:00", zone: berlin) == noon)
    #expect(WallTime.parse("2026-11-24T12:00:30Z", zone: berlin) == noon + 30)
    #expect(WallTime.parse("2026-11-24T07:00-05:00", zone: berlin) == noon)
    for text in ["", "12:00", "2026-11-24", "2026-13-01T00:00", "2026-11-24T12:00+99:00", "tomorrow"] {
      #expect(WallTime.parse(text, zone: .gmt) == nil, "\(text)")
    }
  }
}
