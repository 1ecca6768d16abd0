import Primitives

/// Small choices, cheaper than the standard library's in a debug build; their tiny bias does not matter here.
extension RandomSource {
  /// 0 to `limit` − 1; 0 if `limit` is not positive.
  package mutating func below(_ limit: Int) -> Int {
    limit > 1 ? Int(truncatingIfNeeded: next() >> 33) % limit : 0
  }

  package mutating func inside(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// True once in `count` times.
  package mutating func once(in count: Int) -> Bool { below(count) == 0 }

  package mutating func octet() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 40) }

  package mutating func octets(_ count: Int) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(max(count, 0))
    var bits: UInt64 = 0
    for index in 0..<max(count, 0) {
      if index & 7 == 0 { bits = next() }
      octets.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
    }
    return octets
  }

  /// One of some; nil only if there are none.
  package mutating func one<Element>(of elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }
}
