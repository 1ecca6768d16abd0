import Primitives

/// Asks a program elsewhere for the next steps of a flow.
package protocol FlowAdviser: Sendable {
  /// Returns when there is an answer, or when none will come.
  func advice(on situation: FlowSituation, from address: WebhookAddress, within timeout: Duration) async -> FlowAdvice
}
