import Application
import Primitives
import TestSupport
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Bodies of REST requests: each is what the operation asks for, or a problem that says what is wrong.
@Suite struct JSONBodyFuzzing {
  private static let seeds = [
    #"{"name":"3000","pin":"1234","moderatorPIN":"4321","language":"de","record":true}"#,
    #"{"locked":true,"allMuted":false}"#,
    #"{"muted":true,"deaf":false,"held":false,"masked":true,"listeningGain":0.5,"talkingGain":1e0}"#,
    #"""
    {"uri":"sip:a@b","room":"3000","from":"x","headers":{"X-A":"\u00e4"},"context":{"order":"4711"},"timeout":30,
    "codecs":["opus","pcmu"],"role":"agent"}
    """#,
    #"{"prompts":["welcome"],"member":"m1","loop":true,"gain":-3}"#,
  ].map { Array($0.utf8) }
  private static let tokens = [
    "{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud800", "null", "true", "-0", "1e999", "9223372036854775808",
    "[[[[",
    "{\"room\":", "\u{0}", "\u{E4}",
  ]

  private static func decode<Value: Decodable>(
    _ type: Value.Type, _ input: [UInt8], known: Set<String>
  ) throws(FuzzFailure) -> Bool {
    do {
      _ = try JSONBody.decode(type, from: Data(input), known: known)
      return true
    } catch let problem as Problem {
      try FuzzFailure.unless(problem.code == 400, "a wrong body is the sender's fault", problem.title)
      try FuzzFailure.unless(!problem.detail.isEmpty, "a problem says what is wrong")
      return false
    } catch {
      throw FuzzFailure("a wrong body is a problem", "\(error)")
    }
  }

  @Test func bodiesAreReadOrRefused() {
    var fuzzer = Fuzzer("json-body", seeds: Self.seeds, tokens: Self.tokens, isText: true, limit: 2_048)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      var outcome = FuzzOutcome.refused
      let readings = [
        try Self.decode(RoomCreation.self, input, known: ["name", "pin", "moderatorPIN", "language", "record"]),
        try Self.decode(RoomChange.self, input, known: ["locked", "allMuted"]),
        try Self.decode(
          MemberChange.self, input, known: ["muted", "deaf", "held", "masked", "listeningGain", "talkingGain"]),
        try Self.decode(
          DialRequest.self, input,
          known: ["uri", "room", "from", "headers", "context", "contextID", "role", "timeout", "codecs"]),
        try Self.decode(PlayRequest.self, input, known: ["prompts", "language", "member", "loop", "gain"]),
        try Self.decode(RecordingRequest.self, input, known: ["format", "tracks", "video", "notice"]),
      ]
      if readings.contains(true) { outcome = .accepted }
      for reading in readings { outcome.add(reading) }
      return outcome
    }.check()
  }
}
