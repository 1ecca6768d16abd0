/// A generic NACK: packets that did not come; RFC 4585, section 6.2.1. Transport layer, format 1.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |            PID                |             BLP               |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
/// PID is the first missing one; bit i of BLP says that PID + i + 1 is missing too.
package struct NegativeAcknowledgement: Hashable, Sendable {
  static let format: UInt8 = 1
  /// More than this many at once are past repair: the rest is left out.
  package static let maximumCount = 512

  package var sender: UInt32
  package var media: UInt32
  /// In the order of the message.
  package var sequences: [UInt16]

  package init(sender: UInt32, media: UInt32, sequences: [UInt16]) {
    self.sender = sender
    self.media = media
    self.sequences = sequences
  }

  /// Nil for other feedback.
  package init?(_ feedback: Feedback) {
    guard feedback.layer == .transport, feedback.format == Self.format, feedback.information.count >= 4 else {
      return nil
    }
    var sequences: [UInt16] = []
    let octets = feedback.information.span
    var offset = 0
    while offset &+ 4 <= octets.count {
      let first = RTPHeader.bigEndian16(octets, offset)
      let mask = RTPHeader.bigEndian16(octets, offset &+ 2)
      offset &+= 4
      if sequences.count < Self.maximumCount { sequences.append(first) }
      for bit: UInt16 in 0..<16 where mask >> bit & 1 != 0 && sequences.count < Self.maximumCount {
        sequences.append(first &+ bit &+ 1)
      }
    }
    self.init(sender: feedback.sender, media: feedback.media, sequences: sequences)
  }

  /// The message; neighbours (up to 16 behind a number) share an entry.
  package var feedback: Feedback {
    var information: [UInt8] = []
    var index = 0
    while index < sequences.count {
      let first = sequences[index]
      var mask: UInt16 = 0
      index &+= 1
      while index < sequences.count {
        let step = sequences[index] &- first
        guard (1...16).contains(step), mask >> (step &- 1) == 0 else { break }
        mask |= 1 << (step &- 1)
        index &+= 1
      }
      information += [
        UInt8(truncatingIfNeeded: first >> 8), UInt8(truncatingIfNeeded: first),
        UInt8(truncatingIfNeeded: mask >> 8), UInt8(truncatingIfNeeded: mask),
      ]
    }
    return Feedback(
      layer: .transport, format: Self.format, sender: sender, media: media, information: information)
  }
}
