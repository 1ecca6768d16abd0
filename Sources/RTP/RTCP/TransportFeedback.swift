/// Which packets of all streams came, and when; draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
/// Transport layer, format 15.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      base sequence number     |      packet status count      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                 reference time                | fb pkt. count |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |          packet chunk         |         packet chunk …        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   recv delta  |  recv delta …                   zero padding  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
/// A chunk: `0 SS run-length(13)` | `1 0 symbols(14 × 1 bit)` | `1 1 symbols(7 × 2 bits)`. Symbols: 0 did not come, 1 came,
/// with a delta of one octet (0 to 63.75 ms), 2 came, with a delta of two octets (signed).
package struct TransportFeedback: Hashable, Sendable {
  static let format: UInt8 = 15
  /// More packets than this in one message are an attack, not a report: a run of 8,191 costs two octets.
  package static let maximumPackets = 8_192
  /// Microseconds of a delta's unit, and of the reference time's.
  package static let tick: Int64 = 250
  package static let referenceTick: Int64 = 64_000

  package var sender: UInt32
  package var media: UInt32
  package var baseSequence: UInt16
  /// Units of 64 ms on the receiver's clock; 24 bits, signed.
  package var referenceTime: Int32
  /// Counts the messages, to see lost ones.
  package var number: UInt8
  /// For each packet from `baseSequence` on: when it came, in units of 250 µs after the one before that came (the first one
  /// after `referenceTime`); nil if it did not come.
  package var deltas: [Int16?]

  package init(
    sender: UInt32, media: UInt32, baseSequence: UInt16, referenceTime: Int32, number: UInt8, deltas: [Int16?]
  ) {
    self.sender = sender
    self.media = media
    self.baseSequence = baseSequence
    self.referenceTime = referenceTime
    self.number = number
    self.deltas = deltas
  }

  /// Nil for other feedback and for broken one.
  package init?(_ feedback: Feedback) {
    guard feedback.layer == .transport, feedback.format == Self.format, feedback.information.count >= 10 else {
      return nil
    }
    let octets = feedback.information.span
    let count = Int(RTPHeader.bigEndian16(octets, 2))
    guard count > 0, count <= Self.maximumPackets else { return nil }
    var symbols: [UInt8] = []
    symbols.reserveCapacity(count)
    var offset = 8
    while symbols.count < count {
      guard offset &+ 2 <= octets.count else { return nil }
      Self.read(RTPHeader.bigEndian16(octets, offset), count: count, into: &symbols)
      offset &+= 2
    }
    var deltas: [Int16?] = []
    deltas.reserveCapacity(count)
    for symbol in symbols {
      switch symbol {
      case 0: deltas.append(nil)
      case 1:
        guard offset < octets.count else { return nil }
        deltas.append(Int16(octets[offset]))
        offset &+= 1
      case 2:
        guard offset &+ 2 <= octets.count else { return nil }
        deltas.append(Int16(bitPattern: RTPHeader.bigEndian16(octets, offset)))
        offset &+= 2
      default: return nil  // reserved
      }
    }
    let time = Int32(octets[4]) << 16 | Int32(octets[5]) << 8 | Int32(octets[6])
    self.init(
      sender: feedback.sender, media: feedback.media, baseSequence: RTPHeader.bigEndian16(octets, 0),
      referenceTime: (time << 8) >> 8, number: octets[7], deltas: deltas)
  }

  private static func read(_ chunk: UInt16, count: Int, into symbols: inout [UInt8]) {
    if chunk & 0x8000 == 0 {
      let symbol = UInt8(truncatingIfNeeded: chunk >> 13 & 3)
      let run = min(Int(chunk & 0x1FFF), count &- symbols.count)
      for _ in 0..<run { symbols.append(symbol) }
      // A run of nothing must not keep us here: it costs its two octets.
    } else if chunk & 0x4000 == 0 {
      for index: UInt16 in 0..<14 where symbols.count < count {
        symbols.append(UInt8(truncatingIfNeeded: chunk >> (13 &- index) & 1))
      }
    } else {
      for index: UInt16 in 0..<7 where symbols.count < count {
        symbols.append(UInt8(truncatingIfNeeded: chunk >> (12 &- 2 &* index) & 3))
      }
    }
  }
}
