import Conference

/// How a flow asks for digits.
package struct FlowGathering: Hashable, Sendable {
  /// The variable that takes them.
  package var variable: String
  package var question: FlowQuestion
  /// How many digits are right; the last one completes them at once.
  package var count: ClosedRange<Int>
  /// Completes them earlier.
  package var end: DTMFDigit
  /// After too many tries; nil: the call ends politely.
  package var otherwise: String?

  package init(
    variable: String, question: FlowQuestion, count: ClosedRange<Int> = 1...maximumDigits, end: DTMFDigit = .pound,
    otherwise: String? = nil
  ) {
    self.variable = variable
    self.question = question
    self.count = count
    self.end = end
    self.otherwise = otherwise
  }

  /// Digits that one step can ask for.
  package static let maximumDigits = 32
}
