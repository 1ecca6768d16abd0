/// What became of one POST.
package enum WebhookOutcome: Hashable, Sendable {
  case answered(status: Int)
  /// No answer: it may be there the next time.
  case failed(String)
  /// It was not sent, and never will be.
  case refused(String)

  package enum Verdict: Hashable, Sendable { case delivered, again, never }

  package var verdict: Verdict {
    switch self {
    case .answered(200..<300): .delivered
    // Too early, too often, or the receiver's own trouble.
    case .answered(408), .answered(425), .answered(429), .answered(500...), .failed: .again
    case .answered, .refused: .never
    }
  }

  /// For people.
  package var sentence: String {
    switch self {
    case .answered(let status): "\(status)"
    case .failed(let reason), .refused(let reason): reason
    }
  }
}
