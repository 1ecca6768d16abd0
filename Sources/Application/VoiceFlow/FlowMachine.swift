import Conference
import Primitives

/// Leads one caller through a voice flow: digits, ends of prompts and time go in, actions come out.
///
/// ```
///  advance ── say ──► speaking ── heard ──► advance
///     │── dial ──► dialling ── answered ──► done, unanswered ──► advance
///     │── transfer ──► dialling ── answered ──► done, unanswered ──► good-bye
///     │── http ──► consulting ── advised, too late ──► advance
///     │── record ──► recording ── key, time over ──► advance
///     │── gather, menu ──► asking ── digits complete, key chosen ──► advance
///     │                      └── wrong or silent ──► asked again, at last `otherwise` or good-bye
///     └── conference, hangup, end of a block, good-bye ──► done
/// ```
package struct FlowMachine: Sendable {
  /// What the owner does for the machine.
  package enum Action: Hashable, Sendable {
    /// A step is reached: for traces.
    case reach(block: String, step: Int, keyword: String)
    /// Plays prompts to the caller; `stopsOnDigit`: any digit stops them. `promptEnded` follows in either case.
    case play([String], stopsOnDigit: Bool)
    /// Calls somebody; answered by `answered`, or by `unanswered`.
    case dial(uri: String, timeout: Int)
    /// Records the caller from now on, and until `stopRecording` or the end of the call.
    case record
    case stopRecording
    /// Asks a program elsewhere what comes next; answered by `advised` with the same number.
    case consult(FlowHook, number: Int, block: String)
    /// Prompts are in this language from now on.
    case speak(language: String)
    case enter(room: String)
    /// The caller has heard everything: hang up.
    case end(FlowEnding)
  }

  private struct Place: Hashable, Sendable {
    var block: String
    var step = 0
  }

  /// Who does not come, and what then.
  private enum Absence: Hashable, Sendable {
    case leads(to: String?)
    case ends
  }

  private enum State: Hashable, Sendable {
    case ready
    /// Plays; `allowsBargeIn`: a digit ends it and is kept for the step after it.
    case speaking(allowsBargeIn: Bool, since: Instant)
    case asking(FlowInquiry)
    case dialling(Absence, since: Instant)
    /// Waits for an answer of that number.
    case consulting(Int, otherwise: String?)
    case recording(end: DTMFDigit)
    /// The last words.
    case leaving(FlowEnding)
    case done
  }

  /// Steps without a prompt, a key or a call between them: a flow that goes in circles is ended.
  private static let maximumStride = 200
  /// What is over sooner was no prompt, because nothing was there to play, and no call, because nobody may be called so.
  private static let shortest = Duration.milliseconds(100)
  /// Steps that were advised and are not yet done.
  private static let maximumAdvised = 1_000
  /// Names that steps give values to.
  private static let maximumVariables = 200

  package let flow: VoiceFlow
  private var place: Place
  private var state = State.ready
  private var language: String
  /// What the caller keyed in before it was asked.
  private var early: [DTMFDigit] = []
  private var stride = 0
  /// What a program elsewhere said, before the flow goes on.
  private var advised: [FlowStep] = []
  private var consultations = 0
  /// Seconds since 1970 at the zero of the machine's time.
  private let epoch: Int64
  private var actions: [Action] = []
  /// By name: those of the call (`caller`, `context.…`) and those that steps set.
  package private(set) var variables: [String: String]
  /// What steps have set, without what was known before.
  package private(set) var learnt: [String: String] = [:]
  /// When `timeout(at:)` wants to be called.
  package private(set) var deadline: Instant = .distantFuture

  /// - Parameters:
  ///   - language: of the call, where the flow does not say another.
  ///   - variables: what is known of the call.
  ///   - unixTime: seconds at `now`, for business hours.
  package init(
    _ flow: VoiceFlow, language: String, variables: [String: String] = [:], at now: Instant, unixTime: Int64
  ) {
    self.flow = flow
    epoch = unixTime &- now.nanoseconds / 1_000_000_000
    self.language = flow.language ?? language
    self.variables = variables
    place = Place(block: flow.start)
    if flow.language != nil { actions.append(.speak(language: self.language)) }
    advance(at: now)
  }

  package mutating func nextAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

  /// A key of the caller.
  package mutating func digit(_ digit: DTMFDigit, at now: Instant) {
    switch state {
    case .ready, .dialling, .leaving, .done: return
    case .speaking(let allowsBargeIn, _): if allowsBargeIn { keep(digit) }
    case .consulting: keep(digit)
    case .recording(let end): if digit == end { stopRecording(at: now) }
    case .asking(var inquiry):
      // A question that may not be interrupted does not hear keys before its end.
      if inquiry.isSpeaking, !inquiry.question.allowsBargeIn { return }
      let outcome = inquiry.take(digit)
      state = .asking(inquiry)
      deadline = now.advanced(byMilliseconds: inquiry.question.pause)
      settle(outcome, inquiry, at: now)
    }
  }

  /// The prompts of the last `play` have been heard, or were stopped.
  package mutating func promptEnded(at now: Instant) {
    switch state {
    case .ready, .dialling, .consulting, .recording, .done: return
    case .speaking(_, let since):
      state = .ready
      if now >= since + Self.shortest { stride = 0 }
      advance(at: now)
    case .asking(var inquiry):
      guard inquiry.isSpeaking else { return }
      inquiry.isSpeaking = false
      if inquiry.digits.isEmpty { deadline = now.advanced(byMilliseconds: inquiry.question.timeout) }
      state = .asking(inquiry)
    case .leaving(let ending): finish(ending)
    }
  }

  package mutating func timeout(at now: Instant) {
    guard now >= deadline else { return }
    deadline = .distantFuture
    switch state {
    case .asking(let inquiry): settle(inquiry.digits.isEmpty ? .silent : inquiry.complete, inquiry, at: now)
    case .recording: stopRecording(at: now)
    case .consulting(_, let otherwise): goOn(unadvised: "timeout", otherwise, at: now)
    case .ready, .speaking, .dialling, .leaving, .done: return
    }
  }

  /// Who was called is there: the flow has done its part.
  package mutating func answered() {
    guard case .dialling = state else { return }
    state = .done
  }

  /// Who was called does not come; the flow can tell by `$dial` why: `486`, `no-answer`.
  package mutating func unanswered(cause: String, at now: Instant) {
    guard case .dialling(let absence, let since) = state else { return }
    variables["dial"] = cause
    if now >= since + Self.shortest { stride = 0 }
    switch absence {
    case .leads(let block):
      if let block { jump(to: block) }
      state = .ready
      advance(at: now)
    case .ends:
      state = .leaving(.transferFailed)
      actions.append(.play(["transfer-failed", "goodbye"], stopsOnDigit: false))
    }
  }

  /// What the program said that was asked; late answers, and those to another question, change nothing. The flow can tell by
  /// `$http` how it went: `ok`, `timeout`, `failed`.
  package mutating func advised(_ advice: FlowAdvice, on number: Int, at now: Instant) {
    guard case .consulting(number, let otherwise) = state else { return }
    guard case .steps(let steps) = advice, flow.knows(steps), advised.count + steps.count <= Self.maximumAdvised else {
      return goOn(unadvised: "failed", otherwise, at: now)
    }
    variables["http"] = "ok"
    advised = steps + advised
    deadline = .distantFuture
    state = .ready
    advance(at: now)
  }

  private mutating func goOn(unadvised cause: String, _ otherwise: String?, at now: Instant) {
    variables["http"] = cause
    if let otherwise { jump(to: otherwise) }
    deadline = .distantFuture
    state = .ready
    advance(at: now)
  }

  private mutating func keep(_ digit: DTMFDigit) {
    if early.count < FlowGathering.maximumDigits { early.append(digit) }
  }

  /// Elsewhere; what was advised before is forgotten.
  private mutating func jump(to block: String) {
    place = Place(block: block)
    advised = []
  }

  /// The room could not be entered: the flow says so and ends.
  package mutating func roomRefused(prompt: String) {
    state = .leaving(.roomRefused)
    actions.append(.play([prompt, "goodbye"], stopsOnDigit: false))
  }

  /// Goes on until something must be waited for.
  private mutating func advance(at now: Instant) {
    while case .ready = state {
      guard let step = advised.isEmpty ? nextStep() : advised.removeFirst() else { return finish(.completed) }
      guard stride < Self.maximumStride else { return finish(.endless) }
      stride += 1
      // What was advised stands at the place of the step that asked.
      actions.append(.reach(block: place.block, step: max(0, place.step - 1), keyword: step.keyword))
      perform(step, at: now)
    }
  }

  /// Of the file.
  private mutating func nextStep() -> FlowStep? {
    guard let steps = flow.blocks[place.block], steps.indices.contains(place.step) else { return nil }
    defer { place.step += 1 }
    return steps[place.step]
  }

  private mutating func perform(_ step: FlowStep, at now: Instant) {
    switch step {
    case .say(let parts, let allowsBargeIn):
      state = .speaking(allowsBargeIn: allowsBargeIn, since: now)
      actions.append(.play(prompts(parts), stopsOnDigit: allowsBargeIn))
    case .gather(let gathering): ask(FlowInquiry(.digits(gathering)), saying: [], at: now)
    case .menu(let menu): ask(FlowInquiry(.key(menu)), saying: [], at: now)
    case .dial(let uri, let timeout, let otherwise):
      dial(uri, timeout, .leads(to: otherwise), at: now)
    case .transfer(let uri, let timeout): dial(uri, timeout, .ends, at: now)
    case .consult(let hook):
      consultations += 1
      state = .consulting(consultations, otherwise: hook.otherwise)
      deadline = now.advanced(byMilliseconds: hook.timeout)
      actions.append(.consult(hook, number: consultations, block: place.block))
    case .hours(let name, let open, let closed):
      let isOpen = flow.hours[name]?.isOpen(at: epoch &+ now.nanoseconds / 1_000_000_000) ?? false
      variables["hours"] = isOpen ? "open" : "closed"
      if let block = isOpen ? open : closed { jump(to: block) }
    case .record(let maximum, let end):
      state = .recording(end: end)
      stride = 0
      deadline = now.advanced(byMilliseconds: maximum)
      actions.append(.record)
    case .language(let text):
      let tag = text.filled(with: variables)
      guard NamePattern.isPlainName(tag) else { return }
      language = tag
      actions.append(.speak(language: tag))
    case .set(let name, let text): learn(text.filled(with: variables), as: name)
    case .branch(let text, let other, let block):
      if text.filled(with: variables) == other.filled(with: variables) { jump(to: block) }
    case .go(let block): jump(to: block)
    case .conference(let room):
      state = .done
      actions.append(.enter(room: room.filled(with: variables)))
    case .hangUp: finish(.completed)
    }
  }

  /// Asks, or takes what was keyed in before the question.
  private mutating func ask(_ inquiry: FlowInquiry, saying words: [SpokenPart], at now: Instant) {
    stride = 0
    deadline = .distantFuture
    state = .asking(inquiry)
    let waiting = early
    early.removeAll()
    if inquiry.question.allowsBargeIn, !waiting.isEmpty {
      var answered = inquiry
      answered.isSpeaking = false
      for (index, digit) in waiting.enumerated() {
        let outcome = answered.take(digit)
        guard outcome != .open else { continue }
        early = Array(waiting.dropFirst(index + 1))
        return settle(outcome, answered, at: now)
      }
      state = .asking(answered)
      deadline = now.advanced(byMilliseconds: inquiry.question.pause)
      return
    }
    actions.append(.play(prompts(words + inquiry.question.prompt), stopsOnDigit: inquiry.question.allowsBargeIn))
  }

  private mutating func settle(_ outcome: FlowInquiry.Outcome, _ inquiry: FlowInquiry, at now: Instant) {
    switch outcome {
    case .open: return
    case .digits(let variable, let digits):
      learn(digits, as: variable)
      state = .ready
    case .chosen(let block):
      jump(to: block)
      state = .ready
    case .wrong: return again(inquiry, saying: inquiry.question.invalid, at: now)
    case .silent: return again(inquiry, saying: inquiry.question.silent, at: now)
    }
    deadline = .distantFuture
    stride = 0
    advance(at: now)
  }

  private mutating func again(_ inquiry: FlowInquiry, saying words: [SpokenPart], at now: Instant) {
    var next = inquiry
    next.failures += 1
    guard next.failures >= inquiry.question.tries else {
      return ask(next.askedAgain, saying: words, at: now)
    }
    deadline = .distantFuture
    if let block = inquiry.otherwise {
      jump(to: block)
      state = .ready
      advance(at: now)
    } else {
      state = .leaving(.noAnswer)
      actions.append(.play(prompts(words) + ["goodbye"], stopsOnDigit: false))
    }
  }

  private mutating func dial(_ uri: FlowText, _ timeout: Int, _ absence: Absence, at now: Instant) {
    state = .dialling(absence, since: now)
    actions.append(.dial(uri: uri.filled(with: variables), timeout: timeout))
  }

  private mutating func learn(_ value: String, as name: String) {
    guard learnt[name] != nil || learnt.count < Self.maximumVariables else { return }
    variables[name] = value
    learnt[name] = value
  }

  private mutating func stopRecording(at now: Instant) {
    deadline = .distantFuture
    state = .ready
    actions.append(.stopRecording)
    advance(at: now)
  }

  private func prompts(_ parts: [SpokenPart]) -> [String] {
    let spoken = SpokenLanguage(tag: language)
    return parts.flatMap { spoken.prompts(of: $0, values: variables) }
  }

  private mutating func finish(_ ending: FlowEnding) {
    state = .done
    deadline = .distantFuture
    actions.append(.end(ending))
  }
}
