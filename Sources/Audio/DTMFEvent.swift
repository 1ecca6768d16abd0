/// What a `DTMFDetector` heard. Digits are event codes of RFC 4733, section 3.2 (0 … 15).
package enum DTMFEvent: Sendable, Hashable {
  /// A digit has lasted long enough to count.
  case began(UInt8)
  /// It is over; its length in milliseconds, to within a few.
  case ended(UInt8, milliseconds: Int)
}
