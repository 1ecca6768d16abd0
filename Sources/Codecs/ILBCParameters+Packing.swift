// The bit stream of a frame: three passes over its values, one for each class (RFC 3951, section 3.8).

extension ILBCParameters {
  private var splits: [ILBCBitTable.Split] {
    switch frame {
    case .twentyMilliseconds: ILBCBitTable.twentyMilliseconds
    case .thirtyMilliseconds: ILBCBitTable.thirtyMilliseconds
    }
  }

  /// Writes the frame's octets from `place`.
  func write(to payload: inout MutableSpan<UInt8>, at place: Int) {
    let splits = splits.span
    var place = place
    /// Bits that wait for the rest of their octet.
    var waiting: UInt32 = 0
    var width: UInt32 = 0
    for rank in 0..<3 {
      for index in 0..<count {
        let split = splits[index]
        let bits = UInt32(split[rank])
        let below = rank == 0 ? split.y &+ split.z : rank == 1 ? split.z : 0
        waiting = waiting &<< bits | (UInt32(values[index]) &>> UInt32(below)) & (1 &<< bits &- 1)
        width = width &+ bits
        if width >= 8 {
          width = width &- 8
          payload[place] = UInt8(truncatingIfNeeded: waiting &>> width)
          place = place &+ 1
        }
      }
    }
    // Seven bits and the empty frame bit, which is zero, are the last octet.
    payload[place] = UInt8(truncatingIfNeeded: waiting &<< 1)
  }

  /// Reads a frame; nil if it says of itself that it is empty, or if its start state lies nowhere.
  init?(_ payload: Span<UInt8>, frame: ILBCFrame) {
    self.init(frame: frame)
    guard payload.count == frame.octets, payload[frame.octets &- 1] & 1 == 0 else { return nil }
    let splits = splits.span
    var place = 0
    var waiting: UInt32 = 0
    var width: UInt32 = 0
    for rank in 0..<3 {
      for index in 0..<count {
        let bits = UInt32(splits[index][rank])
        if width < bits {
          waiting = waiting &<< 8 | UInt32(payload[place])
          place = place &+ 1
          width = width &+ 8
        }
        width = width &- bits
        let piece = (waiting &>> width) & (1 &<< bits &- 1)
        values[index] = values[index] &<< UInt8(truncatingIfNeeded: bits) | UInt8(truncatingIfNeeded: piece)
      }
    }
    guard (1..<frame.subblocks).contains(start) else { return nil }
  }
}
