/// What came back of a POST whose answer is wanted.
package enum WebhookReply: Hashable, Sendable {
  case answered(status: Int, body: [UInt8])
  /// For people.
  case failed(String)
}
