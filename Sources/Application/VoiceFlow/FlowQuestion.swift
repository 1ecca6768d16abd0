/// What a flow says when it wants keys, and how long it waits for them.
package struct FlowQuestion: Hashable, Sendable {
  package var prompt: [SpokenPart]
  /// Said before the question is asked again because the keys were wrong.
  package var invalid: [SpokenPart]
  /// Said before the question is asked again because no key came.
  package var silent: [SpokenPart]
  /// Of silence after the question, in milliseconds.
  package var timeout: Int64
  /// After a digit, in milliseconds: then the digits are complete.
  package var pause: Int64
  /// How often the question is asked at most.
  package var tries: Int
  /// Digits during the question count, and stop it; otherwise they are not heard.
  package var allowsBargeIn: Bool

  /// Everything that is said.
  var parts: [SpokenPart] { prompt + invalid + silent }

  package init(
    prompt: [SpokenPart], invalid: [SpokenPart] = [.prompt("invalid-key")],
    silent: [SpokenPart] = [.prompt("no-input")],
    timeout: Int64 = 7_000, pause: Int64 = 3_000, tries: Int = 3, allowsBargeIn: Bool = true
  ) {
    self.prompt = prompt
    self.invalid = invalid
    self.silent = silent
    self.timeout = timeout
    self.pause = pause
    self.tries = tries
    self.allowsBargeIn = allowsBargeIn
  }
}
