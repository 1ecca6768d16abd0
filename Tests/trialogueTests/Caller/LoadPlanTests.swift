import Foundation
import Primitives
import Testing

@testable import trialogue

/// Plans of RTP partners that something else has agreed on.
@Suite struct LoadPlanTests {
  private func read(_ text: String) throws -> [LoadPlan.Entry] {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(text.utf8).write(to: path)
    return try LoadPlan.read(path.path)
  }

  private func problem(_ text: String) -> String {
    do {
      _ = try read(text)
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test func streamsHaveTheirOwnCodecOrThePlans() throws {
    let entries = try read(
      """
      {"codec": "pcmu", "streams": [
        {"room": 2, "local": "127.0.0.1:40000", "remote": "127.0.0.1:20000"},
        {"local": "127.0.0.1:40002", "remote": "[::1]:20002", "codec": "opus", "payloadType": 120}]}
      """)
    #expect(entries.map(\.room) == [2, 0])
    #expect(entries.map(\.format) == [.pcmu, .opus])
    guard case .plain(let local, let remote, let type)? = entries.first?.partner,
      case .plain(_, let other, let otherType)? = entries.last?.partner
    else {
      Issue.record("no plain partners")
      return
    }
    #expect(local == TransportAddress(.loopbackV4, port: 40_000) && remote.port == 20_000 && type == 0)
    #expect(other == TransportAddress(.loopbackV6, port: 20_002) && otherType == 120)
  }

  @Test func eachFaultIsNamedWithItsPlace() {
    #expect(problem("nonsense").contains("is no plan"))
    #expect(
      problem(#"{"streams": [{"local": "x", "remote": "127.0.0.1:1"}]}"#).contains("streams[0]: write addresses as"))
    #expect(
      problem(#"{"streams": [{"local": "127.0.0.1:1", "remote": "127.0.0.1:2"}]}"#)
        .contains("streams[0]: codec is missing"))
    #expect(problem(#"{"codec": "g729", "streams": []}"#).contains("is no plan"))
    do {
      _ = try LoadPlan.read("/nonexistent/plan.json")
      Issue.record("read")
    } catch {
      #expect("\(error)" == "/nonexistent/plan.json: cannot be read; check the path and its permissions")
    }
  }
}
