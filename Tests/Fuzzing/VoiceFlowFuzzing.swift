import Application
import Conference
import Primitives
import TestSupport
import Testing

@testable import trialogue

/// Voice flows: whatever stands in a file, it is read or every problem has its place; and what was read leads any caller on.
@Suite struct VoiceFlowFuzzing {
  static let own = [
    """
    start: main
    language: de
    blocks:
      main:
        - say: [welcome, digits $order, number 12, date 2026-11-25, time 14:30]
          barge_in: false
        - menu: {prompt: a, choices: {1: main, star: order}, tries: 2, otherwise: order}
      order:
        - gather: {into: order, prompt: a, digits: 4-8, end: "*", timeout: 2, pause: 1.5}
        - set: {day: $context.day, n: "$$5"}
        - if: $order
          is: "4711"
          then: main
        - dial: {uri: "sip:$order@example.com", timeout: 20, otherwise: main}
        - record: {maximum: 60, end: star}
        - language: $context.language
        - http: {url: "https://crm.example/next", timeout: 3, otherwise: main}
        - hours: shop
          closed: main
        - transfer: {uri: "sip:agent@example.com", timeout: 20}
        - conference: support-$order
        - hangup
    hours:
      shop: {time_zone: Europe/Berlin, open: {mon-fri: "9:00-18:00", sat: ["22:00-02:00"]}, holidays: ["12-25"]}

    """
  ].map { Array($0.utf8) }
  static let tokens = [
    "start: ", "blocks:\n", "  main:\n", "    - ", "say: ", "play: ", "menu: ", "gather: ", "choices: ", "into: ",
    "go: main\n",
    "hangup\n", "digits $", "number ", "date ", "time ", "$", "$$", "[", "]", "{", "}", ", ", "1: main", "tries: 1",
    "http: ", "url: https://",
    "hours: ", "closed: main\n", "transfer: ", "open: ", "time_zone: ", "holidays: ", "mon-fri", "9:00-18:00", "12-25",
    "*", "#",
    "0x1F", "9999999999999999999", "1e400", "~", "&a ", "*a", "\n", "\"", "ß",
  ]

  @Test func flowsAreReadOrEveryProblemHasItsPlace() {
    var fuzzer = Fuzzer("voice-flow", seeds: Self.own, tokens: Self.tokens, isText: true, limit: 2_048)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let flow: VoiceFlow
      do throws(ConfigurationFailure) {
        flow = try FlowFile.read(String(decoding: input, as: UTF8.self), name: "f", file: "f")
      } catch {
        try FuzzFailure.unless(!error.problems.isEmpty, "a refusal says why")
        for problem in error.problems {
          try FuzzFailure.unless(
            problem.file == "f" && problem.line > 0 && !problem.key.isEmpty && !problem.reason.isEmpty,
            "a problem has its place and its reason")
        }
        return .refused
      }
      return try Self.walk(flow, &random)
    }.check()
  }

  /// A caller who does anything: the flow says something, waits for keys, or ends, and never two of them.
  ///
  /// - Parameter advice: what programs elsewhere answer; nil: to go on with the block that asks.
  static func walk(
    _ flow: VoiceFlow, advice: [FlowStep]? = nil, _ random: inout RandomSource
  ) throws(FuzzFailure) -> FuzzOutcome {
    var now = Instant.zero
    var machine = FlowMachine(flow, language: "en", at: now, unixTime: Int64(random.below(2_000_000_000)))
    var outcome = FuzzOutcome.accepted
    var isPlaying = false
    for _ in 0..<200 {
      var steps = 0
      while let action = machine.nextAction() {
        steps += 1
        switch action {
        case .dial: machine.unanswered(cause: "486", at: now)
        case .consult(_, let number, let block):
          let isAnswered = random.below(2) == 0
          machine.advised(isAnswered ? .steps(advice ?? [.go(block)]) : .failed("no answer"), on: number, at: now)
        case .reach, .speak, .record, .stopRecording: break
        case .play: isPlaying = true
        case .enter, .end:
          outcome.add(size: steps)
          try FuzzFailure.unless(machine.nextAction() == nil, "nothing comes after the end")
          return outcome
        }
      }
      try FuzzFailure.unless(isPlaying || machine.deadline < .distantFuture, "a flow waits for something that comes")
      now = now.advanced(byMilliseconds: Int64(random.below(4_000)))
      switch random.below(3) {
      case 0: machine.digit(DTMFDigit.allCases[random.below(DTMFDigit.allCases.count)], at: now)
      case 1 where isPlaying:
        isPlaying = false
        machine.promptEnded(at: now)
      default:
        now = max(now, machine.deadline < .distantFuture ? machine.deadline : now)
        machine.timeout(at: now)
      }
    }
    return outcome
  }
}
