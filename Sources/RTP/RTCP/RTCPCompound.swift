import Primitives

/// Reads and writes whole RTCP datagrams; RFC 3550, section 6.1, and reduced-size ones, RFC 5506.
package enum RTCPCompound {
  /// More packets in one datagram than this is an attack, not a report.
  package static let maximumPackets = 64

  /// All packets of a datagram, or an error if any of them is broken: then nothing of it is used.
  package static func parse(_ datagram: Span<UInt8>) throws(RTCPError) -> [RTCPPacket] {
    var packets: [RTCPPacket] = []
    var offset = 0
    guard datagram.count >= 4 else { throw .truncated }
    while offset < datagram.count {
      guard packets.count < maximumPackets else { throw .tooMany }
      guard datagram.count &- offset >= 4 else { throw .truncated }
      let first = datagram[offset]
      guard first >> 6 == 2 else { throw .version }
      let size = (Int(RTPHeader.bigEndian16(datagram, offset &+ 2)) &+ 1) &* 4
      guard size <= datagram.count &- offset else { throw .truncated }
      var end = offset &+ size
      if first & 0x20 != 0 {
        // Only the last packet may be padded (section 6.4.1), by a multiple of 4 octets that its last octet counts.
        guard end == datagram.count else { throw .padding }
        let padding = Int(datagram[end &- 1])
        guard padding > 0, padding <= size &- 4 else { throw .padding }
        end &-= padding
      }
      let body = datagram.extracting((offset &+ 4)..<end)
      packets.append(try packet(type: datagram[offset &+ 1], count: first & 0x1F, body: body))
      offset &+= size
    }
    return packets
  }

  private static func packet(type: UInt8, count: UInt8, body: Span<UInt8>) throws(RTCPError) -> RTCPPacket {
    switch type {
    case 200: .senderReport(try senderReport(count: Int(count), body: body))
    case 201: .receiverReport(try receiverReport(count: Int(count), body: body))
    case 202: .sourceDescription(try sourceDescription(count: Int(count), body: body))
    case 203: .bye(try goodbye(count: Int(count), body: body))
    case 204: .app(try application(subtype: count, body: body))
    case 205: .feedback(try feedback(.transport, format: count, body: body))
    case 206: .feedback(try feedback(.payload, format: count, body: body))
    case 207: .extendedReport(try extendedReport(body: body))
    default: .unknown(type: type, count: count, body: octets(body, from: 0))
    }
  }

  private static func senderReport(count: Int, body: Span<UInt8>) throws(RTCPError) -> SenderReport {
    var reader = ByteReader(body)
    guard let ssrc = reader.readUInt32(), let ntp = reader.readUInt64(), let timestamp = reader.readUInt32(),
      let packetCount = reader.readUInt32(), let octetCount = reader.readUInt32()
    else { throw .truncated }
    return SenderReport(
      ssrc: ssrc, ntp: ntp, timestamp: timestamp, packetCount: packetCount, octetCount: octetCount,
      blocks: try reportBlocks(count, in: body, from: 24))
  }

  private static func receiverReport(count: Int, body: Span<UInt8>) throws(RTCPError) -> ReceiverReport {
    var reader = ByteReader(body)
    guard let ssrc = reader.readUInt32() else { throw .truncated }
    return ReceiverReport(ssrc: ssrc, blocks: try reportBlocks(count, in: body, from: 4))
  }

  private static func reportBlocks(
    _ count: Int, in body: Span<UInt8>, from start: Int
  ) throws(RTCPError) -> [ReportBlock] {
    guard start &+ count &* ReportBlock.size <= body.count else { throw .truncated }
    var blocks: [ReportBlock] = []
    for index in 0..<count {
      let offset = start &+ index &* ReportBlock.size
      guard let block = ReportBlock(body.extracting(offset..<(offset &+ ReportBlock.size))) else { throw .truncated }
      blocks.append(block)
    }
    return blocks
  }

  private static func sourceDescription(
    count: Int, body: Span<UInt8>
  ) throws(RTCPError) -> [SourceDescription] {
    var chunks: [SourceDescription] = []
    var reader = ByteReader(body)
    for _ in 0..<count {
      guard let ssrc = reader.readUInt32() else { throw .truncated }
      var items: [SourceDescription.Item] = []
      while true {
        guard let type = reader.readUInt8() else { throw .truncated }
        if type == 0 { break }
        guard let length = reader.readUInt8(), let text = reader.readBytes(Int(length)) else { throw .truncated }
        items.append(SourceDescription.Item(type: type, text: text))
      }
      // Chunks begin on 32-bit boundaries; some senders leave the last one short.
      _ = reader.skip(min((4 &- reader.offset & 3) & 3, reader.remaining))
      chunks.append(SourceDescription(ssrc: ssrc, items: items))
    }
    return chunks
  }

  private static func goodbye(count: Int, body: Span<UInt8>) throws(RTCPError) -> Goodbye {
    var reader = ByteReader(body)
    var ssrcs: [UInt32] = []
    for _ in 0..<count {
      guard let ssrc = reader.readUInt32() else { throw .truncated }
      ssrcs.append(ssrc)
    }
    guard let length = reader.readUInt8() else { return Goodbye(ssrcs: ssrcs) }
    guard let reason = reader.readBytes(Int(length)) else { throw .truncated }
    return Goodbye(ssrcs: ssrcs, reason: reason)
  }

  private static func application(subtype: UInt8, body: Span<UInt8>) throws(RTCPError) -> ApplicationDefined {
    var reader = ByteReader(body)
    guard let ssrc = reader.readUInt32(), let name = reader.readUInt32() else { throw .truncated }
    return ApplicationDefined(subtype: subtype, ssrc: ssrc, name: name, data: octets(body, from: 8))
  }

  private static func feedback(
    _ layer: Feedback.Layer, format: UInt8, body: Span<UInt8>
  ) throws(RTCPError) -> Feedback {
    var reader = ByteReader(body)
    guard let sender = reader.readUInt32(), let media = reader.readUInt32() else { throw .truncated }
    return Feedback(layer: layer, format: format, sender: sender, media: media, information: octets(body, from: 8))
  }

  private static func extendedReport(body: Span<UInt8>) throws(RTCPError) -> ExtendedReport {
    var reader = ByteReader(body)
    guard let ssrc = reader.readUInt32() else { throw .truncated }
    var blocks: [ExtendedReport.Block] = []
    while !reader.isAtEnd {
      guard blocks.count < maximumPackets else { throw .tooMany }
      guard let type = reader.readUInt8(), let specific = reader.readUInt8(), let words = reader.readUInt16() else {
        throw .truncated
      }
      let start = reader.offset
      guard reader.skip(Int(words) &* 4) else { throw .truncated }
      let contents = body.extracting(start..<reader.offset)
      var header = ByteReader(contents)
      if type == 4, words == 2, let ntp = header.readUInt64() {
        blocks.append(.receiverReferenceTime(ntp: ntp))
      } else if type == 7, words == 8, let metrics = VoIPMetricsBlock(contents) {
        blocks.append(.voipMetrics(metrics))
      } else {
        blocks.append(.other(type: type, specific: specific, contents: octets(contents, from: 0)))
      }
    }
    return ExtendedReport(ssrc: ssrc, blocks: blocks)
  }

  private static func octets(_ body: Span<UInt8>, from start: Int) -> [UInt8] {
    var reader = ByteReader(body)
    guard reader.skip(start) else { return [] }
    return reader.readBytes(reader.remaining) ?? []
  }
}
