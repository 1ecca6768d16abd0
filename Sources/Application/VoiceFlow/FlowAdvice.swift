/// What came of asking a program elsewhere.
package enum FlowAdvice: Hashable, Sendable {
  /// To be done before the flow goes on.
  case steps([FlowStep])
  /// For people.
  case failed(String)

  /// Steps of one answer at most.
  package static let maximumSteps = 100
}
