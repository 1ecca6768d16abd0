import Application
import Conference
import Primitives
import Testing

/// Steps that ask a program elsewhere, the clock, or somebody to take the caller.
@Suite struct FlowConsultationTests {
  private typealias Flow = FlowMachineTests
  private static let address = WebhookAddress("https://crm.example/next")
  private static let bye = FlowStep.say([.prompt("bye")], allowsBargeIn: false)

  private static func hook(otherwise: String? = nil) throws -> FlowHook {
    FlowHook(address: try #require(address), timeout: 4_000, otherwise: otherwise)
  }

  @Test func whatIsAdvisedIsDoneBeforeTheFlowGoesOn() throws {
    let hook = try Self.hook()
    var machine = Flow.machine(["main": [.consult(hook), Self.bye], "people": [.conference(Flow.text("support"))]])
    #expect(Flow.deeds(&machine) == [.consult(hook, number: 1, block: "main")])
    #expect(machine.deadline == Flow.start + .seconds(4))
    machine.advised(
      .steps([.set("agent", Flow.text("7")), .say([.prompt("welcome")], allowsBargeIn: false)]), on: 1,
      at: Flow.start + .seconds(1))
    #expect(Flow.deeds(&machine) == [.play(["welcome"], stopsOnDigit: false)])
    #expect(machine.deadline == .distantFuture)
    machine.promptEnded(at: Flow.start + .seconds(2))
    #expect(Flow.deeds(&machine) == [.play(["bye"], stopsOnDigit: false)])
    #expect(machine.variables["http"] == "ok" && machine.learnt == ["agent": "7"])
  }

  @Test func anAnswerMayLeadElsewhereAndTheRestOfItIsForgotten() throws {
    var machine = Flow.machine([
      "main": [.consult(try Self.hook()), Self.bye], "people": [.conference(Flow.text("support"))],
    ])
    _ = Flow.deeds(&machine)
    machine.advised(.steps([.go("people"), .hangUp]), on: 1, at: Flow.start)
    #expect(Flow.deeds(&machine) == [.enter(room: "support")])
  }

  @Test func withoutAnAnswerItGoesToItsBlockOrOn() throws {
    let blocks = { (otherwise: String?) throws -> [String: [FlowStep]] in
      ["main": [.consult(try Self.hook(otherwise: otherwise)), Self.bye], "alone": [.hangUp]]
    }
    for (otherwise, deed) in [
      (nil, FlowMachine.Action.play(["bye"], stopsOnDigit: false)), ("alone", .end(.completed)),
    ] {
      var late = Flow.machine(try blocks(otherwise))
      _ = Flow.deeds(&late)
      late.timeout(at: Flow.start + .seconds(3))
      #expect(Flow.deeds(&late).isEmpty)
      late.timeout(at: Flow.start + .seconds(4))
      #expect(Flow.deeds(&late) == [deed])
      #expect(late.variables["http"] == "timeout")
      late.advised(.steps([.conference(Flow.text("support"))]), on: 1, at: Flow.start + .seconds(5))
      #expect(Flow.deeds(&late).isEmpty, "too late")

      var failing = Flow.machine(try blocks(otherwise))
      _ = Flow.deeds(&failing)
      failing.advised(.failed("answered 500"), on: 1, at: Flow.start)
      #expect(Flow.deeds(&failing) == [deed])
      #expect(failing.variables["http"] == "failed")
    }
  }

  /// Blocks and hours are those of the file; nothing else can be named.
  @Test(arguments: [
    [FlowStep.go("nowhere")], [.hours("shop", open: nil, closed: "main")],
    Array(repeating: FlowStep.hangUp, count: 1_001),
  ])
  func anAnswerThatCannotBeFollowedIsNone(_ steps: [FlowStep]) throws {
    var machine = Flow.machine(["main": [.consult(try Self.hook()), Self.bye]])
    _ = Flow.deeds(&machine)
    machine.advised(.steps(steps), on: 1, at: Flow.start)
    #expect(Flow.deeds(&machine) == [.play(["bye"], stopsOnDigit: false)])
    #expect(machine.variables["http"] == "failed")
  }

  @Test func anAnswerToAnotherQuestionIsNotForThisOne() throws {
    let hook = try Self.hook()
    var machine = Flow.machine(["main": [.consult(hook), .consult(hook), Self.bye]])
    _ = Flow.deeds(&machine)
    machine.timeout(at: Flow.start + .seconds(4))
    #expect(Flow.deeds(&machine) == [.consult(hook, number: 2, block: "main")])
    machine.advised(.steps([.hangUp]), on: 1, at: Flow.start + .seconds(5))
    #expect(Flow.deeds(&machine).isEmpty, "that was the first question's")
    machine.advised(.steps([]), on: 2, at: Flow.start + .seconds(5))
    #expect(Flow.deeds(&machine) == [.play(["bye"], stopsOnDigit: false)])
  }

  @Test func aProgramThatIsAskedForEverIsAskedNoMore() throws {
    let hook = try Self.hook()
    var machine = Flow.machine(["main": [.consult(hook)]])
    var asked = 0
    var deeds = Flow.deeds(&machine)
    while case .consult(_, let number, _)? = deeds.last, asked < 1_000 {
      asked += 1
      machine.advised(.steps([.consult(hook)]), on: number, at: Flow.start)
      deeds = Flow.deeds(&machine)
    }
    #expect(deeds == [.end(.endless)] && asked == 200)
  }

  @Test func keysThatComeMeanwhileAnswerTheNextQuestion() throws {
    var machine = Flow.machine([
      "main": [
        .consult(try Self.hook()),
        .gather(FlowGathering(variable: "n", question: FlowMachineTests.question, count: 2...2)), .hangUp,
      ]
    ])
    _ = Flow.deeds(&machine)
    Flow.key(&machine, "42")
    machine.advised(.steps([]), on: 1, at: Flow.start)
    #expect(Flow.deeds(&machine) == [.end(.completed)])
    #expect(machine.variables["n"] == "42")
  }

  /// 2026-11-24 is a Tuesday; the machine counts time from its start.
  @Test func hoursAreThoseOfTheMomentThatTheStepIsReached() throws {
    let blocks: [String: [FlowStep]] = [
      "main": [
        .say([.prompt("welcome")], allowsBargeIn: false), .hours("shop", open: nil, closed: "night"),
        .conference(Flow.text("support")),
      ],
      "night": [.branch(Flow.text("$hours"), equals: Flow.text("closed"), then: "mailbox")],
      "mailbox": [.record(maximum: 1_000, end: .pound)],
    ]
    let hours = ["shop": try BusinessHoursTests.shop()]
    let begin = try BusinessHoursTests.unix("2026-11-24T07:59")
    for (seconds, deed) in [(Int64(59), FlowMachine.Action.record), (60, .enter(room: "support"))] {
      var machine = Flow.machine(blocks, hours: hours, unixTime: begin)
      _ = Flow.deeds(&machine)
      machine.promptEnded(at: Flow.start.advanced(byMilliseconds: seconds * 1_000))
      #expect(Flow.deeds(&machine) == [deed])
    }
  }

  @Test func whoIsGivenAwayIsToldIfNobodyComes() {
    var machine = Flow.machine(
      ["main": [.transfer(Flow.text("sip:$context.agent@x"), timeout: 20), Self.bye]], variables: ["context.agent": "a"]
    )
    #expect(Flow.deeds(&machine) == [.dial(uri: "sip:a@x", timeout: 20)])
    var taken = machine
    taken.answered()
    #expect(Flow.deeds(&taken).isEmpty)
    machine.unanswered(cause: "486", at: Flow.start)
    #expect(Flow.deeds(&machine) == [.play(["transfer-failed", "goodbye"], stopsOnDigit: false)])
    machine.promptEnded(at: Flow.start + .seconds(3))
    #expect(Flow.deeds(&machine) == [.end(.transferFailed)])
  }

  @Test func theLanguageMayComeFromTheContextAndMustLookLikeOne() {
    for (value, deeds) in [
      ("de", [FlowMachine.Action.speak(language: "de"), .end(.completed)]), ("../x", [.end(.completed)]),
    ] {
      var machine = Flow.machine(
        ["main": [.language(Flow.text("$context.language"))]], variables: ["context.language": value])
      #expect(Flow.deeds(&machine) == deeds)
    }
  }
}
