/// Which counts a nonce was used with: the highest one and the 63 before it, as the replay window of RFC 4303, section
/// 3.4.3, does for packets. UDP may reorder requests, so order is not asked for.
struct NonceUse: Hashable, Sendable {
  private var highest: UInt32 = 0
  /// Bit n is set if `highest` − n was used.
  private var window: UInt64 = 0

  /// False if the count was used before, is too old to know, or is zero.
  mutating func take(_ count: UInt32) -> Bool {
    guard count > 0 else { return false }
    if count > highest {
      let step = count - highest
      window = step < 64 ? window << UInt64(step) | 1 : 1
      highest = count
      return true
    }
    let back = highest - count
    guard back < 64, window & (1 << UInt64(back)) == 0 else { return false }
    window |= 1 << UInt64(back)
    return true
  }
}
