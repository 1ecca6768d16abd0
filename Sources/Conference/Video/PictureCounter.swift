import RTP

/// Counts picture ids of 7 or 15 bits on without wrapping.
struct PictureCounter: Sendable {
  private var highest: Int64?

  /// The number nearest to the highest one so far.
  mutating func extend(_ picture: VP8Descriptor.PictureID) -> Int64 {
    let modulus: Int64
    switch picture {
    case .short: modulus = 0x80
    case .long: modulus = 0x8000
    }
    let wire = Int64(picture.value)
    guard let highest else {
      self.highest = wire
      return wire
    }
    let step = (wire &- highest) & (modulus &- 1)
    let value = step < modulus / 2 ? highest &+ step : highest &+ step &- modulus
    if value > highest { self.highest = value }
    return value
  }
}
