/// Carries a POST to a webhook; WebFront implements it with sockets.
package protocol WebhookCarrier: Sendable {
  /// `token` goes into `Authorization: Bearer`. Returns when there is an answer, or when none will come.
  func post(_ body: [UInt8], to address: WebhookAddress, token: String) async -> WebhookOutcome
}
