import Primitives
import TestSupport
import Testing

@testable import trialogue

/// Configuration files: whatever stands in one, it is read or every problem has its place.
@Suite struct ConfigurationFuzzing {
  static let own = [
    "",
    """
    server:
      domain: example.com
      public_address: 192.0.2.1
    listen:
      sip: [udp 0.0.0.0:5060, "tcp [::]:5060"]
      media: [192.0.2.1]
      media_first_port: 20000
      media_last_port: 29999
      media_loops: 2
      private: 127.0.0.1:9090
    rooms:
      - pattern: 3000-3009
        pin: "1234"
        moderator_pin: "4321"
        language: de
        greeting: none
        announce_joining: no
        hold_music: yes
        relay: yes
        record: true
        record_format: opus
        record_tracks: on
        maximum_members: 50
        specialist: sip:help@example.com
        moderators: [alice]
        sample_rate: 48000
    prompts:
      directory: build/prompts
      names: {welcome: conf-welcome}
    recording: {directory: recordings, warn_below_free: 0.1, refuse_below_free: 1e-2}
    codecs:
      allowed: [opus, PCMU]
      opus_complexity: 5
      opus_bit_rate: 24000
    routes:
      - match: "9*"
        action: room 3000
    registrar:
      guests: false
      users: [{name: alice, password: secret}]
    api:
      tokens: [{token: 0123456789abcdef, role: admin}]
    limits: {members: 10, rooms: 10, load: 0.6, inactivity_seconds: 15}

    """,
  ].map { Array($0.utf8) }
  static let tokens = [
    "server:", "listen:", "rooms:", "prompts:", "recording:", "codecs:", "routes:", "registrar:", "api:", "limits:",
    "trunks:",
    "\n", "\n  ", "\n- ", "- ", ": ", "{", "}", "[", "]", "&a ", "*a", "!!int ", "!!binary ", "<<: ", "|\n", ">-\n",
    "\"", "'", "#", "---\n", "...\n", "%YAML 1.2\n", "? ", "~", "null", "true", ".inf", ".nan", "0x1F", "1e400", "\t",
    "\u{FEFF}",
    "\u{0}", "pattern: ", "pin: ", "domain: ", "\\u0000",
  ]

  /// Some of the sections, in some order: most such files are right.
  static func some(_ random: inout RandomSource) -> [UInt8] {
    var sections: [[UInt8]] = []
    for line in own[1].split(separator: 0x0A, omittingEmptySubsequences: true) {
      if line.first == 0x20, let last = sections.indices.last {
        sections[last] += line + [0x0A]
      } else {
        sections.append(line + [0x0A])
      }
    }
    return sections.shuffled(using: &random).prefix(random.below(sections.count + 1)).flatMap { $0 }
  }

  @Test func filesAreReadOrEveryProblemHasItsPlace() {
    var fuzzer = Fuzzer(
      "configuration", seeds: Self.own, tokens: Self.tokens, isText: true, limit: 3_072, generate: Self.some)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let text = String(decoding: input, as: UTF8.self)
      let first = Self.read(text)
      try FuzzFailure.unless(first == Self.read(text), "a file says the same when it is read again")
      switch first {
      case .success(let configuration):
        var outcome = FuzzOutcome.accepted
        outcome.add(size: configuration.rooms.count)
        outcome.add(size: configuration.routes.count + configuration.registrar.users.count)
        return outcome
      case .failure(let failure):
        try FuzzFailure.unless(!failure.problems.isEmpty, "a refusal says why")
        var outcome = FuzzOutcome.refused
        for problem in failure.problems {
          try FuzzFailure.unless(
            problem.file == "f" && problem.line >= 0 && !problem.key.isEmpty && !problem.reason.isEmpty,
            "a problem has its place and its reason")
          try FuzzFailure.unless(problem.line <= input.count + 1, "a problem lies in the file", "\(problem)")
          outcome.add(problem.key.prefix { $0 != "[" && $0 != "." }.count)
        }
        return outcome
      }
    }.check()
  }

  private static func read(_ text: String) -> Reading {
    do { return .success(try Configuration.read(text, file: "f", environment: Environment([:]))) } catch {
      return .failure(error)
    }
  }

  private enum Reading: Equatable {
    case success(Configuration)
    case failure(ConfigurationFailure)

    static func == (left: Reading, right: Reading) -> Bool {
      switch (left, right) {
      case (.success(let left), .success(let right)): left == right
      case (.failure(let left), .failure(let right)): left.problems == right.problems
      case (.success, .failure), (.failure, .success): false
      }
    }
  }
}
