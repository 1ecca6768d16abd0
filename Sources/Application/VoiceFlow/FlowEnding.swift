/// Why a voice flow ended the call; its word is the cause in events and call records.
package enum FlowEnding: String, Hashable, Sendable {
  case completed = "flow-ended"
  /// The caller gave no usable answer.
  case noAnswer = "flow-no-answer"
  case roomRefused = "flow-room-refused"
  /// Whom the caller was given to did not come.
  case transferFailed = "flow-transfer-failed"
  /// Its steps go in circles without a word.
  case endless = "flow-endless"
}
