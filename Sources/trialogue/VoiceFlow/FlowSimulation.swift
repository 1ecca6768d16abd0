import Application
import Conference
import Primitives

/// A voice flow on the terminal: the same machine as for callers, in virtual time. The caller hears each prompt to its end and
/// then presses the next key.
struct FlowSimulation {
  /// What happened, in order.
  enum Event: Hashable {
    case reached(block: String, step: Int, keyword: String)
    case heard([String])
    case key(Character)
    /// The caller pressed nothing until the flow went on.
    case silence
    case language(String)
    case dialled(String)
    /// A program elsewhere, and how many steps it gave; nil: none came.
    case asked(String, steps: Int?)
    case recording(Bool)
    case room(String)
    case ended(String)
  }

  /// Keys, and `,` for silence.
  private var keys: [Character]
  private let isAnswered: Bool
  private var advice: SimulatedAdvice
  private var machine: FlowMachine
  private var now = Instant.zero
  private(set) var events: [Event] = []

  /// Nobody reads further.
  private static let maximumEvents = 10_000
  /// Of each prompt, in milliseconds.
  private static let promptTime: Int64 = 1_000

  /// - Parameters:
  ///   - unixTime: seconds, when the call comes.
  ///   - isAnswered: who is dialled is there.
  ///   - advice: what programs elsewhere say.
  init(
    _ flow: VoiceFlow, keys: String, language: String, variables: [String: String], unixTime: Int64 = 0,
    isAnswered: Bool = false, advice: SimulatedAdvice = SimulatedAdvice()
  ) {
    self.isAnswered = isAnswered
    self.advice = advice
    self.keys = Array(keys)
    machine = FlowMachine(flow, language: language, variables: variables, at: now, unixTime: unixTime)
  }

  /// What the flow has learnt.
  var variables: [String: String] { machine.variables }

  mutating func run() {
    while events.count < Self.maximumEvents {
      var isPlaying = false
      while let action = machine.nextAction() {
        switch action {
        case .reach(let block, let step, let keyword):
          events.append(.reached(block: block, step: step + 1, keyword: keyword))
        case .play(let prompts, _):
          events.append(.heard(prompts))
          isPlaying = true
        case .speak(let language): events.append(.language(language))
        case .dial(let uri, _):
          events.append(.dialled(uri))
          if isAnswered { return }
          machine.unanswered(cause: "no-answer", at: now)
        case .consult(let hook, let number, _):
          let answer = advice.next()
          let count: Int? = if case .steps(let steps) = answer { steps.count } else { nil }
          events.append(.asked("\(hook.address)", steps: count))
          machine.advised(answer, on: number, at: now)
        case .record: events.append(.recording(true))
        case .stopRecording: events.append(.recording(false))
        case .enter(let room): return events.append(.room(room))
        case .end(let ending): return events.append(.ended(ending.rawValue))
        }
      }
      if isPlaying {
        now = now.advanced(byMilliseconds: Self.promptTime)
        machine.promptEnded(at: now)
      } else {
        wait()
      }
    }
  }

  private mutating func wait() {
    guard !keys.isEmpty, case let key = keys.removeFirst(), let digit = DTMFDigit(key) else {
      events.append(.silence)
      now = max(now, machine.deadline)
      return machine.timeout(at: now)
    }
    events.append(.key(key))
    now = now.advanced(byMilliseconds: 200)
    machine.digit(digit, at: now)
  }
}

extension FlowSimulation.Event: CustomStringConvertible {
  var description: String {
    switch self {
    case .reached(let block, let step, let keyword): "\(block) \(step): \(keyword)"
    case .heard(let prompts): "  hears     \(prompts.isEmpty ? "(nothing)" : prompts.joined(separator: " "))"
    case .key(let key): "  presses   \(key)"
    case .silence: "  waits"
    case .language(let language): "  language  \(language)"
    case .dialled(let uri): "  calls     \(uri)"
    case .asked(let url, let steps): "  asks      \(url): \(steps.map { "\($0) steps" } ?? "no answer")"
    case .recording(let isOn): isOn ? "  records   the caller" : "  records   no longer"
    case .room(let room): "  enters    room \(room)"
    case .ended(let cause): "  ends      \(cause)"
    }
  }
}
