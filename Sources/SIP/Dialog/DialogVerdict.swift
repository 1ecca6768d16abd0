/// What a dialog says to a request within it: RFC 3261, section 12.2.2.
package enum DialogVerdict: Hashable, Sendable {
  case accepted
  /// Its CSeq is lower than the last one's: answer 500.
  case outOfOrder
  /// Its CSeq cannot be read, or its tags or Call-ID are another dialog's: answer 400 or 481.
  case foreign
}
