import Primitives

extension RTCPCompound {
  /// One datagram of all packets. A compound packet starts with a report (RFC 3550, section 6.1): the caller sees to that.
  ///
  /// What the wire cannot say is cut: 31 blocks, chunks or sources a packet, 255 octets a text.
  package static func encode(_ packets: [RTCPPacket]) -> [UInt8] {
    var writer = ByteWriter(capacity: 128)
    for (index, packet) in packets.enumerated() {
      write(packet, to: &writer, isLast: index == packets.count - 1)
    }
    return writer.bytes
  }

  private static func write(_ packet: RTCPPacket, to writer: inout ByteWriter, isLast: Bool) {
    var body = ByteWriter(capacity: 64)
    let type: UInt8
    var count: UInt8 = 0
    switch packet {
    case .senderReport(let report):
      type = 200
      body.write(report.ssrc)
      body.write(report.ntp)
      body.write(report.timestamp)
      body.write(report.packetCount)
      body.write(report.octetCount)
      count = write(report.blocks, to: &body)
    case .receiverReport(let report):
      type = 201
      body.write(report.ssrc)
      count = write(report.blocks, to: &body)
    case .sourceDescription(let chunks):
      type = 202
      count = write(chunks, to: &body)
    case .bye(let goodbye):
      type = 203
      for ssrc in goodbye.ssrcs.prefix(31) { body.write(ssrc) }
      count = UInt8(clamping: min(31, goodbye.ssrcs.count))
      if let reason = goodbye.reason?.prefix(255) {
        body.write(UInt8(clamping: reason.count))
        body.write(reason)
      }
    case .app(let application):
      type = 204
      count = application.subtype
      body.write(application.ssrc)
      body.write(application.name)
      body.write(application.data)
    case .feedback(let feedback):
      type = feedback.layer.rawValue
      count = feedback.format
      body.write(feedback.sender)
      body.write(feedback.media)
      body.write(feedback.information)
    case .extendedReport(let report):
      type = 207
      body.write(report.ssrc)
      for block in report.blocks { write(block, to: &body) }
    case .unknown(let unknownType, let unknownCount, let octets):
      type = unknownType
      count = unknownCount
      body.write(octets)
    }
    var flags: UInt8 = 0x80
    if isLast, mayBePadded(packet), body.count & 3 != 0 {
      flags |= 0x20
      let padding = UInt8(4 &- body.count & 3)
      while body.count & 3 != 3 { body.write(0 as UInt8) }
      body.write(padding)
    } else {
      pad(&body)
    }
    writer.write(flags | (count & 0x1F))
    writer.write(type)
    writer.write(UInt16(clamping: body.count / 4))
    writer.write(body.bytes)
  }

  private static func write(_ blocks: [ReportBlock], to body: inout ByteWriter) -> UInt8 {
    for block in blocks.prefix(31) { block.write(to: &body) }
    return UInt8(clamping: min(31, blocks.count))
  }

  private static func write(_ chunks: [SourceDescription], to body: inout ByteWriter) -> UInt8 {
    for chunk in chunks.prefix(31) {
      body.write(chunk.ssrc)
      for item in chunk.items where item.type != 0 {
        let text = item.text.prefix(255)
        body.write(item.type)
        body.write(UInt8(clamping: text.count))
        body.write(text)
      }
      // At least one zero octet ends the list.
      body.write(0 as UInt8)
      pad(&body)
    }
    return UInt8(clamping: min(31, chunks.count))
  }

  private static func write(_ block: ExtendedReport.Block, to body: inout ByteWriter) {
    switch block {
    case .receiverReferenceTime(let ntp):
      body.write([4, 0, 0, 2])
      body.write(ntp)
    case .voipMetrics(let metrics):
      body.write([7, 0, 0, 8])
      metrics.write(to: &body)
    case .other(let type, let specific, let contents):
      body.write([type, specific])
      body.write(UInt16(clamping: (contents.count &+ 3) / 4))
      body.write(contents)
      pad(&body)
    }
  }

  /// Packets whose contents have no end of their own: only padding that counts itself keeps their length.
  private static func mayBePadded(_ packet: RTCPPacket) -> Bool {
    switch packet {
    case .app, .feedback, .unknown: true
    case .senderReport, .receiverReport, .sourceDescription, .bye, .extendedReport: false
    }
  }

  private static func pad(_ body: inout ByteWriter) {
    while body.count & 3 != 0 { body.write(0 as UInt8) }
  }
}
