import Conference

/// A question that waits for its answer.
struct FlowInquiry: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    case digits(FlowGathering)
    case key(FlowMenu)
  }

  enum Outcome: Hashable, Sendable {
    /// More may come.
    case open
    case digits(variable: String, String)
    case chosen(block: String)
    case wrong
    case silent
  }

  let kind: Kind
  var failures = 0
  /// The question is being said.
  var isSpeaking = true
  private(set) var digits = ""

  init(_ kind: Kind) { self.kind = kind }

  var question: FlowQuestion {
    switch kind {
    case .digits(let gathering): gathering.question
    case .key(let menu): menu.question
    }
  }

  /// Where it goes after too many tries.
  var otherwise: String? {
    switch kind {
    case .digits(let gathering): gathering.otherwise
    case .key(let menu): menu.otherwise
    }
  }

  /// The same without what was keyed in.
  var askedAgain: FlowInquiry {
    var again = FlowInquiry(kind)
    again.failures = failures
    return again
  }

  mutating func take(_ digit: DTMFDigit) -> Outcome {
    switch kind {
    case .key(let menu): return menu.choices[digit].map { .chosen(block: $0) } ?? .wrong
    case .digits(let gathering):
      if digit == gathering.end { return complete }
      digits.append(digit.character)
      return digits.utf8.count >= gathering.count.upperBound ? complete : .open
    }
  }

  /// What was keyed in, if it is enough.
  var complete: Outcome {
    switch kind {
    case .key: .wrong
    case .digits(let gathering):
      gathering.count.contains(digits.utf8.count) ? .digits(variable: gathering.variable, digits) : .wrong
    }
  }
}
