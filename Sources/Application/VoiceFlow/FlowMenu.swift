import Conference

/// A choice by one key.
package struct FlowMenu: Hashable, Sendable {
  package var question: FlowQuestion
  /// Key → block.
  package var choices: [DTMFDigit: String]
  /// After too many tries; nil: the call ends politely.
  package var otherwise: String?

  package init(question: FlowQuestion, choices: [DTMFDigit: String], otherwise: String? = nil) {
    self.question = question
    self.choices = choices
    self.otherwise = otherwise
  }
}
