/// The place of a closed recording in the chain: what `recording.json` says of its line in the ledger (`LedgerLine`).
package struct RecordingSeal: Codable, Hashable, Sendable {
  /// Of the line, from 1.
  package var number: Int
  /// SHA-256 of the line before, of the recording's facts and of the line itself, in lower-case hex.
  package var previous: String
  package var facts: String
  package var hash: String

  package init(number: Int, previous: String, facts: String, hash: String) {
    self.number = number
    self.previous = previous
    self.facts = facts
    self.hash = hash
  }
}
