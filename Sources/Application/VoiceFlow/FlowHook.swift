/// A program elsewhere that a flow asks for its next steps.
package struct FlowHook: Hashable, Sendable {
  package var address: WebhookAddress
  /// For its answer, in milliseconds.
  package var timeout: Int64
  /// Without an answer of use; nil: the flow goes on.
  package var otherwise: String?

  package init(address: WebhookAddress, timeout: Int64 = 5_000, otherwise: String? = nil) {
    self.address = address
    self.timeout = timeout
    self.otherwise = otherwise
  }
}
