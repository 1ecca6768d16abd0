/// What a page is given to let a player in.
struct RecordingTicket: Codable, Hashable {
  /// Goes into addresses as `ticket`.
  var ticket: String
  /// Seconds.
  var lifetime: Int
}
