import Primitives

extension TransportFeedback {
  /// The message. Chunks are taken greedily: a run where it says at least as much as a vector, else 14 or 7 symbols.
  package var feedback: Feedback {
    let packets = deltas.prefix(Self.maximumPackets)
    var writer = ByteWriter(capacity: 16 &+ packets.count &* 2)
    writer.write(baseSequence)
    writer.write(UInt16(clamping: packets.count))
    writer.writeUInt24(UInt32(bitPattern: referenceTime) & 0xFF_FFFF)
    writer.write(number)
    var index = 0
    while index < packets.count { index &+= writeChunk(from: index, of: packets, to: &writer) }
    for delta in packets {
      guard let delta else { continue }
      if Self.symbol(delta) == 1 {
        writer.write(UInt8(truncatingIfNeeded: delta))
      } else {
        writer.write(UInt16(bitPattern: delta))
      }
    }
    while writer.count & 3 != 0 { writer.write(0 as UInt8) }
    return Feedback(
      layer: .transport, format: Self.format, sender: sender, media: media, information: writer.bytes)
  }

  private static func symbol(_ delta: Int16?) -> UInt16 {
    guard let delta else { return 0 }
    return (0...255).contains(delta) ? 1 : 2
  }

  /// Returns how many packets the chunk tells of.
  private func writeChunk(from start: Int, of packets: ArraySlice<Int16?>, to writer: inout ByteWriter) -> Int {
    let left = packets.count &- start
    let first = Self.symbol(packets[start])
    var run = 1
    while run < min(left, 0x1FFF), Self.symbol(packets[start &+ run]) == first { run &+= 1 }
    var short = 0
    while short < min(left, 14), Self.symbol(packets[start &+ short]) < 2 { short &+= 1 }
    if run >= min(left, 14) || run >= 7 && run > short {
      writer.write(first << 13 | UInt16(truncatingIfNeeded: run))
      return run
    }
    // Fewer than 14 small symbols may only end the list.
    if short == min(left, 14) {
      var chunk: UInt16 = 0x8000
      for index in 0..<short { chunk |= Self.symbol(packets[start &+ index]) << UInt16(13 &- index) }
      writer.write(chunk)
      return short
    }
    let count = min(left, 7)
    var chunk: UInt16 = 0xC000
    for index in 0..<count { chunk |= Self.symbol(packets[start &+ index]) << UInt16(12 &- 2 &* index) }
    writer.write(chunk)
    return count
  }
}
