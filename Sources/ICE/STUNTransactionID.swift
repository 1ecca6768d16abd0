import Primitives

/// The 96 bits by which a response finds its request: RFC 8489, section 5.
package struct STUNTransactionID: Hashable, Sendable, Codable {
  package var upper: UInt32
  package var lower: UInt64

  package init(upper: UInt32, lower: UInt64) {
    self.upper = upper
    self.lower = lower
  }

  package init(random: inout RandomSource) {
    self.init(upper: UInt32(truncatingIfNeeded: random.next()), lower: random.next())
  }
}
