/// The transactions of the checks that were taken with one generation's credentials: a check that was captured and is sent
/// again from elsewhere is not the peer's (RFC 8445, section 19.2).
///
/// A browser sends a check every 2.5 s, so the memory of the last 8,192 reaches back more than five hours; it grows as
/// checks come, to 64 KiB at most, and then the oldest makes room.
struct SeenTransactions: Hashable, Sendable, Codable {
  static let maximum = 8_192

  private var marks: [UInt64] = []
  /// Where the oldest is, once there are `maximum`.
  private var oldest = 0

  func contains(_ transaction: STUNTransactionID) -> Bool { marks.contains(transaction.mark) }

  mutating func insert(_ transaction: STUNTransactionID) {
    guard marks.count >= Self.maximum, marks.indices.contains(oldest) else { return marks.append(transaction.mark) }
    marks[oldest] = transaction.mark
    oldest = (oldest &+ 1) % Self.maximum
  }
}

extension STUNTransactionID {
  /// 64 bits of the 96, to which all of them add.
  var mark: UInt64 { lower ^ UInt64(upper) &* 0x9E37_79B9_7F4A_7C15 }
}
