/// Carries files to an object store; WebFront implements it with sockets.
package protocol UploadCarrier: Sendable {
  /// Sends so many octets of a file by PUT. `fields` go with it as they are. Returns when there is an answer, or when none
  /// will come.
  func put(
    _ path: String, octets: Int64, to endpoint: WebhookAddress, target: String, fields: [(name: String, value: String)]
  ) async -> WebhookOutcome
}
