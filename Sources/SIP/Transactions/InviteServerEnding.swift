/// How the server's side of an INVITE ended; only counters care.
enum InviteServerEnding: Hashable, Sendable {
  /// The usual way: acknowledged, or a 2xx whose ACK is its user's business.
  case acknowledged
  /// Timer H: a 3xx–6xx was never acknowledged.
  case unacknowledged
  /// The user never gave a final response.
  case unanswered
  case transportFailed
}
