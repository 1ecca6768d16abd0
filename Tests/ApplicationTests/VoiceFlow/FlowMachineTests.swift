import Application
import Conference
import Primitives
import Testing

@Suite struct FlowMachineTests {
  static let start = Instant.zero + .seconds(1)

  /// - Parameter unixTime: seconds, at the start.
  static func machine(
    _ blocks: [String: [FlowStep]], variables: [String: String] = [:], hours: [String: BusinessHours] = [:],
    unixTime: Int64 = 0
  ) -> FlowMachine {
    FlowMachine(
      VoiceFlow(name: "f", start: "main", blocks: blocks, hours: hours), language: "en", variables: variables,
      at: start, unixTime: unixTime)
  }

  /// What is to be done, without the trace.
  static func deeds(_ machine: inout FlowMachine) -> [FlowMachine.Action] {
    var deeds: [FlowMachine.Action] = []
    while let action = machine.nextAction() {
      if case .reach = action { continue }
      deeds.append(action)
    }
    return deeds
  }

  static func text(_ text: String) -> FlowText { FlowText(text) ?? FlowText("")! }

  static func key(_ machine: inout FlowMachine, _ digits: String, at now: Instant = start) {
    for character in digits { if let digit = DTMFDigit(character) { machine.digit(digit, at: now) } }
  }

  static let question = FlowQuestion(prompt: [.prompt("ask")])

  @Test func whatIsGatheredIsSaidAndLeadsIntoTheRoom() {
    let gathering = FlowGathering(variable: "order", question: Self.question, count: 4...8)
    var machine = Self.machine([
      "main": [
        .say([.prompt("welcome")], allowsBargeIn: true), .gather(gathering),
        .say([.prompt("your-order"), .digits(Self.text("$order"))], allowsBargeIn: true),
        .conference(Self.text("order-$order")),
      ]
    ])
    #expect(Self.deeds(&machine) == [.play(["welcome"], stopsOnDigit: true)])
    machine.promptEnded(at: Self.start + .seconds(1))
    #expect(Self.deeds(&machine) == [.play(["ask"], stopsOnDigit: true)])
    Self.key(&machine, "4711#")
    #expect(
      Self.deeds(&machine) == [
        .play(["your-order", "digit-4", "digit-7", "digit-1", "digit-1"], stopsOnDigit: true)
      ])
    #expect(machine.variables["order"] == "4711")
    machine.promptEnded(at: Self.start + .seconds(2))
    #expect(Self.deeds(&machine) == [.enter(room: "order-4711")])
    Self.key(&machine, "1#")
    machine.timeout(at: Self.start + .seconds(60))
    #expect(Self.deeds(&machine).isEmpty, "late keys change nothing")
  }

  @Test func keysBeforeTheQuestionAnswerIt() {
    let menu = FlowMenu(question: Self.question, choices: [.one: "b"])
    var machine = Self.machine([
      "main": [.say([.prompt("welcome")], allowsBargeIn: true), .menu(menu)],
      "b": [.gather(FlowGathering(variable: "n", question: Self.question, count: 2...2)), .hangUp],
    ])
    _ = Self.deeds(&machine)
    Self.key(&machine, "142")
    machine.promptEnded(at: Self.start + .seconds(1))
    #expect(Self.deeds(&machine) == [.end(.completed)])
    #expect(machine.variables["n"] == "42")
  }

  @Test func aPromptThatMayNotBeInterruptedSwallowsKeys() {
    var question = Self.question
    question.allowsBargeIn = false
    var machine = Self.machine([
      "main": [
        .say([.prompt("notice")], allowsBargeIn: false), .menu(FlowMenu(question: question, choices: [.one: "b"])),
      ],
      "b": [.hangUp],
    ])
    #expect(Self.deeds(&machine) == [.play(["notice"], stopsOnDigit: false)])
    Self.key(&machine, "1")
    machine.promptEnded(at: Self.start + .seconds(1))
    #expect(Self.deeds(&machine) == [.play(["ask"], stopsOnDigit: false)])
    Self.key(&machine, "1")
    #expect(Self.deeds(&machine).isEmpty, "the question is still being said")
    machine.promptEnded(at: Self.start + .seconds(2))
    Self.key(&machine, "1")
    #expect(Self.deeds(&machine) == [.end(.completed)])
  }

  @Test func wrongKeysAndSilenceAreAskedAgainAndEndPolitely() {
    var machine = Self.machine([
      "main": [.menu(FlowMenu(question: Self.question, choices: [.one: "main"]))]
    ])
    #expect(Self.deeds(&machine) == [.play(["ask"], stopsOnDigit: true)])
    Self.key(&machine, "5")
    #expect(Self.deeds(&machine) == [.play(["invalid-key", "ask"], stopsOnDigit: true)])
    machine.promptEnded(at: Self.start)
    #expect(machine.deadline == Self.start + .seconds(7))
    machine.timeout(at: machine.deadline)
    #expect(Self.deeds(&machine) == [.play(["no-input", "ask"], stopsOnDigit: true)])
    machine.promptEnded(at: Self.start + .seconds(9))
    machine.timeout(at: machine.deadline)
    #expect(Self.deeds(&machine) == [.play(["no-input", "goodbye"], stopsOnDigit: false)])
    machine.promptEnded(at: Self.start + .seconds(20))
    #expect(Self.deeds(&machine) == [.end(.noAnswer)])
  }

  @Test func tooManyTriesLeadElsewhereWhereTheAuthorSaysSo() {
    var question = Self.question
    question.tries = 1
    var machine = Self.machine([
      "main": [.gather(FlowGathering(variable: "n", question: question, count: 4...4, otherwise: "b"))],
      "b": [.say([.prompt("bye")], allowsBargeIn: false)],
    ])
    _ = Self.deeds(&machine)
    Self.key(&machine, "12#")
    #expect(Self.deeds(&machine) == [.play(["bye"], stopsOnDigit: false)])
    machine.promptEnded(at: Self.start + .seconds(1))
    #expect(Self.deeds(&machine) == [.end(.completed)])
  }

  @Test func aPauseCompletesDigits() {
    var machine = Self.machine([
      "main": [.gather(FlowGathering(variable: "n", question: Self.question, count: 1...8)), .hangUp]
    ])
    _ = Self.deeds(&machine)
    Self.key(&machine, "12")
    #expect(machine.deadline == Self.start + .seconds(3))
    machine.timeout(at: Self.start + .seconds(2))
    #expect(Self.deeds(&machine).isEmpty)
    machine.timeout(at: Self.start + .seconds(3))
    #expect(Self.deeds(&machine) == [.end(.completed)])
    #expect(machine.variables["n"] == "12")
  }

  @Test func circlesWithoutAWordAreEnded() {
    var bare = Self.machine(["main": [.go("main")]])
    #expect(Self.deeds(&bare) == [.end(.endless)])
    // A prompt that is not there is over in a moment, and so is a call that no route allows.
    let moment = Duration.milliseconds(1)
    var mute = Self.machine(["main": [.say([.prompt("missing")], allowsBargeIn: true), .go("main")]])
    var alone = Self.machine(["main": [.dial(Self.text("sip:x@y"), timeout: 20, otherwise: "main")]])
    var ends: [[FlowMachine.Action]] = [[], []]
    for count in 0..<500 {
      let now = Self.start + moment * count
      ends[0] += Self.deeds(&mute).filter { if case .end = $0 { true } else { false } }
      mute.promptEnded(at: now)
      ends[1] += Self.deeds(&alone).filter { if case .end = $0 { true } else { false } }
      alone.unanswered(cause: "403", at: now)
    }
    #expect(ends == [[.end(.endless)], [.end(.endless)]])
  }

  @Test func whoIsCalledAgainAndAgainMayTakeItsTime() {
    var machine = Self.machine(["main": [.dial(Self.text("sip:x@y"), timeout: 20, otherwise: "main")]])
    for count in 1...500 {
      #expect(Self.deeds(&machine) == [.dial(uri: "sip:x@y", timeout: 20)])
      machine.unanswered(cause: "486", at: Self.start + .seconds(count))
    }
  }

  @Test func branchesCompareAndLanguagesChange() {
    var machine = Self.machine(
      [
        "main": [
          .set("day", Self.text("2026-12-24")), .language(Self.text("de")),
          .branch(Self.text("$context.order"), equals: Self.text("4711"), then: "b"), .hangUp,
        ],
        "b": [
          .say([.date(Self.text("$day")), .time(Self.text("14:05")), .number(Self.text("21"))], allowsBargeIn: true)
        ],
      ], variables: ["context.order": "4711"])
    #expect(
      Self.deeds(&machine) == [
        .speak(language: "de"),
        .play(
          [
            "day-24", "month-12", "digit-2", "number-thousand", "digit-6", "number-and", "number-20", "number-14",
            "clock", "digit-5", "digit-1", "number-and", "number-20",
          ].replacingOne(), stopsOnDigit: true),
      ])
  }

  @Test func aMessageIsRecordedUntilItsKeyOrItsTime() {
    let steps: [FlowStep] = [
      .set("order", Self.text("4711")), .record(maximum: 60_000, end: .pound),
      .say([.prompt("thank-you")], allowsBargeIn: false),
    ]
    for isKeyed in [true, false] {
      var machine = Self.machine(["main": steps])
      #expect(Self.deeds(&machine) == [.record])
      Self.key(&machine, "12")
      machine.timeout(at: Self.start + .seconds(59))
      #expect(Self.deeds(&machine).isEmpty)
      if isKeyed { Self.key(&machine, "#") } else { machine.timeout(at: Self.start + .seconds(60)) }
      #expect(Self.deeds(&machine) == [.stopRecording, .play(["thank-you"], stopsOnDigit: false)])
      #expect(machine.learnt == ["order": "4711"])
    }
  }

  @Test func whoDoesNotAnswerLeavesTheCallerWithTheFlow() {
    let blocks: [String: [FlowStep]] = [
      "main": [
        .dial(Self.text("sip:$agent@x"), timeout: 20, otherwise: "busy"),
        .dial(Self.text("sip:b@x"), timeout: 9, otherwise: nil),
        .hangUp,
      ],
      "busy": [.branch(Self.text("$dial"), equals: Self.text("486"), then: "main"), .hangUp],
    ]
    var machine = Self.machine(blocks, variables: ["agent": "a"])
    #expect(Self.deeds(&machine) == [.dial(uri: "sip:a@x", timeout: 20)])
    machine.unanswered(cause: "486", at: Self.start)
    #expect(Self.deeds(&machine) == [.dial(uri: "sip:a@x", timeout: 20)])
    var other = machine
    other.answered()
    machine.unanswered(cause: "no-answer", at: Self.start)
    #expect(Self.deeds(&machine) == [.end(.completed)])
    other.unanswered(cause: "486", at: Self.start)
    #expect(Self.deeds(&other).isEmpty, "it was answered before")
  }

  @Test func aRoomThatRefusesIsToldAndEndsTheCall() {
    var machine = Self.machine(["main": [.conference(Self.text("full"))]])
    #expect(Self.deeds(&machine) == [.enter(room: "full")])
    machine.roomRefused(prompt: "room-full")
    #expect(Self.deeds(&machine) == [.play(["room-full", "goodbye"], stopsOnDigit: false)])
    machine.promptEnded(at: Self.start)
    #expect(Self.deeds(&machine) == [.end(.roomRefused)])
  }
}

extension [String] {
  /// German says *ein*undzwanzig.
  fileprivate func replacingOne() -> [String] {
    var list = self
    if let last = list.lastIndex(of: "digit-1") { list[last] = "number-one" }
    return list
  }
}
