/// The end of the chain: whoever keeps it elsewhere can tell later that nothing before it was changed.
package struct LedgerHead: Codable, Hashable, Sendable {
  /// Lines so far.
  package var number: Int
  /// Of the last one; zeros of an empty chain.
  package var hash: String

  package static let beginning = LedgerHead(number: 0, hash: LedgerLine.beginning)

  package init(number: Int, hash: String) {
    self.number = number
    self.hash = hash
  }
}
