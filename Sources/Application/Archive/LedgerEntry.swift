/// What a line of the ledger is about, before it has its place.
package struct LedgerEntry: Hashable, Sendable {
  package var event: LedgerLine.Event
  package var id: String
  package var directory: String?
  package var facts: String?
  package var at: String
  package var by: String?
  package var reason: String?

  package init(
    _ event: LedgerLine.Event, id: String, at: String, directory: String? = nil, facts: String? = nil,
    by: String? = nil, reason: String? = nil
  ) {
    self.event = event
    self.id = id
    self.at = at
    self.directory = directory
    self.facts = facts
    self.by = by
    self.reason = reason
  }
}
