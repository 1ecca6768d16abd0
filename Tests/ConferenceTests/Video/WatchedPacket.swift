import Primitives
import RTP

@testable import Conference

/// One packet as a watcher gets it.
struct WatchedPacket {
  var header: RTPHeader
  var sequence: Int64
  /// Nil for a packet of padding.
  var vp8: VP8Descriptor?
  var tag: VideoSender.Tag?
  var isKey = false

  /// All that a forwarder has queued for one stream, in order of sending; the queue is emptied.
  static func drain(_ forwarder: inout Forwarder, _ numbers: inout [UInt32: Extended<UInt16>]) throws -> [WatchedPacket]
  {
    var found: [WatchedPacket] = []
    for entry in forwarder.queue.entries {
      let octets = octets(forwarder.queue.packet(entry))
      let header = try RTPHeader.parse(octets.span)
      var number = numbers[header.ssrc] ?? Extended()
      let sequence = number.extend(header.sequence)
      numbers[header.ssrc] = number
      var packet = WatchedPacket(header: header, sequence: sequence)
      if header.payloadCount > 0 {
        let payload = octets[header.payloadRange]
        let mark = try VideoCodec.vp8.mark(Array(payload).span)
        packet.vp8 = mark.vp8
        packet.isKey = mark.startsKeyFrame
        packet.tag = VideoSender.tag(payload)
      }
      found.append(packet)
    }
    forwarder.queue.removeAll()
    return found
  }

  static func octets(_ span: Span<UInt8>) -> [UInt8] {
    var octets: [UInt8] = []
    for index in 0..<span.count { octets.append(span[index]) }
    return octets
  }
}
