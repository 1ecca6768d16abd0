import Primitives

/// Nobody is asked.
package struct NoFlowAdviser: FlowAdviser {
  package init() {}

  package func advice(
    on situation: FlowSituation, from address: WebhookAddress, within timeout: Duration
  ) async -> FlowAdvice {
    .failed("nobody may be asked here")
  }
}
