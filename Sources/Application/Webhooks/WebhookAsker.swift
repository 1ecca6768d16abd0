import Primitives

/// Carries a POST whose answer is wanted; WebFront implements it with sockets.
package protocol WebhookAsker: Sendable {
  /// `token` goes into `Authorization: Bearer`. No redirect is followed. Returns when the whole answer is there, or when none will come:
  /// one longer than `limit` octets, or later than `timeout`, is none.
  func ask(
    _ body: [UInt8], at address: WebhookAddress, token: String, limit: Int, within timeout: Duration
  ) async -> WebhookReply
}
